// What plays an address, without a browser: which way is taken, what is told when it fails, and that nothing old goes on.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { Stream, isStream } = await load('stream.js');

class Element extends EventTarget {
    constructor(knows) {
        super();
        Object.assign(this, { src: '', canPlayType: () => knows });
    }

    load() {}

    removeAttribute() {
        this.src = '';
    }
}

// A library like hls.js, and what has been done with it.
function library() {
    class Hls {
        static made = [];
        static Events = { ERROR: 'error' };
        static ErrorTypes = { MEDIA_ERROR: 'media' };
        static isSupported = () => true;

        constructor() {
            Object.assign(this, { said: [], errors: [] });
            Hls.made.push(this);
        }

        on(_, handler) {
            this.tell = (type, fatal = true) => handler('error', { type, fatal });
        }

        destroy() {
            this.said.push('destroy');
        }

        recoverMediaError() {
            this.said.push('recover');
        }

        attachMedia() {}

        loadSource(url) {
            this.said.push(url);
        }
    }
    return Hls;
}

function scene({ knows = '', Hls = library(), load: bring = async () => ({ default: Hls }) } = {}) {
    const element = new Element(knows);
    const failures = [];
    const stream = new Stream(element, () => failures.push(stream.url), bring);
    return { element, failures, stream, made: Hls?.made };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const URL_A = 'https://films.example/a.m3u8?token=1';

test('a stream is known by its path', () => {
    for (const url of [URL_A, '/media/x/A.M3U8']) assert.ok(isStream(url), url);
    for (const url of ['https://x/a.mp4?b=.m3u8', 'https://x/m3u8', 'blob:http://x/1', '', 'https://']) assert.ok(!isStream(url), url);
});

test('a film, and a stream that the browser knows, are its own business', async () => {
    const film = scene({ load: () => assert.fail('not loaded') });
    film.stream.open('https://x/a.mp4');
    assert.equal(film.element.src, 'https://x/a.mp4');
    film.element.error = { code: 3 }; // it cannot be decoded
    film.element.dispatchEvent(new Event('error'));
    await settled();
    assert.deepEqual(film.failures, ['https://x/a.mp4']);
    const native = scene({ knows: 'maybe', load: () => assert.fail('not loaded') });
    native.stream.open(URL_A);
    assert.equal(native.element.src, URL_A);
    native.stream.shut();
    native.element.dispatchEvent(new Event('error'));
    assert.deepEqual([native.failures, native.stream.isOpen], [[], false]);
});

test('a stream by the library: what it mends, what it cannot', async () => {
    const { stream, element, failures, made } = scene();
    stream.open(URL_A);
    assert.ok(stream.isOpen);
    await settled();
    const [hls] = made;
    hls.tell('media', false);
    element.dispatchEvent(new Event('error')); // it hears that itself
    for (let count = 0; count < 3; count += 1) hls.tell('media');
    assert.deepEqual([hls.said, failures], [[URL_A, 'recover', 'recover', 'recover'], []]);
    hls.tell('media');
    assert.deepEqual([hls.said.length, failures], [4, [URL_A]]);
    stream.open(URL_A);
    await settled();
    made[1].tell('network');
    assert.equal(failures.length, 2);
    stream.shut();
    made[1].tell('network');
    assert.deepEqual([hls.said.at(-1), made[1].said.at(-1), failures.length], ['destroy', 'destroy', 2]);
});

test('what was closed before the library came is not opened', async () => {
    const { stream, element, made } = scene();
    stream.open(URL_A);
    stream.open('https://x/b.mp4');
    await settled();
    assert.deepEqual([made.length, element.src], [0, 'https://x/b.mp4']);
});

test('no library, or one that cannot work here: it has failed', async () => {
    const Old = library();
    Old.isSupported = () => false;
    for (const load of [async () => ({}), async () => ({ default: Old }), () => Promise.reject(new Error('offline'))]) {
        const { stream, failures } = scene({ load });
        stream.open(URL_A);
        await settled();
        assert.deepEqual(failures, [URL_A]);
    }
});
