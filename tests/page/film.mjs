// A minute of test film: a moving picture with a counter, and sound; a key frame a second, so that seeks are quick.

import { execFileSync } from 'node:child_process';

export const FILM_SECONDS = 60;

export function makeFilm(file) {
    execFileSync('ffmpeg', [
        '-nostdin', '-loglevel', 'error', '-y',
        '-f', 'lavfi', '-i', `testsrc=size=320x180:rate=25:duration=${FILM_SECONDS}:decimals=2`,
        '-f', 'lavfi', '-i', `sine=frequency=330:beep_factor=4:duration=${FILM_SECONDS}`,
        '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '200k', '-g', '25',
        '-c:a', 'libopus', '-b:a', '32k', '-cues_to_front', '1', file,
    ]);
}
