/* The operator's socket. Knows the kernel's side of it. */
#include "admin_socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"

#define BACKLOG 8

_Static_assert(sizeof((struct sockaddr_un *)0)->sun_path == ADMIN_SOCKET_PATH_SIZE, "as admin_socket.h says");

bool admin_socket_path(const char *setting, const char *database, char path[ADMIN_SOCKET_PATH_SIZE], char *why,
                       size_t why_size)
{
    bool is_auto = strcmp(setting, "auto") == 0;
    int length = is_auto ? snprintf(path, ADMIN_SOCKET_PATH_SIZE, "%s.admin", database)
                         : snprintf(path, ADMIN_SOCKET_PATH_SIZE, "%s", setting);
    if (length < ADMIN_SOCKET_PATH_SIZE)
        return true;
    snprintf(why, why_size,
             "admin_socket: %.400s%s is longer than the %d bytes that a socket's path may have; "
             "set it to a shorter path, or to nothing",
             is_auto ? database : setting, is_auto ? ".admin" : "", ADMIN_SOCKET_PATH_SIZE - 1);
    return false;
}

static int open_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return address;
}

static void set_patience(int descriptor)
{
    struct timeval time = {.tv_sec = ADMIN_SOCKET_PATIENCE};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

int admin_socket_connect(const char *path)
{
    struct sockaddr_un address = address_of(path);
    int descriptor = open_socket();
    if (descriptor < 0)
        return -1;
    set_patience(descriptor);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0)
        return descriptor;
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

/* Makes way for a new socket: what a killed server has left goes; whatever else is there stays. */
static bool clear_place(const char *path, char *why, size_t why_size)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        if (errno == ENOENT)
            return true;
        snprintf(why, why_size, "admin_socket %s: %s", path, strerror(errno));
        return false;
    }
    if (!S_ISSOCK(status.st_mode)) {
        snprintf(why, why_size, "admin_socket %s: something else than a socket is there", path);
        return false;
    }
    int descriptor = admin_socket_connect(path);
    if (descriptor < 0 && errno == ECONNREFUSED && unlink(path) == 0)
        return true;
    snprintf(why, why_size, "admin_socket %s: %s", path,
             descriptor >= 0 ? "another server listens there" : strerror(errno));
    if (descriptor >= 0)
        close(descriptor);
    return false;
}

/* The mode is that of the descriptor, from the first moment on. */
static bool bind_and_listen(int descriptor, const char *path)
{
    struct sockaddr_un address = address_of(path);
    return fchmod(descriptor, 0600) == 0 && bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0 &&
           listen(descriptor, BACKLOG) == 0;
}

int admin_socket_listen(const char *path, char *why, size_t why_size)
{
    if (!clear_place(path, why, why_size))
        return -1;
    int descriptor = open_socket();
    if (descriptor >= 0 && bind_and_listen(descriptor, path))
        return descriptor;
    snprintf(why, why_size, "admin_socket %s: %s", path, strerror(errno));
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

/* First the file, so that nobody finds one at which nobody listens. */
void admin_socket_close(int listener, const char *path)
{
    unlink(path);
    close(listener);
}

static bool is_allowed(int descriptor)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    if (peer.uid == geteuid() || peer.uid == 0)
        return true;
    log_warn("an operator was refused who is another user uid=%u", (unsigned)peer.uid);
    return false;
}

int admin_socket_accept(int listener)
{
    int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (descriptor < 0)
        return -1;
    if (is_allowed(descriptor)) {
        set_patience(descriptor);
        return descriptor;
    }
    close(descriptor);
    return -1;
}
