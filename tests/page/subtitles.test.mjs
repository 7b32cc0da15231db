// Subtitles: tidy and untidy files, in all encodings; which one is chosen, and what is shown.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { BYTES_MOST, CUES_MOST, decode, parse } = await load('subtitles.js');
const { OFF, SubtitleTracks } = await load('subtitle_tracks.js');

const bytes = (text) => new TextEncoder().encode(text);
const cue = (start, end, text, settings = {}) => ({ start, end, text, settings });

test('encodings: a mark says, else UTF-8, else Windows', () => {
    const utf16 = (text) => [...text].flatMap((one) => [one.charCodeAt(0) & 255, one.charCodeAt(0) >> 8]);
    for (const input of [
        bytes('Grüße'), [0xef, 0xbb, 0xbf, ...bytes('Grüße')], [0xff, 0xfe, ...utf16('Grüße')],
        [0xfe, 0xff, ...utf16('Grüße').flatMap((_, index, all) => (index % 2 ? [all[index], all[index - 1]] : []))],
        [0x47, 0x72, 0xfc, 0xdf, 0x65],
    ]) assert.equal(decode(Uint8Array.from(input)), 'Grüße');
});

const SRT = [
    ['as it should be', '1\n00:00:01,500 --> 00:00:02,000\nOne\n<i>two</i>\n\n2\n00:01:00,000 --> 01:00:00,001\nThree\n',
        [cue(1.5, 2, 'One\n<i>two</i>'), cue(60, 3600.001, 'Three')]],
    ['a mark, CRLF, blanks', '\ufeff 1 \r\n00:00:01,500  -->  00:00:02,000 \r\n One \r\n\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nTwo',
        [cue(1.5, 2, 'One'), cue(3, 4, 'Two')]],
    ['no numbers, points, short times', '0:01.5 --> 0:02\nOne\n7\n\n1:03 --> 1:04.25\nTwo', [cue(1.5, 2, 'One\n7'), cue(63, 64.25, 'Two')]],
    ['nothing between, blanks within', '1\n00:00:01,000 --> 00:00:02,000\nOne\n\nand more\n2\n00:00:03,000 --> 00:00:04,000\n\nTwo',
        [cue(1, 2, 'One\nand more'), cue(3, 4, 'Two')]],
    ['out of order, upside down, empty', '1\n00:00:03,0 --> 00:00:04,0\nTwo\n2\n00:00:01,0 --> 00:00:02,0\nOne\n3\n00:00:06,0 --> 00:00:05,0\nNo\n4\n00:00:07,0 --> 00:00:08,0\n\n',
        [cue(1, 2, 'One'), cue(3, 4, 'Two')]],
    ['places', '1\n00:00:01,0 --> 00:00:02,0\n{\\an8}{\\i1}Up\n2\n00:00:03,0 --> 00:00:04,0 X1:1 X2:2\n{\\an2}Down',
        [cue(1, 2, 'Up', { line: 0, snapToLines: true }), cue(3, 4, 'Down')]],
    ['tags, and what only looks so', '1\n00:00:01,0 --> 00:00:02,0\n<font color="red"><B>R&B</B></font> <3 a > b &amp; <script>x</script>',
        [cue(1, 2, '<b>R&amp;B</b> &lt;3 a &gt; b &amp; &lt;script&gt;x&lt;/script&gt;')]],
];
for (const [name, text, cues] of SRT) test(`SRT: ${name}`, () => assert.deepEqual(parse(text), cues));

test('WebVTT: header, notes, styles, names, settings', () => {
    assert.deepEqual(parse([
        'WEBVTT - a film', 'Language: de', '', 'STYLE', '::cue { color: red }', '', 'NOTE 1', 'not this', '', 'the name',
        '00:01.000 --> 00:02.000 line:84%,end position:10% size:50% align:start vertical:up region:a', '<v Ana>One', '- two', '',
        '00:00:03.000 --> 00:00:04.000 line:-1 align:middle size:120%', 'Two & <b>three</b>', '00:00:05.000 --> 00:00:06.000', 'Four',
    ].join('\n')), [
        cue(1, 2, '<v Ana>One\n- two', { line: 84, snapToLines: false, position: 10, size: 50, align: 'start' }),
        cue(3, 4, 'Two & <b>three</b>', { line: -1, snapToLines: true }),
        cue(5, 6, 'Four'),
    ]);
});

test('too large, too many, nothing in it', () => {
    assert.throws(() => decode(new Uint8Array(BYTES_MOST + 1)), { code: 'too_large' });
    assert.throws(() => parse('0:01 --> 0:02\nx\n'.repeat(CUES_MOST + 1)), { code: 'too_many' });
    assert.equal(parse('0:01 --> 0:02\nx\n'.repeat(CUES_MOST)).length, CUES_MOST);
    for (const text of ['', 'WEBVTT', '<html>', '1\n2\n3', 'WEBVTT\n\n0:01 --> 0:02\n\n']) {
        assert.throws(() => parse(text), { code: 'empty' });
    }
    assert.equal(parse(`0:01 --> 0:02\n${'x'.repeat(5000)}`)[0].text.length, 2000);
});

// --- Tracks, on an element that has as much of a <video> as they see

class Track extends EventTarget {
    constructor(kind, label, language = '') {
        super();
        Object.assign(this, { kind, label, language, mode: 'disabled', cues: [] });
    }

    addCue(one) {
        this.cues.push(one);
    }

    removeCue(one) {
        this.cues.splice(this.cues.indexOf(one), 1);
    }
}

class Tracks extends EventTarget {
    all = [];

    [Symbol.iterator]() {
        return this.all[Symbol.iterator]();
    }

    set(...tracks) {
        this.all = [this.all[0], ...tracks];
        this.dispatchEvent(new Event('addtrack'));
    }
}

const FILM = { subtitles: [
    { url: '/media/a.de.forced.srt', language: 'de', label: 'forced' }, { url: '/media/a.de.srt', language: 'de', label: '' },
    { url: '/media/a.vtt', language: null, label: 'signs' }, { url: '/media/bad.srt', language: 'en', label: '' },
] };

function scene({ storage = new Map(), load: read } = {}) {
    const textTracks = new Tracks();
    const element = {
        textTracks,
        addTextTrack: (kind, label) => {
            textTracks.all.push(new Track(kind, label));
            return textTracks.all[0];
        },
    };
    const tracks = new SubtitleTracks(element, {
        find: async (url) => (url === '/media/a.mp4' ? FILM : undefined),
        load: read ?? (async (url) => {
            if (url.includes('bad')) throw new Error('no');
            return bytes(`0:01 --> 0:02\n${url}\n`);
        }),
        storage: { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => storage.set(key, value) },
        makeCue: (startTime, endTime, text) => ({ startTime, endTime, text }),
    });
    const [own] = textTracks.all;
    const shown = () => (own.mode === 'hidden' ? own.cues.map(({ text }) => text) : null);
    const chosen = () => tracks.list().find(({ isChosen }) => isChosen);
    return { tracks, textTracks, own, shown, chosen, storage };
}

const idOf = (tracks, label, language = '') => tracks.list().find((one) => one.label === label && one.language === language).id;

test('what lies beside a film is offered, off at first, and loaded when it is chosen', async () => {
    const { tracks, shown, chosen } = scene();
    let changes = 0;
    tracks.onChange(() => (changes += 1));
    await tracks.open('/media/a.mp4');
    assert.deepEqual(tracks.list().map(({ source, language, label, state }) => [source, language, label, state]), [
        ['server', 'de', 'forced', 'idle'], ['server', 'de', '', 'idle'], ['server', '', 'signs', 'idle'], ['server', 'en', '', 'idle'],
    ]);
    assert.equal(chosen(), undefined);
    assert.equal(shown(), null);
    const before = changes;
    const done = tracks.choose(idOf(tracks, 'signs'));
    assert.equal(chosen().state, 'loading');
    await done;
    assert.equal(chosen().state, 'ready');
    assert.ok(changes >= before + 2);
    assert.deepEqual(shown(), ['/media/a.vtt']);
    await tracks.choose(idOf(tracks, '', 'de'));
    assert.deepEqual(shown(), ['/media/a.de.srt'], 'and nothing of the last one');
    await tracks.choose(OFF);
    assert.equal(shown(), null);
});

test('the language is remembered, and that there shall be none', async () => {
    const { tracks, storage } = scene();
    await tracks.open('/media/a.mp4');
    await tracks.choose(idOf(tracks, '', 'de'));
    const next = scene({ storage });
    await next.tracks.open('/media/a.mp4');
    assert.equal(next.chosen().label, '', 'all of it, and not the forced ones');
    await next.tracks.choose(OFF);
    const last = scene({ storage });
    await last.tracks.open('/media/a.mp4');
    assert.equal(last.chosen(), undefined);
});

test('a file that cannot be had, or is none, says so', async () => {
    const { tracks, chosen, shown } = scene();
    await tracks.open('/media/a.mp4');
    await tracks.choose(idOf(tracks, '', 'en'));
    assert.deepEqual([chosen().state, chosen().error, shown()], ['failed', 'unreachable', null]);
    await tracks.addFile({ name: 'x.srt', size: 4, arrayBuffer: async () => bytes('none').buffer });
    assert.deepEqual([chosen().state, chosen().error], ['failed', 'empty']);
    await tracks.addFile({ name: 'y.srt', size: BYTES_MOST + 1, arrayBuffer: async () => assert.fail('not read') });
    assert.deepEqual([chosen().state, chosen().error], ['failed', 'too_large']);
});

test('a file of the person is listed and shown, until the film changes', async () => {
    const { tracks, chosen, shown } = scene();
    await tracks.open('');
    const file = { name: 'mine.srt', size: 20, arrayBuffer: async () => bytes('0:01 --> 0:02\nMine').buffer };
    const id = await tracks.addFile(file);
    assert.equal(chosen().id, id);
    assert.deepEqual([chosen().source, chosen().label], ['file', 'mine.srt']);
    assert.deepEqual(shown(), ['Mine']);
    for (let count = 1; count < 20; count += 1) assert.notEqual(await tracks.addFile(file), '');
    assert.equal(await tracks.addFile(file), '', 'no more than twenty');
    await tracks.open('/media/b.mp4');
    assert.deepEqual(tracks.list(), []);
    assert.equal(shown(), null);
});

test('what comes late is shown only if it is still wanted', async () => {
    const waiting = new Map();
    const { tracks, shown } = scene({ load: (url) => new Promise((resolve) => waiting.set(url, () => resolve(bytes(`0:01 --> 0:02\n${url}`)))) });
    await tracks.open('/media/a.mp4');
    const first = tracks.choose(idOf(tracks, 'signs'));
    const second = tracks.choose(idOf(tracks, '', 'de'));
    waiting.get('/media/a.de.srt')();
    await second;
    waiting.get('/media/a.vtt')();
    await first;
    assert.deepEqual(shown(), ['/media/a.de.srt']);
    const third = tracks.choose(idOf(tracks, 'forced', 'de'));
    await tracks.open('/media/a.mp4');
    waiting.get('/media/a.de.forced.srt')();
    await third;
    assert.equal(shown(), null, 'another film');
});

test('the tracks of a stream', async () => {
    const { tracks, textTracks, own, chosen, storage } = scene({ storage: new Map([['syncplay.subtitles', 'fr']]) });
    await tracks.open('https://films.example/a.m3u8');
    const [en, fr] = [new Track('subtitles', 'English', 'en'), new Track('captions', 'Français', 'fr-CA')];
    textTracks.set(en, new Track('metadata', 'id3'), fr);
    assert.deepEqual(tracks.list().map(({ source, label }) => [source, label]), [['stream', 'English'], ['stream', 'Français']]);
    assert.equal(chosen().label, 'Français');
    assert.deepEqual([en.mode, fr.mode, own.mode], ['disabled', 'hidden', 'disabled']);
    en.mode = 'showing'; // the stream's own idea
    textTracks.dispatchEvent(new Event('change'));
    assert.equal(en.mode, 'disabled');
    await tracks.choose(tracks.list()[0].id);
    assert.deepEqual([en.mode, fr.mode], ['hidden', 'disabled']);
    assert.equal(storage.get('syncplay.subtitles'), 'en');
    textTracks.set(fr);
    assert.equal(chosen(), undefined, 'it is gone');
    assert.equal(tracks.list().length, 1);
});
