/*
 * Saved sessions: one JSON object with everything that a session is, times as Unix milliseconds. Written in a fixed order
 * (snapshot.c), so that the same session always gives the same bytes; read with suspicion (restore.c).
 *
 * Formats: 1; 2 has roles, overrides, resume tokens, invitations, names of those removed, and two settings more.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#define SNAPSHOT_FORMAT 2
#define SNAPSHOT_DEPTH 5
/* Clients may have been told of revisions that were never saved; a restored session is beyond them all. */
#define SNAPSHOT_REVISION_GAP 1000

#endif
