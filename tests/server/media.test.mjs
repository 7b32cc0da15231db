// Films with byte ranges, nothing outside of the media folder, and the page.

import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { exchange } from './raw.mjs';
import { Rest } from './rest.mjs';
import { Server } from './server.mjs';

const film = randomBytes(300000);
const PATH = '/media/A%20film%20%26%20more.mp4';
let server;

before(async () => {
    server = await Server.start();
    mkdirSync(join(server.media, 'series'));
    writeFileSync(join(server.media, 'A film & more.mp4'), film);
    writeFileSync(join(server.media, 'series', 'one.webm'), 'one');
    for (const name of ['A film & more.de.srt', 'A film & more.jpg', 'series/cover.png']) {
        writeFileSync(join(server.media, name), Buffer.from([0xfc, 0x0a]));
    }
    writeFileSync(join(server.media, 'notes.txt'), 'not a film');
    writeFileSync(join(server.media, '.hidden.mp4'), 'hidden');
    writeFileSync(join(server.folder, 'outside.mp4'), 'outside');
    symlinkSync(join(server.folder, 'outside.mp4'), join(server.media, 'link.mp4'));
});
after(() => server.finish());

async function get(path, headers = {}, method = 'GET') {
    const response = await fetch(server.url + path, { method, headers });
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

test('the list of films', async () => {
    const { status, body } = await new Rest(server).request('GET', '/api/v1/syncplay/media');
    assert.equal(status, 200);
    const urls = body.media.map(({ url }) => url);
    assert.equal(urls.length, 2, JSON.stringify(urls));
    for (const url of urls) assert.equal((await get(url)).status, 200, url);
});

const FILM = {
    path: 'A film & more.mp4', url: PATH, bytes: 300000, title: 'A film & more',
    poster: '/media/A%20film%20%26%20more.jpg',
    subtitles: [{ url: '/media/A%20film%20%26%20more.de.srt', language: 'de', label: '' }],
};

const list = (query) => new Rest(server).request('GET', `/api/v1/syncplay/media?${query}`);

test('one film by its URL, with what lies beside it', async () => {
    const { status, body } = await list(`url=${encodeURIComponent(PATH)}`);
    assert.equal(status, 200);
    const [{ modified, ...film }] = body.media;
    assert.deepEqual(film, FILM);
    assert.equal(Date.parse(modified), Math.floor(statSync(join(server.media, FILM.path)).mtimeMs));
    assert.equal((await list('url=/media/series/one.webm')).body.media[0].poster, '/media/series/cover.png');
});

test('what lies beside a film is served as it is', async () => {
    for (const [url, type] of [[FILM.poster, 'image/jpeg'], [FILM.subtitles[0].url, 'application/x-subrip; charset=utf-8']]) {
        const { status, headers, bytes } = await get(url);
        assert.equal(status, 200);
        assert.equal(headers.get('content-type'), type);
        assert.deepEqual([...bytes], [0xfc, 0x0a]);
    }
});

for (const url of ['/media/nothing.mp4', '/media/A%2520film.mp4', '/media/../outside.mp4', '/media/..%252foutside.mp4',
    '/media/link.mp4', '/media/notes.txt', FILM.poster]) {
    test(`no film: ${url}`, async () => {
        const { status, body } = await list(`url=${url}`);
        assert.deepEqual([status, body.media], [200, []]);
    });
}

for (const url of ['', '/media/', 'series/one.webm', 'https://films.example/a.mp4', '/media/%', '/media/%25zz', '/media/%2500.mp4',
    `/media/${'a'.repeat(2000)}.mp4`]) {
    test(`not the URL of a film here: ${url.slice(0, 60)}`, async () => {
        const { status, body } = await list(`url=${url}`);
        assert.deepEqual([status, body.code], [400, 'bad_field']);
        assert.match(body.detail, /url must be a path below \/media\/, at most 2000 bytes/);
    });
}

test('a whole film', async () => {
    const { status, headers, bytes } = await get(PATH);
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'video/mp4');
    assert.equal(headers.get('accept-ranges'), 'bytes');
    assert.ok(bytes.equals(film));
});

test('HEAD: the same headers, no body', async () => {
    const { status, headers, bytes } = await get(PATH, {}, 'HEAD');
    assert.equal(status, 200);
    assert.equal(headers.get('content-length'), `${film.length}`);
    assert.equal(bytes.length, 0);
});

for (const [range, first, last] of [
    ['bytes=0-0', 0, 0], ['bytes=10-19', 10, 19], ['bytes=299990-', 299990, 299999], ['bytes=-5', 299995, 299999],
    ['bytes=299000-999999', 299000, 299999], ['bytes=0-', 0, 299999],
]) {
    test(`range ${range}`, async () => {
        const { status, headers, bytes } = await get(PATH, { range });
        assert.equal(status, 206);
        assert.equal(headers.get('content-range'), `bytes ${first}-${last}/${film.length}`);
        assert.ok(bytes.equals(film.subarray(first, last + 1)));
    });
}

for (const range of ['bytes=300000-', 'bytes=9999999999-']) {
    test(`range ${range} is not there`, async () => {
        const { status, headers } = await get(PATH, { range });
        assert.equal(status, 416);
        assert.equal(headers.get('content-range'), `bytes */${film.length}`);
    });
}

test('a range is checked against the tag of the file', async () => {
    const etag = (await get(PATH)).headers.get('etag');
    assert.ok(etag);
    assert.equal((await get(PATH, { range: 'bytes=0-9', 'if-range': etag })).status, 206);
    assert.equal((await get(PATH, { range: 'bytes=0-9', 'if-range': '"another"' })).status, 200);
    assert.equal((await get(PATH, { 'if-none-match': etag })).status, 304);
});

for (const path of [
    '/media/../outside.mp4', '/media/..%2foutside.mp4', '/media/%2e%2e/outside.mp4', '/media/%2e%2e%2foutside.mp4',
    '/media/series/../../outside.mp4', '/media/series/..%2f..%2foutside.mp4', '/media/..%5coutside.mp4', '/media//etc/passwd',
    '/media/%2fetc%2fpasswd', '/media/%00', '/media/one.webm%00.mp4', '/media/....//outside.mp4', '/media/link.mp4', '/media/.hidden.mp4',
    '/media/notes.txt', '/media/', '/media/series', '/media/series/', '/media/nothing.mp4', '/media/%', '/media/%zz',
    `/media/${'a'.repeat(3000)}.mp4`, '/../outside.mp4', '/..%2fsyncplay.db', '/syncplay.db', '/outside.mp4',
]) {
    test(`not to be had: ${path.slice(0, 60)}`, async () => {
        const { status, body } = await exchange(server.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        assert.ok(status >= 400 && status < 500, `${status}`);
        assert.doesNotMatch(body, /^outside|^hidden|^one|root:|SQLite|not a film/);
    });
}

for (const path of ['/', '/index.html', '/join/ABCD2345']) {
    test(`the page at ${path}`, async () => {
        const { status, headers, bytes } = await get(path);
        assert.equal(status, 200);
        assert.match(headers.get('content-type'), /^text\/html/);
        assert.match(headers.get('content-security-policy'), /default-src 'none'|default-src 'self'/);
        assert.doesNotMatch(headers.get('content-security-policy'), /script-src[^;]*'unsafe-/);
        assert.equal(headers.get('x-content-type-options'), 'nosniff');
        assert.match(bytes.toString(), /<!doctype html>/i);
    });
}

test('what the page is made of', async () => {
    const { bytes } = await get('/');
    const files = [...bytes.toString().matchAll(/(?:src|href)="([^":#]+\.(?:js|css))"/g)].map((match) => match[1]);
    assert.ok(files.length >= 2);
    for (const file of files) {
        for (const base of ['/', '/join/']) {
            const { status, headers } = await get(new URL(file, `http://x${base}`).pathname);
            assert.equal(status, 200, file);
            assert.match(headers.get('content-type'), /javascript|css/);
        }
    }
});
