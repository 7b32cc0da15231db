/* Roles: names that stand for permissions (syncplay/access.h). Knows no user, no token and no file. */
#ifndef SERVER_RBAC_H
#define SERVER_RBAC_H

#include <stdbool.h>
#include <stddef.h>

#include <syncplay/access.h>

#define RBAC_ROLES_MAX 32
/* The longest name of a role, with its zero byte. */
#define RBAC_NAME_SIZE 64

/* Permissions are bits; all that there are. */
#define RBAC_BIT(permission) (1u << (permission))
#define RBAC_ALL                                                                                                       \
    (RBAC_BIT(SYNCPLAY_PERMISSION_CREATE) | RBAC_BIT(SYNCPLAY_PERMISSION_JOIN) |                                       \
     RBAC_BIT(SYNCPLAY_PERMISSION_HOST_CONTROLS))

struct rbac_role {
    char name[RBAC_NAME_SIZE];
    unsigned permissions;
};

struct rbac {
    struct rbac_role roles[RBAC_ROLES_MAX];
    size_t count;
};

/* The two roles that are there from the start, `guest` and `user`, each with all permissions. */
void rbac_init(struct rbac *rbac);

/*
 * Makes a role, or changes what is there. `permissions` is a list of names, separated by commas or blanks; an empty one
 * is a role that may do nothing. False, with nothing changed and a sentence in `why`, for a name that is none, a
 * permission that is none, or too many roles.
 */
bool rbac_set(struct rbac *rbac, const char *name, const char *permissions, char *why, size_t why_size);

/* The role of this name, or NULL. `name` need not end with a zero byte. */
const struct rbac_role *rbac_find(const struct rbac *rbac, const char *name, size_t length);

#endif
