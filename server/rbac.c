/* Roles: names that stand for permissions. Pure. */
#include "rbac.h"

#include <stdio.h>
#include <string.h>

#define SEPARATORS ", \t"
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:"

static const syncplay_permission permissions_there_are[] = {SYNCPLAY_PERMISSION_CREATE, SYNCPLAY_PERMISSION_JOIN,
                                                            SYNCPLAY_PERMISSION_HOST_CONTROLS};
#define PERMISSIONS (sizeof permissions_there_are / sizeof permissions_there_are[0])

void rbac_init(struct rbac *rbac)
{
    *rbac = (struct rbac){.roles = {{"guest", RBAC_ALL}, {"user", RBAC_ALL}}, .count = 2};
}

/* Where the role of this name is; the count if there is none. */
static size_t index_of(const struct rbac *rbac, const char *name, size_t length)
{
    size_t i = 0;
    while (i < rbac->count && (strlen(rbac->roles[i].name) != length || memcmp(rbac->roles[i].name, name, length) != 0))
        i++;
    return i;
}

const struct rbac_role *rbac_find(const struct rbac *rbac, const char *name, size_t length)
{
    size_t index = index_of(rbac, name, length);
    return index < rbac->count ? &rbac->roles[index] : NULL;
}

/* The bit of a permission's name; 0 if it is none. */
static unsigned permission_bit(const char *name, size_t length)
{
    for (size_t i = 0; i < PERMISSIONS; i++) {
        const char *known = syncplay_permission_name(permissions_there_are[i]);
        if (strlen(known) == length && memcmp(known, name, length) == 0)
            return RBAC_BIT(permissions_there_are[i]);
    }
    return 0;
}

static bool read_permissions(const char *list, unsigned *permissions, char *why, size_t why_size)
{
    *permissions = 0;
    for (list += strspn(list, SEPARATORS); *list != '\0'; list += strspn(list, SEPARATORS)) {
        size_t length = strcspn(list, SEPARATORS);
        unsigned bit = permission_bit(list, length);
        if (bit == 0) {
            snprintf(why, why_size,
                     "must be a list of syncplay.create, syncplay.join and syncplay.host_controls, not \"%.*s\"",
                     length > 100 ? 100 : (int)length, list);
            return false;
        }
        *permissions |= bit;
        list += length;
    }
    return true;
}

bool rbac_set(struct rbac *rbac, const char *name, const char *permissions, char *why, size_t why_size)
{
    unsigned bits;
    size_t length = strlen(name);
    if (length == 0 || length >= RBAC_NAME_SIZE || strspn(name, NAME_CHARACTERS) != length) {
        snprintf(why, why_size, "must have a name of 1 to %d letters, digits and _ - . :", RBAC_NAME_SIZE - 1);
        return false;
    }
    if (!read_permissions(permissions, &bits, why, why_size))
        return false;
    size_t index = index_of(rbac, name, length);
    if (index == RBAC_ROLES_MAX) {
        snprintf(why, why_size, "is one role too many; there may be %d", RBAC_ROLES_MAX);
        return false;
    }
    rbac->count += index == rbac->count;
    snprintf(rbac->roles[index].name, sizeof rbac->roles[index].name, "%s", name);
    rbac->roles[index].permissions = bits;
    return true;
}
