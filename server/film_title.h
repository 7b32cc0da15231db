/* What a film is called, by the name of its file. */
#ifndef SERVER_FILM_TITLE_H
#define SERVER_FILM_TITLE_H

/* As long as a file's name may be, with its zero byte. */
#define FILM_TITLE_SIZE 256

/*
 * "series/Big_Buck.Bunny.mp4" is "Big Buck Bunny". Of a name with blanks, dots and underscores are a part. A stream that
 * is called as programs call them, "Big_Buck/master.m3u8", has its folder's name.
 */
void film_title_write(const char *path, char title[FILM_TITLE_SIZE]);

#endif
