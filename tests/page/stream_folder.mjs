// A stream (HLS) as a folder of files, and another web server that lets everybody's scripts have it.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

export const STREAM_SECONDS = 20;

// Pieces of two seconds: fMP4 or MPEG-TS. `subtitles` are a WebVTT file's text.
export function makeStream(folder, { type, subtitles = '' }) {
    mkdirSync(folder);
    execFileSync('ffmpeg', [
        '-nostdin', '-loglevel', 'error', '-y',
        '-f', 'lavfi', '-i', `testsrc=size=160x90:rate=25:duration=${STREAM_SECONDS}`,
        '-f', 'lavfi', '-i', `sine=frequency=330:duration=${STREAM_SECONDS}`,
        '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', '-c:a', 'aac', '-b:a', '32k',
        '-f', 'hls', '-hls_time', '2', '-hls_playlist_type', 'vod', '-hls_segment_type', type,
        '-master_pl_name', 'stream.m3u8', join(folder, 'pieces.m3u8'),
    ]);
    if (!subtitles) return;
    writeFileSync(join(folder, 'words.vtt'), subtitles);
    const lines = ['#EXTM3U', `#EXT-X-TARGETDURATION:${STREAM_SECONDS}`, `#EXTINF:${STREAM_SECONDS},`, 'words.vtt', '#EXT-X-ENDLIST'];
    writeFileSync(join(folder, 'words.m3u8'), `${lines.join('\n')}\n`);
    const master = readFileSync(join(folder, 'stream.m3u8'), 'utf8')
        .replace('#EXT-X-STREAM-INF:', '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="words",NAME="Deutsch",LANGUAGE="de",URI="words.m3u8"\n$&SUBTITLES="words",');
    writeFileSync(join(folder, 'stream.m3u8'), master);
}

export async function startStreamHost(folder) {
    const host = createServer((request, response) => {
        response.setHeader('Access-Control-Allow-Origin', '*');
        try {
            response.end(readFileSync(join(folder, basename(new URL(request.url, 'http://here').pathname))));
        } catch {
            response.writeHead(404).end();
        }
    });
    host.listen(0, '127.0.0.1');
    await once(host, 'listening');
    return {
        url: `http://127.0.0.1:${host.address().port}/stream.m3u8`,
        stop() {
            host.close();
            host.closeAllConnections();
        },
    };
}
