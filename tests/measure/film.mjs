// The test film: black, with the number of each frame in blocks, and a click every half second. A key frame every two
// seconds, as films on the web have them. Made once and kept.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BLOCK, BLOCKS, encode } from './timecode.mjs';

export const FILM = { fps: 30, seconds: 1200, width: 320, height: 180, gop: 60 };
export const CLICK_SECONDS = 0.5;

const SOUND_RATE = 48000;
const CLICK_HERTZ = 3000;
const CLICK_LENGTH = 0.006;
// Black where nothing is, with a square that moves: a picture without any change would be no film to a decoder.
const WHITE = 235;
const BLACK = 16;
const SQUARE = 24;
const HISS = 0.01;

function drawFrame(plane, number, { width, height }) {
    plane.fill(BLACK);
    encode(number).forEach((bit, index) => {
        if (!bit) return;
        for (let y = 0; y < BLOCK; y += 1) plane.fill(WHITE, y * width + index * BLOCK, y * width + (index + 1) * BLOCK);
    });
    const left = (number * 4) % (width - SQUARE);
    const top = Math.floor(height * 0.6);
    for (let y = top; y < top + SQUARE; y += 1) plane.fill(WHITE / 2, y * width + left, y * width + left + SQUARE);
}

// Sixteen-bit samples of one second: clicks, and a little hiss below them.
function drawSound(clicks) {
    const samples = Buffer.alloc(SOUND_RATE * 2);
    let seed = 1;
    for (let index = 0; index < SOUND_RATE; index += 1) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        const since = (index / SOUND_RATE) % clicks;
        const isClick = since < CLICK_LENGTH;
        const wave = isClick ? 0.9 * Math.sin(2 * Math.PI * CLICK_HERTZ * since) * (1 - since / CLICK_LENGTH) : 0;
        samples.writeInt16LE(Math.round(32767 * (wave + HISS * (seed / 2 ** 32 - 0.5))), index * 2);
    }
    return samples;
}

// Makes the film unless it is there; what: { fps, seconds, width, height, gop }.
export async function makeFilm(file, what = FILM) {
    if (existsSync(file)) return;
    mkdirSync(dirname(file), { recursive: true });
    const { fps, seconds, width, height, gop } = what;
    if (width < BLOCKS * BLOCK) throw new Error('the code does not fit into the picture');
    const sound = `${file}.raw`;
    writeFileSync(sound, drawSound(CLICK_SECONDS));
    const half = `${file}.part.webm`;
    const ffmpeg = spawn('ffmpeg', [
        '-loglevel', 'error', '-y',
        '-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', String(fps), '-i', 'pipe:0',
        '-stream_loop', '-1', '-f', 's16le', '-ar', String(SOUND_RATE), '-ac', '1', '-i', sound,
        '-t', String(seconds), '-pix_fmt', 'yuv420p',
        '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-g', String(gop),
        '-keyint_min', String(gop), '-c:a', 'libopus', '-b:a', '64k', '-cues_to_front', '1', half,
    ], { stdio: ['pipe', 'inherit', 'inherit'] });
    const ended = once(ffmpeg, 'exit');
    ffmpeg.stdin.on('error', () => {}); // it says itself why it went
    for (let number = 0; number < fps * seconds; number += 1) {
        const plane = Buffer.alloc(width * height);
        drawFrame(plane, number, what);
        if (!ffmpeg.stdin.write(plane)) await once(ffmpeg.stdin, 'drain');
    }
    ffmpeg.stdin.end();
    const [status] = await ended;
    if (status !== 0) throw new Error('ffmpeg could not make the film');
    renameSync(half, file);
}
