/* The list of the films: which there are, and what lies beside them, by names alone. */
// needs: server/media_list.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../server/media_list.h"

/* An evening's collection; a name with a slash at its end is a folder. */
static const char *const tree[] = {
    "b/", "b/Subs/", "d/", "d/subs/", "e/", ".hidden/", "outside/", "Subs/", "b.mp4/",
    /* what belongs to a film, in the ways that people call it */
    "b/film.mp4", "b/film.srt", "b/film.de.forced.vtt", "b/film.en-US.srt", "b/film.jpg", "b/poster.png",
    "b/Subs/film.fr.SRT", "b/Subs/other.srt", "b/Subs/film.txt", "b/film.txt", "b/filmed.srt",
    /* one whose name begins like another's, and has a picture of its own */
    "b/film.2.mkv", "b/film.2.srt", "b/film.2.de.srt", "b/film.2-poster.webp",
    /* only the folder's picture, in another case of the ending; and the folder's other name */
    "d/one.webm", "d/cover.JPEG", "d/poster.svg", "d/subs/one.Director's cut.vtt",
    /* nothing, and much that looks like something */
    "e/x.mp4", "e/x.poster.jpg", "e/y.srt", "e/.x.srt", "e/stream.ts", "e/piece.m4s", "e/sound.aac",
    "z.mp3", "Subs/film.es.srt", "A.MKV", ".dot.mp4", ".hidden/x.mp4", "outside/x.mp4", "outside/secret.srt",
    "outside/secret.jpg",
};

static char top[64];
static char root[96]; /* holds all of it but outside/, which lies beside */

static void make(const char *path)
{
    char full[PATH_MAX];
    bool is_outside = strncmp(path, "outside/", 8) == 0;
    snprintf(full, sizeof full, "%s/%s", is_outside ? top : root, path);
    if (full[strlen(full) - 1] == '/') {
        assert_int_equal(mkdir(full, 0755), 0);
        return;
    }
    int file = open(full, O_WRONLY | O_CREAT | O_EXCL, 0644);
    assert_int_equal(write(file, "bytes", 5), 5);
    const struct timespec times[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000, .tv_nsec = 5000}};
    assert_int_equal(futimens(file, times), 0);
    close(file);
}

static void make_link(const char *target, const char *path)
{
    char full[PATH_MAX];
    snprintf(full, sizeof full, "%s/%s", root, path);
    assert_int_equal(symlink(target, full), 0);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(top, sizeof top, "/tmp/test_media_list.XXXXXX");
    if (!mkdtemp(top))
        return -1;
    snprintf(root, sizeof root, "%s/films", top);
    assert_int_equal(mkdir(root, 0755), 0);
    for (size_t i = 0; i < sizeof tree / sizeof *tree; i++)
        make(tree[i]);
    make_link("../z.mp3", "e/link.mp3");
    make_link("../../outside/x.mp4", "e/out.mp4");
    make_link("../../outside/secret.srt", "e/x.srt");
    make_link("../../outside/secret.jpg", "e/x.jpg");
    make_link("../b", "e/circle");
    char deep[64] = "d";
    for (int i = 0; i < 9; i++) {
        char film[96];
        strcat(deep, "/d/");
        make(deep);
        deep[strlen(deep) - 1] = '\0';
        snprintf(film, sizeof film, "%s/%d.ogv", deep, i + 2);
        make(film);
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

/* Films as "path[poster](subtitles language label,...);", one after another. */
static char told[8192];

static void tell(void *arg, const struct media_film *film)
{
    (void)arg;
    FILE *stream = fmemopen(told + strlen(told), sizeof told - strlen(told), "w");
    assert_int_equal(film->file->bytes, 5);
    assert_int_equal(film->file->modified, INT64_C(1700000000000005));
    fprintf(stream, "%s", film->file->path);
    if (film->poster)
        fprintf(stream, "[%s]", film->poster);
    for (size_t i = 0; i < film->subtitles_count; i++)
        fprintf(stream, "%s%s %s %s%s", i == 0 ? "(" : "", film->subtitles[i].path, film->subtitles[i].name.language,
                film->subtitles[i].name.label, i + 1 < film->subtitles_count ? "," : ")");
    fprintf(stream, ";");
    fclose(stream);
}

static const char *all(size_t limit)
{
    told[0] = '\0';
    media_list_each(root, limit, tell, NULL);
    return told;
}

static const char *one(const char *path)
{
    told[0] = '\0';
    media_list_one(root, path, tell, NULL);
    return told;
}

#define FILM                                                                                                           \
    "b/film.mp4[b/film.jpg](b/film.de.forced.vtt de forced,b/film.en-US.srt en-US ,b/film.srt  ,"                      \
    "b/Subs/film.fr.SRT fr );"
#define FILM_2 "b/film.2.mkv[b/film.2-poster.webp](b/film.2.de.srt de ,b/film.2.srt  );"
#define ONE "d/one.webm[d/cover.JPEG](d/subs/one.Director's cut.vtt  Director's cut);"

static void test_all(void **state)
{
    (void)state;
    assert_string_equal(all(1000), "A.MKV;" FILM_2 FILM "d/d/2.ogv;d/d/d/3.ogv;d/d/d/d/4.ogv;d/d/d/d/d/5.ogv;"
                                   "d/d/d/d/d/d/6.ogv;d/d/d/d/d/d/d/7.ogv;d/d/d/d/d/d/d/d/8.ogv;" ONE
                                   "e/link.mp3;e/x.mp4;z.mp3;");
    assert_string_equal(all(2), "A.MKV;" FILM_2);
    assert_string_equal(all(0), "");
    media_list_each("", 1000, tell, NULL);
    media_list_each("/nowhere", 1000, tell, NULL);
    assert_string_equal(told, "");
}

static void test_one(void **state)
{
    (void)state;
    assert_string_equal(one("b/film.mp4"), FILM);
    assert_string_equal(one("b/film.2.mkv"), FILM_2);
    assert_string_equal(one("d/one.webm"), ONE);
    assert_string_equal(one("z.mp3"), "z.mp3;");
    assert_string_equal(one("e/link.mp3"), "e/link.mp3;");
    static const char *const none[] = {"",          "/",         "b",        "b/film.srt",    "b/film.jpg",
                                       "nothing.mp4", "e/out.mp4", ".dot.mp4", ".hidden/x.mp4", "../outside/x.mp4",
                                       "b.mp4",     "b/../z.mp3", "/z.mp3",  "e/stream.ts"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_string_equal(one(none[i]), "");
    media_list_one("", "z.mp3", tell, NULL);
    assert_string_equal(told, "");
}

/* No film takes more than its share of the list. */
static void test_too_many(void **state)
{
    (void)state;
    char name[64];
    make("m/");
    make("m/film.mp4");
    for (int i = 0; i < MEDIA_SUBTITLES_MAX + 5; i++) {
        snprintf(name, sizeof name, "m/film.%02d.srt", i);
        make(name);
    }
    const char *text = one("m/film.mp4");
    assert_non_null(strstr(text, "m/film.49.srt"));
    assert_null(strstr(text, "m/film.50.srt"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_one),
        cmocka_unit_test(test_too_many),
    };
    return cmocka_run_group_tests_name("media list", tests, set_up, tear_down);
}
