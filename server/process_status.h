/* What this process takes, as Linux says it in /proc/self. */
#ifndef SERVER_PROCESS_STATUS_H
#define SERVER_PROCESS_STATUS_H

#include <stdbool.h>
#include <stdint.h>

struct process_status {
    int64_t cpu; /* microseconds, of all threads, in user mode and in the kernel */
    uint64_t resident_bytes;
    uint64_t virtual_bytes;
    uint64_t threads;
    uint64_t open_descriptors;
    uint64_t max_descriptors;
};

/* False where /proc does not say it. */
bool process_status_read(struct process_status *status);

#endif
