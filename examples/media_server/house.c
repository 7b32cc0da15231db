/* Accounts, friendships and films as constants; a real server asks its database. It must not know the hub. */
#include <stdio.h>
#include <string.h>

#include "house.h"

static const struct account accounts[] = {
    {"ana-key", "Ana", 1, 2, true},
    {"ben-key", "Ben", 2, 1, true},
    {"cleo-key", "Cleo", 3, 0, true},
    {"dora-key", "Dora", 4, 1, false}, /* a child: watches with Ana, and makes no parties */
};

static const struct {
    const char *title, *url;
} films[] = {{"Big Buck Bunny", "/films/1.mp4"}, {"Sintel", "/films/2.mp4"}};

enum { ACCOUNTS = sizeof accounts / sizeof *accounts, FILMS = sizeof films / sizeof *films };

/* The time that this takes does not tell how much of a key was right. */
static bool is_same(const char one[32], const char other[32])
{
    unsigned char differs = 0;
    for (size_t i = 0; i < 32; i++) {
        differs = (unsigned char)(differs | (one[i] ^ other[i]));
    }
    return differs == 0;
}

const struct account *house_account(const char *authorization)
{
    char given[32] = "";
    const struct account *found = NULL;
    if (authorization == NULL || sscanf(authorization, "Bearer %31s", given) != 1) {
        return NULL;
    }
    for (size_t i = 0; i < ACCOUNTS; i++) {
        found = is_same(given, accounts[i].key) ? &accounts[i] : found;
    }
    return found;
}

static syncplay_id id_of(uint8_t number)
{
    return (syncplay_id){{[15] = number}};
}

syncplay_user house_user(const struct account *account)
{
    return (syncplay_user){.struct_size = sizeof(syncplay_user), .id = id_of(account->number), .name = account->name};
}

static const struct account *account_of(const syncplay_id *user)
{
    for (size_t i = 0; i < ACCOUNTS; i++) {
        const syncplay_id id = id_of(accounts[i].number);
        if (syncplay_id_equal(&id, user)) {
            return &accounts[i];
        }
    }
    return NULL;
}

bool house_are_friends(const syncplay_id *one, const syncplay_id *other)
{
    const struct account *a = account_of(one);
    const struct account *b = account_of(other);
    return a != NULL && b != NULL && (a->friend == b->number || b->friend == a->number);
}

bool house_may(const syncplay_id *user, syncplay_permission permission)
{
    const struct account *account = account_of(user);
    return account != NULL && (account->may_create || permission != SYNCPLAY_PERMISSION_CREATE);
}

bool house_film(unsigned long number, syncplay_content *content)
{
    if (number < 1 || number > FILMS) {
        return false;
    }
    syncplay_content_default(content, sizeof *content);
    content->type = "movie";
    content->id = id_of((uint8_t)number);
    content->title = films[number - 1].title;
    content->url = films[number - 1].url;
    return true;
}

unsigned long house_film_number(const syncplay_content *content)
{
    return content->id.bytes[15];
}

const char *house_refuses(const syncplay_content *content)
{
    syncplay_content ours;
    const bool is_ours = house_film(house_film_number(content), &ours) && syncplay_id_equal(&ours.id, &content->id) &&
                         content->url != NULL && strcmp(content->url, ours.url) == 0;
    return is_ours ? NULL : "content_id and url must be those of a film of this server";
}
