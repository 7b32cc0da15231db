// The mpv example against the real server: two followers, each with an mpv without window and sound, which are also
// asked and told by a second connection, as if somebody pressed their keys.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { makeFilm } from '../page/film.mjs';
import { startProxy } from '../page/proxy.mjs';
import { Server, freePort, root } from '../server/server.mjs';

const program = resolve(root, process.env.BUILD ?? 'build', 'asan/examples/mpv_follower');
const place = mkdtempSync(join(tmpdir(), 'syncplay-mpv-'));
const QUIET = ['--no-config', '--vo=null', '--ao=null'];
const FRAME = 0.04;
const running = [];
let server;
let film;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Waits until it is so; what never becomes so is ended by the suite's time limit.
async function until(condition) {
    for (;;) {
        const value = await condition();
        if (value) return value;
        await pause(30);
    }
}

// --- mpv, as its user has it ----------------------------------------------------------------------------------------

class Keys {
    static async connect(path) {
        const keys = new Keys();
        keys.waiting = new Map();
        keys.socket = await until(() => new Promise((done) => {
            const socket = createConnection(path, () => done(socket)).on('error', () => done(null));
        }));
        createInterface({ input: keys.socket }).on('line', (line) => {
            const { request_id, data, error } = JSON.parse(line);
            keys.waiting.get(request_id)?.({ data, error, at: performance.now() });
            keys.waiting.delete(request_id);
        });
        return keys;
    }

    async ask(...command) {
        const request_id = (this.last = (this.last ?? 0) + 1);
        const sent = performance.now();
        this.socket.write(`${JSON.stringify({ command, request_id })}\n`);
        const answer = await new Promise((done) => this.waiting.set(request_id, done));
        return { ...answer, middle: (sent + answer.at) / 2 };
    }

    get = async (name) => (await this.ask('get_property', name)).data;
    set = (name, value) => this.ask('set_property', name, value);
    seek = (seconds) => this.ask('seek', seconds, 'absolute+exact');
}

// --- A follower with its mpv ----------------------------------------------------------------------------------------

class Member {
    constructor(args, options = QUIET) {
        this.ipc = join(place, `ipc-${running.length}`);
        const more = options ? [...options, `--input-ipc-server=${this.ipc}`] : [];
        this.child = spawn(program, [...args, ...more], { stdio: ['pipe', 'pipe', 'pipe'] });
        this.said = [];
        running.push(this.child);
        for (const stream of [this.child.stdout, this.child.stderr])
            createInterface({ input: stream }).on('line', (line) => this.said.push(line));
        this.ended = once(this.child, 'close').then(([code]) => { this.code = code; return code; });
    }

    // The first line since the last one that was heard.
    async hears(pattern) {
        return until(() => {
            const index = this.said.findIndex((line) => pattern.test(line));
            if (index < 0 && this.code !== undefined)
                throw new Error(`${pattern} was not said:\n${this.said.join('\n')}`);
            return index >= 0 && pattern.exec(this.said.splice(0, index + 1).at(-1));
        });
    }

    type(line) {
        this.child.stdin.write(`${line}\n`);
    }

    async sits() {
        this.keys = await Keys.connect(this.ipc);
        await until(async () => (await this.keys.get('duration')) > 0);
        return this;
    }
}

async function join_(code, name, args = [film], more = []) {
    return new Member(['--server', server.url, '--name', name, ...more, code, ...args]);
}

async function party() {
    const ana = new Member(['--server', server.url, '--name', 'Ana', '--create', film]);
    const [, code] = await ana.hears(/^\* the code is (\w+)/);
    await ana.hears(/^\* \w+: film\.webm, idle at/);
    const ben = await join_(code, 'Ben');
    await ben.hears(/with Ana, Ben/);
    await Promise.all([ana.sits(), ben.sits()]);
    await onTheSameFrame(ana, ben);
    return { ana, ben };
}

const all = (members, name) => Promise.all(members.map((member) => member.keys.get(name)));
const are = (members, name, value) => until(async () => (await all(members, name)).every((is) => is === value));

// Where they are at the same instant, in seconds of film, one less the other.
async function apart(one, other) {
    const [a, b] = await Promise.all([one, other].map((member) => member.keys.ask('get_property', 'audio-pts')));
    return a.data === undefined || b.data === undefined ? Infinity : a.data - b.data - (a.middle - b.middle) / 1000;
}

// Ten readings in a row are closer than this.
async function inStep(one, other, seconds = FRAME) {
    let good = 0;
    await until(async () => {
        good = Math.abs(await apart(one, other)) < seconds ? good + 1 : 0;
        return good === 10;
    });
}

// Paused, and on the same picture, ten times in a row: nothing is on the way any more.
async function onTheSameFrame(one, other) {
    let good = 0;
    let picture;
    await until(async () => {
        const [paused, seeking, pictures] = await Promise.all(
            ['pause', 'seeking', 'time-pos'].map((name) => all([one, other], name)));
        const stand = paused.every(Boolean) && !seeking.some(Boolean) && pictures[0] === pictures[1];
        good = stand && (good === 0 || pictures[0] === picture) ? good + 1 : 0;
        [picture] = pictures;
        return good === 10;
    });
    return picture;
}

before(async () => {
    server = await Server.start();
    film = join(server.media, 'film.webm');
    makeFilm(film);
});

after(async () => {
    for (const child of running) child.kill('SIGKILL'); // and their mpv go with them
    await server.finish();
    rmSync(place, { recursive: true, force: true });
});

// --- Together -------------------------------------------------------------------------------------------------------

test('what is done in one mpv happens in the other', async (t) => {
    const { ana, ben } = await party();

    await t.test('play: both play, in step', async () => {
        await ana.keys.set('pause', false);
        await are([ana, ben], 'pause', false);
        await inStep(ana, ben);
    });
    await t.test('pause: both stand on the identical picture, and so does the party', async () => {
        await ana.keys.set('pause', true);
        const picture = await onTheSameFrame(ana, ben);
        await ben.hears({ test: (line) => {
            const [, seconds] = /^\* pause at 0:([\d.]+) \(Ana\)/.exec(line) ?? [];
            return Math.abs(Number(seconds) - picture) <= FRAME;
        }, exec: () => true });
    });
    await t.test('seek while it stands', async () => {
        await ben.keys.seek(31.23);
        await ana.hears(/^\* seek at 0:31\.\d+ \(Ben\)/);
        const picture = await onTheSameFrame(ana, ben);
        assert.ok(Math.abs(picture - 31.23) < 2 * FRAME, `at ${picture}`);
    });
    await t.test('play from the other one, and seek while it plays', async () => {
        await ben.keys.set('pause', false);
        await are([ana, ben], 'pause', false);
        await inStep(ana, ben);
        await ana.keys.seek(10);
        await ben.hears(/^\* seek at 0:1\d\.\d+ \(Ana\)/);
        await ben.hears(/^\* play at/);
        await are([ana, ben], 'pause', false);
        await inStep(ana, ben);
        assert.ok((await ben.keys.get('time-pos')) < 30);
    });
    await t.test('a small displacement is made good without a word', async () => {
        ana.said.length = 0;
        await ben.keys.ask('seek', -0.3, 'relative+exact');
        await inStep(ana, ben);
        assert.deepEqual(ana.said.filter((line) => /^\* (seek|pause)/.test(line)), []);
    });
    await t.test('typed: status, pause, seek, play, chat', async () => {
        ana.type('status');
        await ana.hears(/^\* playing.*; the party is at 0:\d\d\.\d{3}; clock known to [\d.]+ ms, round trip [\d.]+ ms/);
        ana.type('pause');
        await onTheSameFrame(ana, ben);
        ana.type('seek 20');
        await ben.hears(/^\* seek at 0:20\.000 \(Ana\)/);
        const picture = await onTheSameFrame(ana, ben);
        assert.ok(Math.abs(picture - 20) < FRAME, `at ${picture}`);
        ben.type('What a film');
        await ana.hears(/^Ben: What a film$/);
        ana.type('play');
        await are([ana, ben], 'pause', false);
        await inStep(ana, ben);
    });
    // As in a browser: not the next one, and not the one before, wherever in it the place is.
    await t.test('they show the frame that the place is in', async () => {
        ana.type('pause');
        for (const place of [21.001, 21.005, 21.009, 21.013, 21.022, 21.037]) {
            ana.type(`seek ${place}`);
            await ben.hears(new RegExp(`^\\* seek at 0:${String(place).replace('.', '\\.')} \\(Ana\\)`));
            const picture = await onTheSameFrame(ana, ben);
            assert.ok(picture <= place + 0.001 && place < picture + FRAME + 0.001, `${picture} for ${place}`);
        }
        ana.type('play');
        await are([ana, ben], 'pause', false);
        await inStep(ana, ben);
    });
    await t.test('apart, and back', async () => {
        ben.type('apart');
        await ben.hears(/^\* watching apart/);
        await ben.keys.seek(50);
        await ben.keys.set('pause', true);
        await until(async () => (await ben.keys.get('time-pos')) > 49 && !(await ben.keys.get('seeking')));
        await inStep(ana, ana); // takes as long as ten looks at it
        assert.equal(await ana.keys.get('pause'), false);
        ben.type('back');
        await are([ana, ben], 'pause', false);
        await inStep(ana, ben);
    });
    await t.test('the server dies and comes back: so do they', async () => {
        await server.kill();
        await Promise.all([ana, ben].map((member) => member.hears(/^\* connection lost.*trying again$/)));
        await server.start();
        await Promise.all([ana, ben].map((member) => member.hears(/^\* (back again|\w{8}: )/)));
        await until(async () => {
            const is = await ana.keys.get('pause');
            if (!is) await ana.keys.set('pause', true);
            return is;
        });
        await onTheSameFrame(ana, ben);
    });
    await t.test('q in mpv leaves the party', async () => {
        await ben.keys.ask('quit');
        await ben.hears(/^\* mpv was closed$/);
        assert.equal(await ben.ended, 0);
        await ana.hears(/^\* Ben: left$/);
    });
    await t.test('mpv that dies is told', async () => {
        process.kill(await ana.keys.get('pid'), 'SIGKILL');
        await ana.hears(/^! mpv was ended by signal 9$/);
        assert.equal(await ana.ended, 1);
    });
});

// --- Whose film -----------------------------------------------------------------------------------------------------

test('the film that the party names is played, and an mpv that was there can be used', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const post = async (path, body, token) => (await fetch(`${server.url}/api/v1${path}`, {
        method: 'POST', body: JSON.stringify(body),
        headers: { ...headers, ...(token && { Authorization: `Bearer ${token}` }) },
    })).json();
    const { token } = await post('/users', { name: 'Host' });
    const { code } = await post('/syncplay/sessions', {
        content_type: 'media', content_id: '0192f000-0000-7000-8000-000000000001', url: '/media/film.webm',
        visibility: 'public',
    }, token);
    const below = await startProxy(server, '/films/'); // where the film is, then, too
    const ana = await new Member(['--server', below.url, '--name', 'Ana', code, '--']).sits();
    await ana.hears(/^\* playing http:.*\/films\/media\/film\.webm$/);

    const ipc = join(place, 'ipc-attached');
    const mpv = spawn('mpv', [...QUIET, '--pause', `--input-ipc-server=${ipc}`, '--', film], { stdio: 'ignore' });
    running.push(mpv);
    const keys = await Keys.connect(ipc);
    const ben = new Member(['--server', server.url, '--name', 'Ben', code, '--ipc', ipc], null);
    ben.keys = keys;
    await ben.hears(/with .*Ben/);
    await until(async () => (await keys.get('duration')) > 0);
    await onTheSameFrame(ana, ben);
    await ana.keys.set('pause', false);
    await are([ana, ben], 'pause', false);
    await inStep(ana, ben);
    ben.type('quit');
    assert.equal(await ben.ended, 0);
    assert.equal(typeof (await keys.get('time-pos')), 'number'); // it stays
    ana.child.kill('SIGINT');
    assert.equal(await ana.ended, 0);
    below.stop();
});

// A server that says anything: the film's address comes from strangers, and the handshake may be answered by anybody.
async function liar(url, { speaksWebSocket = true, joined = () => {} } = {}) {
    const user = { user_id: '0192f000-0000-7000-8000-000000000002', name: 'Ana' };
    const http = createHttpServer((request, response) => response.end(JSON.stringify({ ...user, token: 'x' })));
    const sockets = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, socket, head) => {
        if (!speaksWebSocket) {
            const accept = Buffer.alloc(20).toString('base64');
            const head101 = ['HTTP/1.1 101 Yes', 'Upgrade: websocket', 'Connection: Upgrade',
                             `Sec-WebSocket-Accept: ${accept}`];
            socket.write(`${head101.join('\r\n')}\r\n\r\n`);
            return;
        }
        sockets.handleUpgrade(request, socket, head, (peer) => peer.on('message', (text) => {
            if (JSON.parse(text).type !== 'join') return;
            peer.send(JSON.stringify({
                type: 'state', is_playing: false, position_ms: 0, server_time: Date.now(), at: 0, revision: 1,
                playback_speed: 1, phase: 'idle', participants: [user], waiting_for: [],
                you: { ...user, is_host: false, can_control: true, role: 'viewer', rights: [] },
                session: { id: user.user_id, code: 'K7MPX2QD', host_user_id: user.user_id, content_type: 'movie',
                           content_id: user.user_id, title: 'A \u001b[31mred\u009b one', url },
            }));
            joined(peer);
        }));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return { url: `http://127.0.0.1:${http.address().port}`, end: () => http.close() };
}

test('a film that is not on the web is not opened, and titles cannot reach the terminal', async () => {
    for (const url of ['file:///etc/passwd', '../../etc/passwd', '--script=/x', '//etc/passwd', 'av://lavfi:testsrc']) {
        const lies = await liar(url);
        const ana = new Member(['--server', lies.url, 'K7MPX2QD', '--']);
        await ana.hears(/^\* K7MPX2QD: A \?\[31mred\?\? one, idle/);
        await ana.hears(/^! not played, for it is not http or https: /);
        const keys = await Keys.connect(ana.ipc);
        assert.equal(await keys.get('idle-active'), true);
        ana.type('quit');
        assert.equal(await ana.ended, 0);
        lies.end();
    }
});

test('whoever does not speak WebSocket is not believed', async () => {
    const lies = await liar('', { speaksWebSocket: false });
    const ana = new Member(['--server', lies.url, 'K7MPX2QD', '--']);
    await ana.hears(/^\* no connection: it answered the handshake with 101.*trying again$/);
    ana.type('quit');
    assert.equal(await ana.ended, 0);
    lies.end();
});

test('a server that goes down is come back to; a party that is over is not', async () => {
    let joins = 0;
    const lies = await liar('', { joined: (peer) => {
        joins += 1;
        peer.send(JSON.stringify({ type: 'ended', reason: joins === 1 ? 'shutdown' : 'host' }));
        if (joins === 1) peer.close();
    } });
    const ana = new Member(['--server', lies.url, 'K7MPX2QD', film]);
    await ana.hears(/^\* the server is restarting$/);
    await ana.hears(/^\* K7MPX2QD: /);
    await ana.hears(/^\* over: host$/);
    assert.equal(await ana.ended, 0);
    assert.equal(joins, 2);
    lies.end();
});

// --- What can go wrong ----------------------------------------------------------------------------------------------

test('what goes wrong is said in words', async () => {
    const lost = new Member(['--server', server.url, 'AAAA2222', film]);
    await lost.hears(/^! .*code/i);
    assert.equal(await lost.ended, 1);

    const alone = new Member(['--server', `http://127.0.0.1:${await freePort()}`, 'AAAA2222', film], null);
    await alone.hears(/^The server cannot be reached: /);
    assert.equal(await alone.ended, 1);

    const nobody = new Member(['--server', server.url, '--create', '--ipc', join(place, 'nothing')], null);
    await nobody.hears(/nothing: No such file.*Start mpv with --input-ipc-server=/);
    assert.equal(await nobody.ended, 1);

    const none = new Member(['--server', server.url, '--create', join(place, 'none.webm')]);
    await none.hears(/^! mpv cannot play it: /);
    none.type('quit');
    assert.equal(await none.ended, 0);

    const wrong = [
        [], ['--server', 'ftp://x', 'AAAA2222'], ['--odd', 'AAAA2222'], ['--create', '--ipc', 'x', 'film'], ['--name'],
    ];
    for (const args of wrong) assert.equal(await new Member(args, null).ended, 2, args.join(' '));
});
