/* The mail boxes: one piece of memory each, of one size. Who calls these has the lock. */
#include <stdlib.h>
#include <string.h>

#include "mail.h"

struct mail *mail_open(struct mails *mails, uint64_t owner, int64_t now)
{
    size_t slot = 0;
    while (slot < MAX_CONNECTIONS && mails->slots[slot] != NULL) {
        slot++;
    }
    struct mail *mail = slot < MAX_CONNECTIONS ? calloc(1, sizeof *mail) : NULL;
    if (mail != NULL) {
        mail->connection = ++mails->opened * MAX_CONNECTIONS + slot;
        mail->owner = owner;
        mail->asked_at = now;
        mails->slots[slot] = mail;
    }
    return mail;
}

void mail_close(struct mails *mails, struct mail *mail)
{
    mails->slots[mail->connection % MAX_CONNECTIONS] = NULL;
    free(mail);
}

struct mail *mail_of(const struct mails *mails, uint64_t connection)
{
    struct mail *mail = mails->slots[connection % MAX_CONNECTIONS];
    return mail != NULL && mail->connection == connection ? mail : NULL;
}

void mail_add(struct mail *mail, const char *bytes, size_t length)
{
    if (mail->is_lost || length + 1 > MAX_MAIL - mail->length) {
        mail->is_lost = true;
        return;
    }
    memcpy(mail->bytes + mail->length, bytes, length);
    mail->bytes[mail->length + length] = '\n';
    mail->length += length + 1;
}

bool mail_have(struct mail *mail, uint64_t from)
{
    if (from < mail->start || from - mail->start > mail->length) {
        return false;
    }
    const size_t read = (size_t)(from - mail->start);
    mail->start = from;
    mail->length -= read;
    memmove(mail->bytes, mail->bytes + read, mail->length);
    return true;
}
