/* The media folder: what is served, and what is not, whatever the path says. */
// needs: server/media.o
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
#include <unistd.h>

#include "../../server/media.h"

static char top[64];  /* holds the root, and a secret beside it */
static char root[96]; /* top/films */

static void make(const char *path, bool folder)
{
    char full[PATH_MAX];
    snprintf(full, sizeof full, "%s/%s", top, path);
    if (folder) {
        assert_int_equal(mkdir(full, 0755), 0);
        return;
    }
    FILE *stream = fopen(full, "wb");
    assert_non_null(stream);
    fputs("bytes", stream);
    fclose(stream);
}

static void make_link(const char *target, const char *path)
{
    char full[PATH_MAX];
    char full_target[PATH_MAX];
    snprintf(full, sizeof full, "%s/%s", top, path);
    snprintf(full_target, sizeof full_target, "%s/%s", top, target);
    assert_int_equal(symlink(full_target, full), 0);
}

static int set_up(void **state)
{
    (void)state;
    static const char *const folders[] = {"films", "films/b", "films/.hidden", "films-2", "films/folder.mp4"};
    static const char *const files[] = {
        "secret.mp4",     "films/z.mp4",          "films/A.MKV",         "films/notes.txt", "films/none",
        "films/.dot.mp4", "films/b/deep one.mp4", "films/.hidden/x.mp4", "films-2/x.mp4",   "films/b/words.vtt"};
    snprintf(top, sizeof top, "/tmp/test_media.XXXXXX");
    if (!mkdtemp(top))
        return -1;
    snprintf(root, sizeof root, "%s/films", top);
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        make(folders[i], true);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        make(files[i], false);
    make_link("films/z.mp4", "films/good link.mp4");
    make_link("secret.mp4", "films/link out.mp4");
    make_link("films/notes.txt", "films/link to text.mp4");
    make_link("films-2", "films/folder out");
    make_link("films", "films/b/circle");
    make_link("nothing.mp4", "films/broken.mp4");
    char path[64] = "films";
    for (int i = 0; i < 10; i++) {
        strcat(path, "/d");
        make(path, true);
        char film[80];
        snprintf(film, sizeof film, "%s/%d.mp4", path, i);
        make(film, false);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[96];
    snprintf(command, sizeof command, "rm -r %s", top);
    return system(command);
}

static void test_what_is_served(void **state)
{
    (void)state;
    static const char *const paths[] = {"z.mp4",       "A.MKV",         "b/deep one.mp4",
                                        "b/words.vtt", "good link.mp4", "d/d/d/d/d/d/d/d/d/d/9.mp4"};
    char file[PATH_MAX];
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (!media_resolve(root, paths[i], file, sizeof file))
            fail_msg("not served: %s", paths[i]);
        assert_memory_equal(file, root, strlen(root));
    }
    assert_true(media_resolve(root, "good link.mp4", file, sizeof file));
    assert_string_equal(file + strlen(root), "/z.mp4");
}

static void test_what_is_not_served(void **state)
{
    (void)state;
    static const char *const paths[] = {"",
                                        "/",
                                        "z.mp4/",
                                        "nothing.mp4",
                                        "notes.txt",
                                        "none",
                                        ".dot.mp4",
                                        "../secret.mp4",
                                        "b/../z.mp4",
                                        "b/../../secret.mp4",
                                        "./z.mp4",
                                        "/z.mp4",
                                        ".hidden/x.mp4",
                                        "link out.mp4",
                                        "folder out/x.mp4",
                                        "link to text.mp4",
                                        "broken.mp4",
                                        "folder.mp4",
                                        "../films-2/x.mp4",
                                        "b",
                                        "/etc/passwd"};
    char file[PATH_MAX];
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (media_resolve(root, paths[i], file, sizeof file))
            fail_msg("served: %s", paths[i]);
    assert_false(media_resolve("", "z.mp4", file, sizeof file));
    assert_false(media_resolve("/nowhere", "z.mp4", file, sizeof file));
    assert_false(media_resolve(root, "z.mp4", file, 8));
}

static void test_types(void **state)
{
    (void)state;
    assert_string_equal(media_type("/a/b.mp4"), "video/mp4");
    assert_string_equal(media_type("b.WebM"), "video/webm");
    assert_string_equal(media_type("a.vtt"), "text/vtt; charset=utf-8");
    assert_string_equal(media_type("/a.mp4/b"), "application/octet-stream");
    assert_string_equal(media_type("b.JPEG"), "image/jpeg");
    assert_int_equal(media_use_of("b.JPEG"), MEDIA_IMAGE);
    assert_int_equal(media_use_of("b.ts"), MEDIA_PIECE);
    assert_int_equal(media_use_of("b.svg"), MEDIA_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_served),
        cmocka_unit_test(test_what_is_not_served),
        cmocka_unit_test(test_types),
    };
    return cmocka_run_group_tests_name("media", tests, set_up, tear_down);
}
