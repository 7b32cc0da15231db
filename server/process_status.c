/* What this process takes. */
#include "process_status.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The descriptors, without "." and ".." and the one that lists them. */
static bool count_descriptors(uint64_t *count)
{
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        return false;
    uint64_t entries = 0;
    while (readdir(folder) != NULL)
        entries++;
    closedir(folder);
    *count = entries >= 3 ? entries - 3 : 0;
    return true;
}

/* The numbers of proc(5)'s stat that follow the program's name, which may hold blanks and brackets. */
static bool read_stat(struct process_status *status)
{
    char line[1024];
    FILE *stream = fopen("/proc/self/stat", "re");
    if (stream == NULL)
        return false;
    size_t length = fread(line, 1, sizeof line - 1, stream);
    fclose(stream);
    line[length] = '\0';
    const char *rest = strrchr(line, ')');
    long resident = 0;
    unsigned long threads = 0;
    unsigned long size = 0;
    if (rest == NULL ||
        sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %lu %*d %*u %lu %ld",
               &threads, &size, &resident) != 3)
        return false;
    status->threads = threads;
    status->virtual_bytes = size;
    status->resident_bytes = (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
    return true;
}

static int64_t microseconds(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

bool process_status_read(struct process_status *status)
{
    struct rusage usage;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &usage) != 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    status->cpu = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    status->max_descriptors = limit.rlim_cur;
    return count_descriptors(&status->open_descriptors) && read_stat(status);
}
