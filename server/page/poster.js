// The picture of a film: the one that lies beside it, or a frame that the browser takes out of it. Made when it is first
// seen, a few at a time, because each frame costs the server some reading.

import { filmUrl } from './api.js';
import { make } from './dom.js';

const AT_ONCE = 2;
// Which moment is shown: that many seconds in, or that part of a short film.
const FRAME_SECONDS = 90;
const FRAME_PART = 0.2;
const FRAME_WIDTH = 320;
const FRAME_HEIGHT = 180;
const PATIENCE_MS = 8000;

let underWay = 0;
const waiting = [];

function next() {
    if (underWay >= AT_ONCE || waiting.length === 0) return;
    underWay += 1;
    waiting.shift()().finally(() => {
        underWay -= 1;
        next();
    });
    next();
}

// Resolves with a canvas; rejects if no picture can be had.
function takeFrame(url) {
    const video = make('video', { muted: true, preload: 'metadata', playsInline: true });
    const taken = new Promise((resolve, reject) => {
        const timer = setTimeout(reject, PATIENCE_MS);
        video.addEventListener('error', reject);
        video.addEventListener('loadedmetadata', () => {
            if (video.videoWidth === 0) reject(); // sound alone
            else video.currentTime = Math.min(FRAME_SECONDS, FRAME_PART * video.duration);
        });
        video.addEventListener('seeked', () => {
            clearTimeout(timer);
            resolve(draw(video));
        });
    });
    video.src = filmUrl(url);
    return taken.finally(() => {
        video.removeAttribute('src');
        video.load();
    });
}

// As much of the frame as fills the picture.
function draw(video) {
    const { videoWidth: width, videoHeight: height } = video;
    const canvas = make('canvas', { width: FRAME_WIDTH, height: FRAME_HEIGHT });
    const scale = Math.max(FRAME_WIDTH / width, FRAME_HEIGHT / height);
    const [w, h] = [scale * width, scale * height];
    canvas.getContext('2d').drawImage(video, (FRAME_WIDTH - w) / 2, (FRAME_HEIGHT - h) / 2, w, h);
    return canvas;
}

async function fill(place, film) {
    if (film.poster) {
        place.append(make('img', { src: filmUrl(film.poster), alt: '', decoding: 'async' }));
        return;
    }
    if (/\.m3u8$/i.test(film.url)) return;
    await takeFrame(film.url).then((canvas) => place.append(canvas), () => {});
}

const films = new WeakMap();
const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        waiting.push(() => fill(target, films.get(target)));
    }
    next();
});

// Until there is a picture, and where there is none, the film's initial stands there.
export function posterOf(film) {
    const place = make('span', { className: 'poster' }, make('span', {}, [...film.title][0] ?? ''));
    place.setAttribute('aria-hidden', 'true');
    films.set(place, film);
    observer.observe(place);
    return place;
}
