/*
 * The party's network: letters that take their time, connections that are lost and made again, the server's own pings.
 */
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "server.h"

#define RETRY_FIRST (500 * MILLISECOND)
#define RETRY_MOST (8 * SECOND)
#define PING_EVERY (5 * SECOND)

static bool is_cut(const struct party *party, const struct member *member)
{
    return party->world.now < member->cut_until;
}

/* --- Letters */

static struct letter *letter_of(struct member *member, uint64_t connection, const char *bytes, size_t length)
{
    struct letter *letter = malloc(sizeof *letter + length);
    if (!letter)
        abort();
    *letter = (struct letter){.member = member, .connection = connection, .length = length};
    memcpy(letter->bytes, bytes, length);
    return letter;
}

static void arrive_up(void *subject, int64_t argument)
{
    struct letter *letter = subject;
    struct party *party = letter->member->party;
    (void)argument;
    if (letter->connection == letter->member->accepted && !is_cut(party, letter->member))
        server_receive(party, letter->connection, letter->bytes, letter->length);
    free(letter);
}

static void arrive_down(void *subject, int64_t argument)
{
    struct letter *letter = subject;
    struct member *member = letter->member;
    (void)argument;
    if (member->is_here && letter->connection == member->connection && !is_cut(member->party, member))
        member_receive(member, letter);
    else
        free(letter);
}

void party_send_up(struct party *party, struct member *member, const char *bytes, size_t length)
{
    int64_t now = party->world.now;
    if (member->connection && !is_cut(party, member))
        world_plan(&party->world, link_arrival(&member->up, now), arrive_up,
                   letter_of(member, member->connection, bytes, length), 0);
}

void network_send_down(struct party *party, uint64_t connection, const char *bytes, size_t length)
{
    struct member *member = &party->members[connection % PARTY_MEMBERS];
    if (!is_cut(party, member))
        world_plan(&party->world, link_arrival(&member->down, party->world.now), arrive_down,
                   letter_of(member, connection, bytes, length), 0);
}

void network_free(struct party *party)
{
    for (size_t i = 0; i < party->world.count; i++)
        if (party->world.events[i].action == arrive_up || party->world.events[i].action == arrive_down)
            free(party->world.events[i].subject);
}

/* --- The server's pings, as WebSocket has them: answered by the machine, not by the strategy */

static void pong_arrives(void *subject, int64_t sent)
{
    struct member *member = subject;
    if (!is_cut(member->party, member) && sent >= member->accepted_at)
        server_round_trip(member->party, member->accepted, member->party->world.now - sent);
}

static void ping_arrives(void *subject, int64_t sent)
{
    struct member *member = subject;
    struct world *world = &member->party->world;
    if (!is_cut(member->party, member) && !member->is_asleep)
        world_plan(world, link_arrival(&member->up, world->now), pong_arrives, member, sent);
}

static void ping(void *subject, int64_t connection)
{
    struct member *member = subject;
    struct world *world = &member->party->world;
    int64_t age = world->now - member->accepted_at;
    if ((uint64_t)connection != member->accepted)
        return;
    if (!is_cut(member->party, member))
        world_plan(world, link_arrival(&member->down, world->now), ping_arrives, member, world->now);
    world_plan(world,
               world->now + (age < 300 * MILLISECOND ? 300 * MILLISECOND
                             : age < SECOND          ? 600 * MILLISECOND
                                                     : PING_EVERY),
               ping, member, connection);
}

/* --- Connections */

static void try_again(void *subject, int64_t argument)
{
    struct member *member = subject;
    (void)argument;
    if (member->is_here && !member->connection)
        party_connect(member->party, member);
}

static void retry(struct member *member)
{
    struct world *world = &member->party->world;
    int64_t pause = RETRY_FIRST << (member->attempts < 5 ? member->attempts : 5);
    member->attempts++;
    pause = pause < RETRY_MOST ? pause : RETRY_MOST;
    world_plan(world, world->now + (int64_t)((double)pause * chance_between(&member->chance, 0.5, 1.5)), try_again,
               member, 0);
}

/* The member learns that its connection stands. */
static void stands(void *subject, int64_t connection)
{
    struct member *member = subject;
    struct world *world = &member->party->world;
    if (member->is_asleep) {
        world_plan(world, world->now + 500 * MILLISECOND, stands, member, connection);
    } else if (member->is_here && (uint64_t)connection == member->accepted) {
        member->connection = member->accepted;
        member_connected(member);
    } else if (member->is_here && !member->connection) {
        retry(member);
    }
}

/* The server accepts, if it is there and the network too. */
static void accept(void *subject, int64_t argument)
{
    struct member *member = subject;
    struct party *party = member->party;
    struct world *world = &party->world;
    (void)argument;
    if (!party->hub || is_cut(party, member) || !member->is_here) {
        retry(member);
        return;
    }
    member->accepted = ++party->connections * PARTY_MEMBERS + member->index;
    member->accepted_at = world->now;
    server_accept(party, member);
    world_plan(world, link_arrival(&member->down, world->now), stands, member, (int64_t)member->accepted);
    world_plan(world, world->now + 100 * MILLISECOND, ping, member, (int64_t)member->accepted);
}

/* TCP, TLS and the WebSocket's handshake take two and a half round trips. */
void party_connect(struct party *party, struct member *member)
{
    int64_t up = member->up.kind.delay, down = member->down.kind.delay;
    world_plan(&party->world, party->world.now + 3 * up + 2 * down, accept, member, 0);
}

static void member_notices(void *subject, int64_t connection)
{
    struct member *member = subject;
    if (!member->is_here || member->connection != (uint64_t)connection)
        return;
    member->connection = 0;
    member_lost(member);
    retry(member);
}

static void server_notices(void *subject, int64_t connection)
{
    struct member *member = subject;
    server_disconnect(member->party, (uint64_t)connection);
    if (member->accepted == (uint64_t)connection)
        member->accepted = 0;
}

void network_drop(struct party *party, struct member *member, int64_t member_after, int64_t server_after)
{
    if (member->connection)
        world_plan(&party->world, party->world.now + member_after, member_notices, member, (int64_t)member->connection);
    if (member->accepted)
        world_plan(&party->world, party->world.now + server_after, server_notices, member, (int64_t)member->accepted);
}

/* Both ends need a while to notice. */
void party_cut(struct party *party, struct member *member, int64_t duration)
{
    int64_t most = duration < 3 * SECOND ? duration : 3 * SECOND;
    party_say(party, member, "is cut off for %.1f s", (double)duration / 1e6);
    member->cut_until = party->world.now + duration;
    network_drop(party, member, (int64_t)chance_between(&party->chance, 50e3, (double)most),
                 (int64_t)chance_between(&party->chance, 50e3, (double)most));
}
