/* How people prove who they are, as the configuration has it. */
#include "auth.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "config.h"
#include "json.h"
#include "jwt_verify.h"
#include "log.h"

static bool refuse(char *why, size_t why_size, const char *sentence)
{
    snprintf(why, why_size, "%s", sentence);
    return false;
}

/* Notes the permissions of a role that the configuration names. */
static bool find_role(const struct config *config, const char *setting, const char *name, unsigned *permissions,
                      char *why, size_t why_size)
{
    const struct rbac_role *role = rbac_find(&config->roles, name, strlen(name));
    if (role == NULL) {
        snprintf(why, why_size, "%s is \"%.100s\", and there is no role of this name below roles", setting, name);
        return false;
    }
    *permissions = role->permissions;
    return true;
}

static bool init_roles(struct auth *auth, const struct config *config, char *why, size_t why_size)
{
    auth->guests = config->auth_guests;
    auth->account = (struct account_rules){.issuer = config->jwt_issuer,
                                           .user_claim = config->jwt_user_claim,
                                           .name_claim = config->jwt_name_claim,
                                           .roles_claim = config->jwt_roles_claim,
                                           .keeps_user_ids = config->jwt_keep_user_ids,
                                           .roles = &config->roles};
    return find_role(config, "auth.guest_role", config->auth_guest_role, &auth->guest_permissions, why, why_size) &&
           (config->auth_default_role[0] == '\0' || find_role(config, "auth.default_role", config->auth_default_role,
                                                              &auth->account.default_permissions, why, why_size));
}

/* Which settings need which. */
static bool check_settings(const struct config *config, char *why, size_t why_size)
{
    bool has_key = config->jwt_key[0] != '\0';
    bool has_file = config->jwt_key_file[0] != '\0';
    if (config->jwt_algorithm[0] == '\0') {
        if (has_key || has_file)
            return refuse(why, why_size, "there is a key for tokens, but auth.jwt.algorithm is empty");
        return config->auth_guests ||
               refuse(why, why_size, "nobody could sign in: auth.guests is false, and auth.jwt.algorithm is empty");
    }
    if (has_key == has_file)
        return refuse(why, why_size,
                      has_key ? "auth.jwt.key and auth.jwt.key_file are both set; one of them is needed"
                              : "auth.jwt.algorithm is set, so auth.jwt.key_file or auth.jwt.key is needed");
    if (config->jwt_issuer[0] == '\0')
        return refuse(why, why_size, "auth.jwt.algorithm is set, so auth.jwt.issuer is needed: the iss of the tokens");
    if (config->jwt_audience[0] == '\0')
        return refuse(why, why_size,
                      "auth.jwt.algorithm is set, so auth.jwt.audience is needed: the aud of the tokens");
    return true;
}

_Static_assert(sizeof((struct config *)0)->jwt_issuer == JWT_TEXT_SIZE &&
                   sizeof((struct config *)0)->jwt_audience == JWT_TEXT_SIZE &&
                   sizeof((struct config *)0)->jwt_kid == JWT_TEXT_SIZE,
               "what the configuration takes has room in the rules");

static bool init_verifier(struct auth *auth, const struct config *config, char *why, size_t why_size)
{
    struct jwt_key key;
    struct jwt_rules rules = {.algorithm = JWT_HS256, .leeway = config->jwt_leeway};
    memcpy(rules.issuer, config->jwt_issuer, sizeof rules.issuer);
    memcpy(rules.audience, config->jwt_audience, sizeof rules.audience);
    memcpy(rules.kid, config->jwt_kid, sizeof rules.kid);
    if (strcmp(config->jwt_algorithm, "RS256") == 0)
        rules.algorithm = JWT_RS256;
    if (strcmp(config->jwt_algorithm, "ES256") == 0)
        rules.algorithm = JWT_ES256;
    if (!jwt_key_load(&key, rules.algorithm, config->jwt_key_file, config->jwt_key, why, why_size))
        return false;
    auth->verifier = jwt_verifier_new(&rules, &key);
    return auth->verifier != NULL || refuse(why, why_size, "out of memory");
}

bool auth_init(struct auth *auth, const struct config *config, char *why, size_t why_size)
{
    *auth = (struct auth){.lock = PTHREAD_RWLOCK_INITIALIZER};
    return init_roles(auth, config, why, why_size) && check_settings(config, why, why_size) &&
           (config->jwt_algorithm[0] == '\0' || init_verifier(auth, config, why, why_size));
}

void auth_clear(struct auth *auth)
{
    jwt_verifier_free(auth->verifier);
    *auth = (struct auth){0};
}

bool auth_may_follow(const struct auth *auth, const struct auth *newer, char *why, size_t why_size)
{
    if ((auth->verifier == NULL) != (newer->verifier == NULL))
        return refuse(why, why_size, "auth.jwt.algorithm: accounts can come and go with a restart alone");
    if (auth->verifier != NULL && strcmp(auth->account.issuer, newer->account.issuer) != 0)
        return refuse(why, why_size, "auth.jwt.issuer can change with a restart alone");
    return true;
}

void auth_follow(struct auth *auth, struct auth *newer)
{
    pthread_rwlock_wrlock(&auth->lock);
    struct jwt_verifier *old = auth->verifier;
    auth->verifier = newer->verifier;
    pthread_rwlock_unlock(&auth->lock);
    newer->verifier = old;
}

/* The claims of a token that is right; NULL, and a refusal or nothing to say, for any other. */
static struct json *verify(struct auth *auth, const char *token, size_t length, int64_t unix_now,
                           int64_t *unix_expires, const char **refusal)
{
    struct json *claims = NULL;
    pthread_rwlock_rdlock(&auth->lock);
    if (auth->verifier != NULL)
        claims = jwt_verify(auth->verifier, token, length, unix_now, unix_expires, refusal);
    pthread_rwlock_unlock(&auth->lock);
    return claims;
}

bool auth_read_token(struct auth *auth, const char *token, size_t length, struct account *account,
                     int64_t *expires)
{
    const char *refusal = NULL;
    int64_t unix_expires = 0;
    int64_t unix_now = clock_unix();
    struct json *claims = verify(auth, token, length, unix_now, &unix_expires, &refusal);
    bool is_verified = claims != NULL;
    if (is_verified)
        refusal = account_read(&auth->account, claims, account);
    json_free(claims);
    if (refusal != NULL)
        log_debug("token refused reason=%s", refusal);
    if (refusal != NULL || !is_verified)
        return false;
    *expires = clock_now() + (unix_expires - unix_now);
    return true;
}
