// What runs inside of each window and writes down what its player shows, sounds, claims and is told. It looks only: it
// sets nothing on the element. Both functions are handed to the browser as text and see nothing of this module.

import { BLOCK, BLOCKS, decode } from './timecode.mjs';

const CLAIM_EVERY_MS = 40;
const CLAIM_TAKES_MS = 1;

// In the AudioWorklet: tells the sample at which each click begins.
function clickDetector() {
    const LEVEL = 0.25;
    const QUIET_SECONDS = 0.1;
    registerProcessor('click-detector', class extends AudioWorkletProcessor {
        constructor() {
            super();
            this.next = 0;
            this.wasLoud = 0;
        }
        process([[channel]]) {
            for (let index = 0; channel && index < channel.length; index += 1) {
                const sample = Math.abs(channel[index]);
                if (sample < LEVEL) continue;
                const at = currentFrame + index;
                if (at >= this.next) this.port.postMessage(at / sampleRate);
                this.next = at + QUIET_SECONDS * sampleRate;
            }
            return true;
        }
    });
}

function record({ find, decoder, worklet, block, blocks, claimEvery, tooSlow }) {
    const decode = eval(`(${decoder})`);
    const now = () => performance.timeOrigin + performance.now();
    // claims: [at, currentTime, rate, 0 playing / 1 paused / 2 seeking]; frames: [expected display, mediaTime, number in the pixels, count of presented, at];
    // clicks: [at]; events: [at, what, ...]; all `at` in milliseconds of the window's clock, media in seconds.
    const log = { claims: [], frames: [], clicks: [], events: [] };
    const event = (...what) => log.events.push([now(), ...what]);
    let film = null;

    const property = (name) => Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, name);
    function watch(name) {
        const { get, set } = property(name);
        Object.defineProperty(HTMLMediaElement.prototype, name, {
            get, configurable: true,
            set(value) {
                const before = get.call(this);
                set.call(this, value);
                if (this === film && before !== get.call(this)) event(`set ${name}`, value);
            },
        });
    }
    ['playbackRate', 'currentTime', 'preservesPitch'].forEach(watch);
    for (const name of ['play', 'pause']) {
        const original = HTMLMediaElement.prototype[name];
        HTMLMediaElement.prototype[name] = function (...all) {
            if (this === film) event(`call ${name}`);
            return original.apply(this, all);
        };
    }

    const canvas = new OffscreenCanvas(block * blocks, 1);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingEnabled = false;
    // The number of the frame that the element shows now; -1 where it cannot be read.
    function pixels() {
        try {
            context.drawImage(film, 0, block / 2, block * blocks, 1, 0, 0, block * blocks, 1);
            const { data } = context.getImageData(0, 0, block * blocks, 1);
            return decode(Array.from({ length: blocks }, (_, index) => data[4 * (index * block + block / 2)]));
        } catch {
            return -1;
        }
    }

    async function listen() {
        const audio = new AudioContext({ latencyHint: 'interactive' });
        await audio.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: 'text/javascript' })));
        await audio.resume();
        const node = new AudioWorkletNode(audio, 'click-detector', { numberOfOutputs: 0 });
        let tracks = [];
        try {
            tracks = film.captureStream().getAudioTracks();
        } catch {
            // A film from elsewhere keeps its sound to itself.
        }
        if (tracks.length === 0) return event('no sound');
        audio.createMediaStreamSource(new MediaStream(tracks)).connect(node);
        // Where the context's time lies on the window's clock: the middle of many looks, because each of them is noisy.
        const looks = [];
        const look = () => {
            const { contextTime, performanceTime } = audio.getOutputTimestamp();
            if (contextTime > 0) looks.push(performance.timeOrigin + performanceTime - contextTime * 1000);
            if (looks.length > 200) looks.shift();
        };
        setInterval(look, 50);
        node.port.onmessage = ({ data }) => {
            look();
            const sorted = [...looks].sort((a, b) => a - b);
            log.clicks.push([data * 1000 + (sorted[sorted.length >> 1] ?? NaN), film.currentTime, now()]);
        };
        event('sound', audio.sampleRate, audio.baseLatency, audio.outputLatency);
    }

    function begin() {
        film = document.querySelector(find);
        if (!film) return false;
        for (const name of ['play', 'playing', 'pause', 'seeking', 'seeked', 'waiting', 'stalled', 'ended', 'error']) {
            film.addEventListener(name, () => event(name, film.currentTime));
        }
        setInterval(() => {
            const before = now();
            const at = film.currentTime;
            if (now() - before > tooSlow) return; // it was interrupted: the claim is older than it looks
            const state = film.seeking ? 2 : film.paused ? 1 : 0;
            log.claims.push([(before + now()) / 2, at, film.playbackRate, state]);
        }, claimEvery);
        const frame = (_, { expectedDisplayTime, mediaTime, presentedFrames }) => {
            log.frames.push([performance.timeOrigin + expectedDisplayTime, mediaTime, pixels(), presentedFrames, now()]);
            film.requestVideoFrameCallback(frame);
        };
        film.requestVideoFrameCallback(frame);
        return true;
    }

    const recorder = {
        log, now, pixels, listen,
        take() {
            const taken = { ...log };
            for (const key of Object.keys(log)) log[key] = [];
            return taken;
        },
    };
    Object.defineProperty(window, 'recorder', { value: recorder });
    if (!begin()) document.addEventListener('DOMContentLoaded', begin);
}

// Puts the recorder into every page of a browser context; `find` is the selector of the film.
export function install(context, find = '#film') {
    const options = {
        find, decoder: String(decode), worklet: `(${clickDetector})()`, block: BLOCK, blocks: BLOCKS, claimEvery: CLAIM_EVERY_MS, tooSlow: CLAIM_TAKES_MS,
    };
    return context.addInitScript(record, options);
}
