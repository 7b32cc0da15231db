/*
 * The main of a fuzz target where there is no fuzzer: runs it once with each file that is named, and with each file in
 * each folder that is named. Speaks TAP; a finding ends it at once.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned count;

static void replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(size ? size : 1);
    if (!file || !bytes || fread(bytes, 1, size, file) != size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    printf("# %s\n", path); /* before it runs: the last one is the finding */
    fflush(stdout);
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    count++;
}

static void replay(const char *path);

static void replay_folder(const char *path)
{
    struct dirent **names;
    int found = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        char inside[1000];
        snprintf(inside, sizeof inside, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            replay(inside);
        free(names[i]);
    }
    if (found >= 0)
        free(names);
}

static void replay(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        perror(path);
        exit(1);
    }
    if (S_ISDIR(status.st_mode))
        replay_folder(path);
    else
        replay_file(path, (size_t)status.st_size);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    if (count == 0)
        return 1; /* nothing was shown */
    printf("ok 1 - %u inputs\n1..1\n", count);
    return 0;
}
