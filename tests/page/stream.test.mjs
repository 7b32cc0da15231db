// Streams (HLS) in the browser: by hls.js where it knows none, by itself where it does, from this server and from others;
// and subtitles as a real <video> shows them.

import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { house, member } from './house.mjs';
import { makeStream, startStreamHost } from './stream_folder.mjs';

const WORDS = 'WEBVTT\n\n00:00.000 --> 00:20.000\nHallo\n';

before(() => {
    const media = dirname(house.film);
    makeStream(join(media, 'pieces'), { type: 'fmp4', subtitles: WORDS });
    makeStream(join(media, 'ts'), { type: 'mpegts' });
    writeFileSync(join(media, 'Test film.de.srt'), Buffer.from('1\n00:00:00,000 --> 00:00:10,000\nGr\xfc\xdfe <i>an</i> alle\n', 'latin1'));
});

// A member whose browser says that it knows streams, or not; `fetched` is what its page has asked for.
async function viewer(knowsStreams) {
    const ana = await member('Ana');
    ana.fetched = [];
    ana.page.on('request', (request) => ana.fetched.push(request.url()));
    await ana.context.addInitScript((knows) => {
        if (!knows) HTMLMediaElement.prototype.canPlayType = () => '';
        window.violations = [];
        document.addEventListener('securitypolicyviolation', ({ blockedURI }) => window.violations.push(blockedURI));
    }, knowsStreams);
    return ana;
}

const streamAt = (folder) => `${house.server.url}media/${folder}/stream.m3u8`;

// Plays, goes to another place, stands there; nothing that is not allowed has been tried.
async function watch(ana, url) {
    await ana.create(house.server.url, { film: url });
    await ana.untilReady();
    await ana.play();
    await ana.untilPlaying(0.5);
    await ana.seek(15);
    await ana.untilPlaying(15);
    const { revision } = await ana.look();
    await ana.pause();
    const { position } = await ana.untilStanding(revision + 1);
    assert.ok(position >= 15000 && position < 20000, `${position}`);
    assert.deepEqual(ana.said.filter(({ type }) => type === 'seek').length, 1, 'nobody else moves the film');
    assert.deepEqual(await ana.page.evaluate(() => window.violations), []);
    return ana.page.evaluate(() => document.getElementById('film').currentSrc);
}

// The text of the subtitles that stand there.
const untilShown = (ana, text) => ana.until(`the subtitles "${text}"`, (wanted) => {
    const shown = [...document.getElementById('film').textTracks].filter(({ mode }) => mode === 'hidden');
    const cues = shown.flatMap((track) => [...(track.activeCues ?? [])]);
    return cues.length === 1 && cues[0].getCueAsHTML().textContent === wanted;
}, text);

for (const folder of ['pieces', 'ts']) {
    test(`a stream of this server by hls.js: ${folder}`, async () => {
        const ana = await viewer(false);
        assert.match(await watch(ana, streamAt(folder)), /^blob:/);
    });
}

test('a stream of another server, with its subtitles', async (context) => {
    const host = await startStreamHost(join(dirname(house.film), 'pieces'));
    context.after(() => host.stop());
    const ana = await viewer(false);
    await ana.context.addInitScript(() => localStorage.setItem('syncplay.subtitles', 'de'));
    assert.match(await watch(ana, host.url), /^blob:/);
    await untilShown(ana, 'Hallo');
    assert.deepEqual(await ana.page.evaluate(() => window.violations), []);
});

test('a stream by a browser that knows them', async (context) => {
    const ana = await viewer(true);
    await ana.page.goto(house.server.url);
    const knows = await ana.page.evaluate(() => document.createElement('video').canPlayType('application/vnd.apple.mpegurl'));
    context.diagnostic(`this browser says "${knows}"`);
    if (!knows) return;
    assert.equal(await watch(ana, streamAt('ts')), streamAt('ts'));
    assert.ok(!ana.fetched.some((url) => url.endsWith('/hls.js')), 'hls.js is not needed');
});

test('a stream that is not there', async () => {
    const ana = await viewer(false);
    await ana.create(house.server.url, { film: streamAt('nowhere') });
    await ana.page.locator('#overlay-file').waitFor();
    assert.match(ana.problems.splice(0).join(), /^[^,]* status of 404 [^,]*$/, 'what the browser itself says about it');
});

test('a film needs no hls.js, and shows subtitles in the language that was chosen last', async () => {
    const ana = await viewer(false);
    await ana.context.addInitScript(() => localStorage.setItem('syncplay.subtitles', 'de'));
    await ana.create(house.server.url, { film: 'Test film' });
    await ana.untilReady();
    await untilShown(ana, 'Gr\u00fc\u00dfe an alle');
    assert.ok(!ana.fetched.some((url) => url.endsWith('/hls.js')));
});
