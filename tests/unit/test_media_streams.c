/* Which playlists are films, and which are parts of one. */
// needs: server/media_streams.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../server/media_streams.h"

#define VARIANT "#EXT-X-STREAM-INF:BANDWIDTH=1\n"
#define PIECES "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n0.ts\n"

static char root[64];

/* A file with that text; or a folder, if there is none. */
static void make(const char *path, const char *text)
{
    char full[PATH_MAX];
    snprintf(full, sizeof full, "%s/%s", root, path);
    if (!text) {
        assert_int_equal(mkdir(full, 0755), 0);
        return;
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "/tmp/test_media_streams.XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[96];
    snprintf(command, sizeof command, "rm -r %s", root);
    return system(command);
}

/* The films that are left, each with a blank behind it. */
static const char *films(void)
{
    static char told[1024];
    struct media_files files = {0};
    media_files_find(&files, root);
    media_streams_mark(&files, root);
    told[0] = '\0';
    for (size_t i = 0; i < files.count; i++)
        if (files.items[i].use == MEDIA_FILM) {
            strcat(told, files.items[i].path);
            strcat(told, " ");
        }
    media_files_free(&files);
    return told;
}

static void test_variants(void **state)
{
    (void)state;
    make("s", NULL);
    make("s/low end", NULL);
    make("s/sound", NULL);
    make("above.m3u8", PIECES);
    make("s/720p.m3u8", PIECES);
    make("s/low end/index.M3U8", PIECES);
    make("s/sound/de.m3u8", PIECES);
    make("s/other.m3u8", PIECES);
    make("s/film.mp4", "");
    assert_string_equal(films(), "above.m3u8 s/720p.m3u8 s/film.mp4 s/low end/index.M3U8 s/other.m3u8 s/sound/de.m3u8 ");
    make("s/master.m3u8", "#EXTM3U\r\n#EXT-X-MEDIA:TYPE=AUDIO,URI=\"sound/de.m3u8\",NAME=\"Deutsch\"\r\n" VARIANT
                          "./720p.m3u8\r\n" VARIANT "low%20end/index.M3U8?key=1#here\n" VARIANT
                          "https://films.example/s/other.m3u8\n" VARIANT "/s/other.m3u8\n" VARIANT "../above.m3u8\n" VARIANT
                          "../s/other.m3u8\n" VARIANT "film.mp4\n" VARIANT "%zzother.m3u8\n# other.m3u8\n\n" VARIANT
                          "nothing.m3u8");
    assert_string_equal(films(), "above.m3u8 s/film.mp4 s/master.m3u8 s/other.m3u8 ");
}

/* Only a master playlist takes others in, and none is taken in itself. */
static void test_others(void **state)
{
    (void)state;
    make("list.m3u8", "#EXTM3U\nalone.m3u8\n");
    make("pieces.m3u8", "#EXTM3U\n#EXTINF:2,\nalone.m3u8\n" VARIANT "alone.m3u8\n");
    make("alone.m3u8", PIECES);
    make("empty.m3u8", "");
    make("a.m3u8", VARIANT "b.m3u8\n" VARIANT "a.m3u8\n");
    make("b.m3u8", VARIANT "a.m3u8\n");
    assert_string_equal(films(), "a.m3u8 alone.m3u8 b.m3u8 empty.m3u8 list.m3u8 pieces.m3u8 ");
}

/* A long playlist is read so far, and no further. */
static void test_limits(void **state)
{
    (void)state;
    char text[4 * MEDIA_PLAYLIST_LINES_MAX + 64] = VARIANT;
    for (int i = 0; i < MEDIA_PLAYLIST_LINES_MAX - 2; i++)
        strcat(text, "#\n");
    strcat(text, "in.m3u8\nout.m3u8\n");
    make("long.m3u8", text);
    make("in.m3u8", PIECES);
    make("out.m3u8", PIECES);
    assert_string_equal(films(), "long.m3u8 out.m3u8 ");
    char *line = calloc(1, 2 * MEDIA_PLAYLIST_LINE_MAX);
    assert_non_null(line);
    memset(line, '/', 2 * MEDIA_PLAYLIST_LINE_MAX - 1);
    memcpy(line, VARIANT, strlen(VARIANT));
    make("wide.m3u8", line);
    free(line);
    assert_string_equal(films(), "long.m3u8 out.m3u8 wide.m3u8 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_variants, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("media streams", tests, NULL, NULL);
}
