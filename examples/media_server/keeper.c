/* Ticks, hangs up, saves: all with the lock, but for writing to the disk. */
#include <stdio.h>

#include "keeper.h"
#include "shelf.h"

#define IDLE (30 * SECOND)
#define HEARTBEAT SECOND /* how often it is written down that the server lives */

/* The disk is slow, so others have the lock meanwhile; a party that they end must not come back by that. */
static void save_party(struct server *server, const syncplay_id *party, char *buffer)
{
    size_t length;
    if (syncplay_hub_save(server->hub, server_now(), party, 0, buffer, MAX_PARTY, &length) != SYNCPLAY_OK) {
        return;
    }
    pthread_mutex_unlock(&server->lock);
    if (!shelf_put(server->folder, party, buffer, length)) {
        perror("a party was not saved");
    }
    pthread_mutex_lock(&server->lock);
    syncplay_session_info info = {.struct_size = sizeof info};
    if (syncplay_hub_session(server->hub, server_now(), party, &info) == SYNCPLAY_ERROR_NOT_FOUND) {
        shelf_remove(server->folder, party);
    }
}

static void hang_up_idle(struct server *server)
{
    for (size_t slot = 0; slot < MAX_CONNECTIONS; slot++) {
        struct mail *mail = server->mails.slots[slot];
        if (mail != NULL && (mail->is_lost || mail->asked_at + IDLE < server_now())) {
            server_hang_up(server, mail);
        }
    }
}

void keeper_run(struct server *server, char *buffer)
{
    int64_t beat = 0;
    pthread_mutex_lock(&server->lock);
    while (!server->is_over) {
        syncplay_id party;
        syncplay_hub_tick(server->hub, server_now());
        hang_up_idle(server);
        pthread_cond_broadcast(&server->stirred); /* there may be mail */
        while (syncplay_hub_take_changed(server->hub, &party, 1) == 1) {
            save_party(server, &party, buffer);
        }
        if (beat <= server_now()) {
            shelf_beat(server->folder);
            beat = server_now() + HEARTBEAT;
        }
        const int64_t deadline = syncplay_hub_deadline(server->hub);
        server_wait(server, deadline < beat ? deadline : beat);
    }
    pthread_cond_broadcast(&server->stirred);
    pthread_mutex_unlock(&server->lock);
}
