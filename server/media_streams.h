/* Which playlists in the media folder are only parts of a stream (HLS, RFC 8216): its variants, its sounds, its subtitles. */
#ifndef SERVER_MEDIA_STREAMS_H
#define SERVER_MEDIA_STREAMS_H

#include "media_files.h"

/*
 * Makes pieces (MEDIA_PIECE) of those playlists that a master playlist names, in its own folder or below. A master playlist
 * stays a film, whoever names it.
 */
void media_streams_mark(struct media_files *files, const char *root);

/* How many playlists are looked into, and of each how many lines of how many bytes; what lies beyond that stays as it is. */
#define MEDIA_PLAYLISTS_MAX 2000
#define MEDIA_PLAYLIST_LINES_MAX 1000
#define MEDIA_PLAYLIST_LINE_MAX 4095

#endif
