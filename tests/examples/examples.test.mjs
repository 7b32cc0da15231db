// The examples, run as a reader would: those that tell a story, the servers driven line by line, the terminal
// client against the real server.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const tests = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const build = resolve(tests, '..', process.env.BUILD ?? 'build');
const place = mkdtempSync(join(tmpdir(), 'syncplay-examples-'));
const running = [];

after(() => {
    for (const child of running) child.kill();
    rmSync(place, { recursive: true, force: true });
});

// What comes line by line, and may be waited for: find(test) takes the first line that passes, old ones included.
class Lines {
    #lines = [];
    #waiting = [];

    constructor(stream, end) {
        stream.on('error', () => {}); // a connection may be reset; that it is over is all that counts
        createInterface({ input: stream }).on('error', () => {}).on('line', (line) => {
            this.#lines.push(line);
            this.#waiting = this.#waiting.filter((look) => !look());
        }).on('close', () => { this.#waiting.forEach((look) => look(end)); this.closed = true; });
    }

    find(matches) {
        return new Promise((good, bad) => {
            const look = (end) => {
                const index = this.#lines.findIndex(matches);
                if (index >= 0) good(this.#lines.splice(index, 1)[0]);
                else if (end || this.closed) bad(new Error(`nothing like ${matches}; left: ${this.#lines.join('\n')}`));
                return index >= 0;
            };
            if (!look() && !this.closed) this.#waiting.push(look);
        });
    }
}

function start(command, args, options) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    running.push(child);
    child.lines = new Lines(child.stdout, 'end');
    child.errors = new Lines(child.stderr, 'end');
    child.type = (line) => child.stdin.write(`${line}\n`);
    child.ended = new Promise((good) => child.on('exit', good));
    return child;
}

// --- stories in pretended time ---------------------------------------------------------------------------------------

for (const name of ['loopback', 'follow', 'chronicle', 'own_wire', 'shards']) {
    for (const variant of ['', 'asan/']) {
        test(`${name} tells its story ${variant && '(with the address sanitizer)'}`, () => {
            const story = execFileSync(join(build, `${variant}examples/${name}`), { encoding: 'utf8' });
            assert.equal(story, readFileSync(join(tests, `examples/${name}.txt`), 'utf8'));
        });
    }
}

// --- tcp_server, and the same on other event loops -----------------------------------------------------------------

async function lineServer(name) {
    const server = start(join(build, 'asan/examples', name), ['0']);
    const port = Number(/:(\d+)$/.exec(await server.lines.find((line) => line.startsWith('listening')))[1]);
    const connect = () => {
        const socket = createConnection(port, '127.0.0.1');
        const lines = new Lines(socket, 'end');
        return {
            socket,
            say: (message) => socket.write(`${JSON.stringify(message)}\n`),
            hears: async (type, more = () => true) => {
                const fits = (line) => JSON.parse(line).type === type && more(JSON.parse(line));
                return JSON.parse(await lines.find(fits));
            },
            closed: new Promise((good) => socket.on('close', good)),
        };
    };
    return { server, connect };
}

// Most of their time is the five seconds after which somebody is away, so they share them.
describe('party servers, a message a line', { concurrency: true }, () => {
    for (const name of ['tcp_server', 'epoll_server', 'libuv_server']) {
        test(`${name}: two guests meet, play, chat and part`, async () => {
            const { server, connect } = await lineServer(name);
            const ana = connect();
            ana.say({ type: 'hello', name: 'Ana' });
            ana.say({ type: 'create', title: 'Big Buck Bunny' });
            const { session, you } = await ana.hears('state');
            assert.equal(session.title, 'Big Buck Bunny');
            assert.equal(you.name, 'Ana');

            const ben = connect();
            ben.say({ type: 'hello', name: 'Ben' });
            ben.say({ type: 'join', session_code: session.code });
            assert.deepEqual((await ben.hears('state')).participants.map((one) => one.name), ['Ana', 'Ben']);
            assert.equal((await ana.hears('participant', (message) => message.action === 'joined')).user.name, 'Ben');

            ana.say({ type: 'ready', buffered_ms: 9000 });
            ben.say({ type: 'ready', buffered_ms: 9000 });
            ben.say({ type: 'play' });
            const [first, second] = await Promise.all([ana, ben].map((one) => one.hears('command', (m) => m.is_playing)));
            assert.equal(first.at, second.at);
            ben.say({ type: 'chat', message: 'Hello!' });
            assert.equal((await ana.hears('chat')).message, 'Hello!');

            ben.socket.destroy();
            assert.equal((await ana.hears('participant', (message) => message.action === 'disconnected')).user.name, 'Ben');
            server.kill();
        });

        test(`${name}: nothing before hello, and no bad names`, async () => {
            const { server, connect } = await lineServer(name);
            const guest = connect();
            guest.say({ type: 'join', session_code: 'AAAA2222' });
            assert.equal((await guest.hears('error')).code, 'say_hello_first');
            guest.say({ type: 'hello', name: 'x'.repeat(33) });
            assert.equal((await guest.hears('error')).code, 'bad_name');
            guest.say({ type: 'hello', name: 'Ana' });
            guest.say({ type: 'join', session_code: 'AAAA2222' });
            assert.equal((await guest.hears('error')).code, 'not_found');
            server.kill();
        });

        test(`${name}: a line that never ends is cut off, and the others go on`, async () => {
            const { server, connect } = await lineServer(name);
            const [endless, ana] = [connect(), connect()];
            endless.socket.write('x'.repeat(20000));
            await endless.closed;
            ana.say({ type: 'hello', name: 'Ana' });
            ana.say({ type: 'create', title: 'Still here' });
            await ana.hears('state');
            server.kill();
        });

        test(`${name}: a guest who does not read is dropped, and nobody waits for them`, async () => {
            const { server, connect } = await lineServer(name);
            const [ana, deaf] = [connect(), connect()];
            ana.say({ type: 'hello', name: 'Ana' });
            ana.say({ type: 'create', title: 'A film' });
            const { session } = await ana.hears('state');
            deaf.say({ type: 'hello', name: 'Deaf' });
            deaf.say({ type: 'join', session_code: session.code });
            await deaf.hears('state');
            deaf.socket.pause();
            // Deaf asks and asks, and never listens to the answers: the kernel's buffers fill, then the queue, then it is over.
            let gone = false;
            const left = ana.hears('participant', (message) => message.action === 'disconnected').then(() => { gone = true; });
            const ask = () => {
                if (gone) return;
                deaf.say({ type: 'state' });
                setImmediate(ask);
            };
            ask();
            await left;
            server.kill();
        });
    }
    for (const name of ['epoll_server', 'libuv_server']) {
        test(`${name}: when it ends everybody is told, and nothing is left behind`, async () => {
            const { server, connect } = await lineServer(name);
            const ana = connect();
            ana.say({ type: 'hello', name: 'Ana' });
            ana.say({ type: 'create', title: 'A film' });
            await ana.hears('state');
            server.kill();
            assert.equal((await ana.hears('ended')).reason, 'shutdown');
            await ana.closed;
            assert.equal(await server.ended, 0); // the address sanitizer would say something else
        });
    }
});

// --- ws_client -----------------------------------------------------------------------------------------------------

async function freePort() {
    const { createServer } = await import('node:net');
    return new Promise((good) => {
        const probe = createServer().listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => good(port));
        });
    });
}

async function realServer(at) {
    const port = at ?? (await freePort());
    const environment = { ...process.env, SYNCPLAY_LISTEN: `127.0.0.1:${port}`, SYNCPLAY_DATABASE: join(place, `${port}.db`) };
    const server = start(join(build, 'syncplay-server'), [], { env: environment, cwd: place });
    const url = `http://127.0.0.1:${port}`;
    for (;;) {
        if (server.exitCode !== null) throw new Error('the server did not start');
        const answer = await fetch(`${url}/healthz`).catch(() => null);
        if (answer?.ok) return { server, url, port };
        await new Promise((good) => setTimeout(good, 20));
    }
}

// A copy outside of the tree with the tests' ws beside it, as npm install would put it.
function installClient() {
    const folder = mkdtempSync(join(place, 'ws_client-'));
    cpSync(resolve(tests, '../examples/ws_client'), folder, { recursive: true });
    symlinkSync(join(tests, 'node_modules'), join(folder, 'node_modules'));
    return join(folder, 'client.mjs');
}

test('ws_client: makes a party, a friend joins, they play, seek, chat and part', async () => {
    const { server, url } = await realServer();
    const script = installClient();
    const client = (...args) => start(process.execPath, [script, '--server', url, ...args]);

    const ana = client('--name', 'Ana');
    const code = /code is (\w+)/.exec(await ana.lines.find((line) => line.includes('the code is')))[1];
    await ana.lines.find((line) => line.startsWith(`* ${code}:`));

    const ben = client('--name', 'Ben', code);
    await ben.lines.find((line) => /with Ana, Ben$/.test(line));
    await ana.lines.find((line) => line === '* Ben: joined');

    ana.type('play');
    await ben.lines.find((line) => /^\* play at 0:00/.test(line));
    ben.type('seek 90');
    await ana.lines.find((line) => /^\* (seek|play|pause) at 1:30/.test(line));
    ben.type('pause');
    await ana.lines.find((line) => /^\* pause at 1:3\d \(Ben\)/.test(line));
    ana.type('Hello, Ben!');
    await ben.lines.find((line) => line === 'Ana: Hello, Ben!');
    ben.type('quit');
    assert.equal(await ben.ended, 0);
    await ana.lines.find((line) => line === '* Ben: left');
    ana.stdin.end();
    assert.equal(await ana.ended, 0);
    server.kill();
});

test('ws_client: an invitation lets in, and a restart of the server is survived', async () => {
    const first = await realServer();
    const script = installClient();
    const client = (...args) => start(process.execPath, [script, '--server', first.url, ...args]);
    const ana = client('--name', 'Ana');
    const code = /code is (\w+)/.exec(await ana.lines.find((line) => line.includes('the code is')))[1];
    await ana.lines.find((line) => line.startsWith(`* ${code}:`));
    ana.type('invite');
    const [, token] = /--invitation (\S+) /.exec(await ana.lines.find((line) => line.includes('--invitation')));
    const ben = client('--name', 'Ben', '--invitation', token, code);
    await ben.lines.find((line) => /with Ana, Ben$/.test(line));
    const late = client('--name', 'Cleo', '--invitation', token, code);
    assert.match(await late.errors.find(() => true), /used up/);

    first.server.kill();
    await first.server.ended;
    const second = await realServer(first.port);
    for (const each of [ana, ben]) await each.lines.find((line) => /with Ana, Ben$/.test(line));
    ana.type('Still there?');
    await ben.lines.find((line) => line === 'Ana: Still there?');
    for (const each of [ana, ben]) each.type('quit');
    assert.deepEqual(await Promise.all([ana.ended, ben.ended]), [0, 0]);
    second.server.kill();
});

test('ws_client: a wrong code is told and ends it', async () => {
    const { server, url } = await realServer();
    const lost = start(process.execPath, [installClient(), '--server', url, 'ZZZZ9999']);
    assert.match(await lost.errors.find(() => true), /session|code/);
    assert.equal(await lost.ended, 1);
    server.kill();
});
