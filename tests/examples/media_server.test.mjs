// The media server, asked by HTTP as its clients would, killed, and started again over the same folder.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const program = join(resolve(root, process.env.BUILD ?? 'build'), 'asan/examples/media_server');
const place = mkdtempSync(join(tmpdir(), 'syncplay-media-'));
const running = [];
after(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(place, { recursive: true, force: true });
});

async function start(folder) {
    const child = spawn(program, ['0', join(place, folder)], { stdio: ['ignore', 'pipe', 'inherit'] });
    running.push(child);
    const lines = [];
    for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        if (line.startsWith('listening')) break;
    }
    const url = `http://127.0.0.1:${/:(\d+)$/.exec(lines.at(-1))[1]}`;
    return { child, url, back: Number(/^(\d+) parties are back/.exec(lines[0])[1]) };
}

class Client {
    constructor(server, name) { Object.assign(this, { url: server.url, key: `${name}-key`, from: 0, heard: [] }); }

    async ask(method, path, body) {
        const headers = { authorization: `Bearer ${this.key}` };
        const response = await fetch(`${this.url}${path}`, { method, headers, body });
        return { status: response.status, text: await response.text() };
    }

    async join(code) {
        const { status, text } = await this.ask('POST', `/seats?code=${code}`);
        Object.assign(this, { from: 0, heard: [], connection: JSON.parse(text).connection });
        return status;
    }

    say(message) { return this.ask('POST', `/messages?connection=${this.connection}`, JSON.stringify(message)); }

    async poll(from = this.from) {
        const { status, text } = await this.ask('GET', `/messages?connection=${this.connection}&from=${from}`);
        assert.equal(status, 200);
        this.from = from + Buffer.byteLength(text);
        return text.split('\n').slice(0, -1).map((line) => JSON.parse(line));
    }

    // The first message that fits, waiting for it.
    async hears(type, fits = () => true) {
        for (;;) {
            const index = this.heard.findIndex((one) => one.type === type && fits(one));
            if (index >= 0) return this.heard.splice(0, index + 1).at(-1);
            this.heard.push(...(await this.poll()));
        }
    }
}

// Waits until what is on the disk is right. A file may be renamed or removed while we look.
async function saved(folder, isRight) {
    const read = (name) => {
        try { return readFileSync(join(place, folder, name), 'utf8'); } catch { return ''; }
    };
    while (!isRight(readdirSync(join(place, folder)).filter((name) => name.endsWith('.json')).map(read))) {
        await new Promise((good) => setTimeout(good, 20));
    }
}

async function party(server) {
    const [ana, ben] = ['ana', 'ben'].map((name) => new Client(server, name));
    const made = await ana.ask('POST', '/parties?film=1');
    assert.equal(made.status, 201);
    const { code } = JSON.parse(made.text);
    for (const one of [ana, ben]) assert.equal(await one.join(code), 201);
    return { ana, ben, code };
}

test('media_server: friends meet by long polling, and both hear play; killed, it has the party still', async () => {
    const first = await start('killed');
    const { ana, ben, code } = await party(first);
    assert.equal((await ben.hears('state')).session.title, 'Big Buck Bunny');
    assert.equal((await ana.hears('participant', (one) => one.action === 'joined')).user.name, 'Ben');
    for (const one of [ana, ben]) await one.say({ type: 'ready', buffered_ms: 9000 });
    await ana.say({ type: 'play' });
    const heard = await Promise.all([ana, ben].map((one) => one.hears('command', (m) => m.is_playing)));
    assert.equal(heard[0].at, heard[1].at);
    for (const message of ['Hello, Ana', 'Still here']) {
        await ben.say({ type: 'chat', message });
        await saved('killed', (files) => files.some((one) => one.includes(message)));
    }

    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await start('killed');
    assert.equal(second.back, 1);
    Object.assign(ana, { url: second.url });
    assert.equal((await ana.say({ type: 'state' })).status, 410);
    const parties = JSON.parse((await ana.ask('GET', '/parties')).text);
    assert.deepEqual(parties, [{ code, film: 1, phase: 'playing' }]);
    await ana.join(code);
    const state = await ana.hears('state');
    assert.ok(state.is_playing); // as if nothing had been
    assert.deepEqual(state.participants.map((one) => one.name), ['Ana', 'Ben']);
    assert.equal((await ana.hears('chat')).message, 'Hello, Ana');
    second.child.kill();
    assert.deepEqual(await once(second.child, 'exit'), [0, null]); // the address sanitizer would say something else
});

test('media_server: its own users, permissions, friendships and films count', async () => {
    const server = await start('refused');
    const { ana, ben, code } = await party(server);
    const code_of = ({ text }) => JSON.parse(text).error;
    const dora = new Client(server, 'dora');
    assert.equal(code_of(await dora.ask('POST', '/parties?film=1')), 'forbidden'); // may not make any
    assert.equal(await dora.join(code), 201); // a friend of Ana
    const cleo = new Client(server, 'cleo');
    assert.equal(await cleo.join(code), 403); // nobody's friend
    assert.equal((await new Client(server, 'eve').ask('GET', '/parties')).status, 401);
    assert.equal((await ana.ask('POST', '/parties?film=3')).status, 404);
    assert.equal((await ana.ask('GET', '/films')).status, 404);
    cleo.connection = ana.connection; // somebody else's mail is nobody's
    assert.equal((await cleo.say({ type: 'state' })).status, 410);
    assert.equal((await cleo.ask('GET', `/messages?connection=${ana.connection}&from=0`)).status, 410);

    const content = { type: 'content', content_type: 'movie', content_id: '00000000-0000-0000-0000-000000000002' };
    await ana.say({ ...content, url: 'javascript:0' });
    assert.match((await ana.hears('error')).message, /film of this server/);
    await ana.say({ ...content, url: '/films/2.mp4' });
    assert.equal((await ben.hears('session')).session.url, '/films/2.mp4');
    assert.deepEqual(JSON.parse((await ben.ask('GET', '/parties')).text), [{ code, film: 2, phase: 'idle' }]);

    const before = ben.from;
    await ana.say({ type: 'chat', message: 'twice' });
    assert.equal((await ben.hears('chat')).message, 'twice');
    const again = await ben.ask('GET', `/messages?connection=${ben.connection}&from=${before}`);
    assert.match(again.text, /"twice"/); // as if the answer had been lost
    await ana.say({ type: 'end' });
    await ben.hears('ended');
    await saved('refused', (files) => files.length === 0);
    assert.equal((await ben.ask('DELETE', `/seats?connection=${ben.connection}`)).status, 200);
    server.child.kill();
    assert.deepEqual(await once(server.child, 'exit'), [0, null]);
});
