/* Accounts: who the claims of a verified token say that somebody is. Knows libcrypto, for ids by HMAC. */
#include "account.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "json.h"

/* The claim with a name that is tried when the configured one says nothing. */
#define OTHER_NAME_CLAIM "preferred_username"

/* A text claim at a dotted path, or NULL. */
static const char *find_text(const struct json *claims, const char *path)
{
    const char *text = NULL;
    const struct json *place = json_walk(claims, &path);
    return json_get_text(place, path, &text) == JSON_FOUND ? text : NULL;
}

/* --- The name ----------------------------------------------------------------------------------------------------- */

/* How many bytes the control character at `c` has; 0 if it is none. */
static size_t control_length(const unsigned char *c)
{
    if (*c < 0x20 || *c == 0x7f)
        return 1;
    return c[0] == 0xc2 && c[1] < 0xa0 ? 2 : 0;
}

/* Copies UTF-8 without control characters and without blanks around it, at most `size - 1` bytes and SYNCPLAY_NAME_MAX
 * characters. False if what is left is no name. */
static bool clean_name(char *name, size_t size, const char *text)
{
    size_t length = 0;
    size_t characters = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0';) {
        size_t control = control_length(c);
        bool begins = (*c & 0xc0) != 0x80;
        if (control > 0 || (*c == ' ' && length == 0)) {
            c += control > 0 ? control : 1;
            continue;
        }
        characters += begins;
        if (characters > SYNCPLAY_NAME_MAX || length + 1 == size)
            break;
        name[length++] = (char)*c++;
    }
    while (length > 0 && name[length - 1] == ' ')
        length--;
    name[length] = '\0';
    return syncplay_name_is_valid(name);
}

static bool read_name(const struct account_rules *rules, const struct json *claims, struct account *account)
{
    const char *candidates[] = {find_text(claims, rules->name_claim), find_text(claims, OTHER_NAME_CLAIM),
                                account->subject};
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++)
        if (candidates[i] != NULL && clean_name(account->name, sizeof account->name, candidates[i]))
            return true;
    return false;
}

/* --- The id ------------------------------------------------------------------------------------------------------- */

#define DERIVED_VERSION 8

/* False when out of memory. */
static bool derive_id(const struct account_rules *rules, const char *subject, syncplay_id *id)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    char both[ACCOUNT_ISSUER_SIZE + ACCOUNT_SUBJECT_SIZE];
    /* An issuer has no control characters. */
    int length = snprintf(both, sizeof both, "%s\n%s", rules->issuer, subject);
    if (HMAC(EVP_sha256(), rules->secret, ACCOUNT_SECRET_SIZE, (const unsigned char *)both, (size_t)length, hash,
             NULL) == NULL)
        return false;
    memcpy(id->bytes, hash, sizeof id->bytes);
    id->bytes[6] = (uint8_t)((id->bytes[6] & 0x0f) | DERIVED_VERSION << 4);
    id->bytes[8] = (uint8_t)((id->bytes[8] & 0x3f) | 0x80);
    return true;
}

/* NULL, or why there is none. A subject that could be the id of another one is nobody's. */
static const char *read_id(const struct account_rules *rules, const char *subject, syncplay_id *id)
{
    if (!rules->keeps_user_ids || !syncplay_id_parse(subject, strlen(subject), id))
        return derive_id(rules, subject, id) ? NULL : "there is no memory for its id";
    return id->bytes[6] >> 4 == DERIVED_VERSION
               ? "its user claim is a UUID of version 8, which this server makes itself"
               : NULL;
}

static bool read_subject(const struct account_rules *rules, const struct json *claims, struct account *account)
{
    const char *subject = find_text(claims, rules->user_claim);
    if (subject == NULL || subject[0] == '\0' || strlen(subject) >= sizeof account->subject)
        return false;
    memcpy(account->subject, subject, strlen(subject) + 1);
    return true;
}

/* --- The roles ---------------------------------------------------------------------------------------------------- */

struct found_roles {
    const struct rbac *roles;
    unsigned permissions;
    bool any;
};

static void add_named(struct found_roles *found, const char *name, size_t length)
{
    const struct rbac_role *role = rbac_find(found->roles, name, length);
    if (role != NULL) {
        found->permissions |= role->permissions;
        found->any = true;
    }
}

/* An element of an array is one name, blanks and all: "film fans admin" makes nobody an admin. */
static bool add_element(void *arg, const char *name)
{
    add_named(arg, name, strlen(name));
    return false; /* and on to the next */
}

/* A claim that is one text has several names, with blanks between. */
static void add_words(struct found_roles *found, const char *names)
{
    for (names += strspn(names, " "); *names != '\0'; names += strspn(names, " ")) {
        size_t length = strcspn(names, " ");
        add_named(found, names, length);
        names += length;
    }
}

static unsigned read_permissions(const struct account_rules *rules, const struct json *claims)
{
    struct found_roles found = {.roles = rules->roles};
    const char *path = rules->roles_claim;
    const struct json *place = json_walk(claims, &path);
    const char *names = NULL;
    if (json_get_text(place, path, &names) == JSON_FOUND)
        add_words(&found, names);
    else
        json_any_text(place, path, add_element, &found);
    return found.any ? found.permissions : rules->default_permissions;
}

const char *account_read(const struct account_rules *rules, const struct json *claims, struct account *account)
{
    if (!read_subject(rules, claims, account))
        return "its user claim is missing, empty, or longer than 255 bytes";
    if (!read_name(rules, claims, account))
        return "its user claim has nothing to see in it";
    account->permissions = read_permissions(rules, claims);
    return read_id(rules, account->subject, &account->id);
}

_Static_assert(ACCOUNT_SUBJECT_SIZE == 256, "the sentence above says 255 bytes");
