/*
 * What this server has anyway: accounts with keys, friendships, films. All that the library asks a host application is
 * answered here. It must not know of parties, HTTP or files.
 */
#ifndef HOUSE_H
#define HOUSE_H

#include <stdbool.h>

#include <syncplay/syncplay.h>

struct account {
    char key[32]; /* the rest is zeros */
    const char *name;
    uint8_t number;
    uint8_t friend; /* the number of one; friendship goes both ways */
    bool may_create;
};

/* The account that an Authorization header proves; NULL if none does. */
const struct account *house_account(const char *authorization);

/* The account as a user of the library. Our numbers are the last byte of its ids. */
syncplay_user house_user(const struct account *account);

bool house_are_friends(const syncplay_id *one, const syncplay_id *other);
bool house_may(const syncplay_id *user, syncplay_permission permission);

/* Fills in what a party watches who watches this film; false if there is no such film. */
bool house_film(unsigned long number, syncplay_content *content);

unsigned long house_film_number(const syncplay_content *content);

/* Why this may not be watched, or NULL: nothing but our own films goes to our users' players. */
const char *house_refuses(const syncplay_content *content);

#endif
