// HTTPS and wss by a certificate of the server's own.

import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import { Client } from './client.mjs';
import { exchange } from './raw.mjs';
import { guest, party, Rest } from './rest.mjs';
import { LIMIT_MS, run } from './server.mjs';
import { makeCertificate, TlsServer } from './tls.mjs';

const film = randomBytes(3_000_000);
let server;

before(async () => {
    server = await TlsServer.start({ CHAT_MAX_MESSAGE_LENGTH: 3000, CHAT_RATE_LIMIT: '1000/second', CHAT_HISTORY: 0 });
    writeFileSync(join(server.media, 'film.mp4'), film);
});
after(() => server.finish());

function open(person, options = {}) {
    return Client.open(server, { token: person.token, ca: server.trusted, ...options });
}

// A party of two, both on their WebSockets.
async function partyOfTwo() {
    const ana = await guest(server, 'Ana');
    const ben = await guest(server, 'Ben');
    const { code } = await party(ana);
    const sockets = [await open(ana), await open(ben)];
    for (const socket of sockets) await socket.join(code);
    return sockets;
}

async function serial(options) {
    const socket = await server.connect(options);
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
}

// All that comes over a plain socket, until the server ends it.
async function everything(socket) {
    const parts = [];
    socket.on('data', (bytes) => parts.push(bytes));
    socket.on('error', () => {});
    await once(socket, 'close');
    return Buffer.concat(parts);
}

test('the API over https', async () => {
    const ana = await guest(server, 'Ana');
    const { status, body } = await ana.rest.request('GET', '/api/v1/users/me');
    assert.equal(status, 200);
    assert.equal(body.name, 'Ana');
    assert.match(server.log, new RegExp(`listening on https://127.0.0.1:${server.port}`));
});

test('a body of the largest size that is allowed', async () => {
    const { status } = await new Rest(server).request('POST', '/api/v1/users', { body: ' '.repeat(65536) });
    assert.equal(status, 400);
});

test('a party of two over wss', async () => {
    const [ana, ben] = await partyOfTwo();
    ana.send({ type: 'chat', message: 'Hello!' });
    assert.equal((await ben.next('chat')).message, 'Hello!');
    ben.send({ type: 'seek', position_ms: 5000 });
    assert.equal((await ana.next('command')).action, 'seek');
    // More than fits into any buffer on the way, in both directions.
    const text = 'x'.repeat(10000);
    const echoes = [];
    for (let index = 0; index < 50; index += 1) {
        ana.send({ type: 'ping', timestamp: index, padding: text });
        echoes.push(ana.next('pong', (pong) => pong.client_timestamp === index));
    }
    assert.equal((await Promise.all(echoes)).length, 50);
    await Promise.all([ana.close(), ben.close()]);
});

test('one who does not read is dropped, and the others go on', async () => {
    const [ana, ben] = await partyOfTwo();
    const eve = await guest(server, 'Eve');
    const deaf = await open(eve);
    await deaf.join((await ana.state()).session.code);
    deaf.socket.pause();
    let count = 0;
    const text = '\u{1f37f}'.repeat(2900);
    const timer = setInterval(() => {
        for (const one of [ana, ben]) one.send({ type: 'chat', id: `${count += 1}`, message: text });
    }, 25).unref();
    await ana.next('participant', ({ action, user }) => action === 'disconnected' && user.user_id === eve.user_id);
    clearInterval(timer);
    await server.logged(/too slow/);
    await Promise.all([ana.settle(), ben.settle()]);
    const chats = ben.received.filter(({ type }) => type === 'chat');
    assert.equal(new Set(chats.map(({ id }) => id)).size, count, 'each message once');
    assert.equal(chats.length, count);
    deaf.socket.terminate();
    await Promise.all([ana.close(), ben.close()]);
});

test('a film, whole and in ranges', async () => {
    const whole = await server.fetch(`${server.url}/media/film.mp4`);
    assert.ok(Buffer.from(await whole.arrayBuffer()).equals(film));
    for (const [first, last] of [[0, 0], [16383, 16385], [1_000_000, 2_999_999]]) {
        const part = await server.fetch(`${server.url}/media/film.mp4`, { headers: { range: `bytes=${first}-${last}` } });
        assert.equal(part.status, 206);
        assert.ok(Buffer.from(await part.arrayBuffer()).equals(film.subarray(first, last + 1)));
    }
});

test('a reader who takes their time gets the whole film, and others theirs meanwhile', async () => {
    const slow = await server.connect();
    slow.write('GET /media/film.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(slow, 'readable');
    assert.equal((await server.fetch(`${server.url}/media/film.mp4`)).status, 200);
    let length = 0;
    for await (const bytes of slow) length += bytes.length;
    assert.ok(length > film.length, `${length}`);
});

test('a client that closes its half after the request gets its answer', async () => {
    const socket = await server.connect({ allowHalfOpen: true });
    socket.end('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const answer = await everything(socket);
    assert.match(String(answer), /^HTTP\/1\.1 200 /);
});

test('thirty who never finish the handshake disturb nobody', async () => {
    const idle = Array.from({ length: 30 }, () => connect(server.port, '127.0.0.1'));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    for (const socket of idle.slice(10)) socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    const shaken = await Promise.all(Array.from({ length: 90 }, () => server.connect())); // more than there are workers
    const [ana, ben] = await partyOfTwo();
    ana.send({ type: 'chat', message: 'Undisturbed' });
    assert.equal((await ben.next('chat')).message, 'Undisturbed');
    assert.equal((await server.fetch(`${server.url}/media/film.mp4`)).status, 200);
    assert.ok([...idle, ...shaken].every((socket) => !socket.destroyed));
    for (const socket of [...idle, ...shaken]) socket.destroy();
    await Promise.all([ana.close(), ben.close()]);
});

test('ninety who never finish the head of their request disturb nobody', async () => {
    const HEAD = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n';
    // The last one looks whole, but civetweb goes on waiting.
    for (const head of [HEAD, `\r\n\r\n${HEAD.slice(0, 9)}`, 'GET /healthz HTTP/1.1\nHost: localhost\n\r\n']) {
        const slow = await Promise.all(Array.from({ length: 90 }, () => server.connect())); // more than there are workers
        for (const socket of slow) socket.resume().write(head);
        assert.equal((await server.fetch(`${server.url}/api/v1/users/me`)).status, 401);
        assert.ok(slow.every((socket) => !socket.destroyed)); // nobody had to be thrown out for it
        // One of them does finish it, a byte at a time.
        if (head === HEAD) {
            for (const byte of 'Accept: */*\r\n\r\n') await new Promise((done) => slow[0].write(byte, done));
            assert.match(String(await everything(slow[0])), /^HTTP\/1\.1 200 /);
        }
        for (const socket of slow) socket.destroy();
    }
});

test('a head that is too long, or breaks off, is refused', async () => {
    for (const head of [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(50_000)}`, 'GET / HTTP/1.1\r\nHost: local']) {
        const socket = await server.connect({ allowHalfOpen: true });
        socket.end(head);
        assert.match(String(await everything(socket)), /^(HTTP\/1\.1 4\d\d .*|)$/s);
    }
    assert.ok(await server.isHealthy());
});

test('one address cannot have all connections, a trusted proxy can', { timeout: 2 * LIMIT_MS }, async () => {
    const settings = { HTTP_THREADS: 8, MAX_CONNECTIONS_PER_ADDRESS: 4, TRUSTED_PROXIES: '127.0.0.7' };
    const EACH = 8 + 4;
    const crowded = await TlsServer.start(settings);
    const open = (localAddress, count) => Array.from({ length: count }, () => connect({ port: crowded.port, host: '127.0.0.1', localAddress }).on('error', () => {}));
    const shake = (socket) => new Promise((resolve) => {
        socket.on('close', () => resolve(false));
        tlsConnect({ socket, ca: crowded.trusted, host: '127.0.0.1' }).on('error', () => {}).on('secureConnect', () => resolve(true));
    });
    const answers = (localAddress) => crowded.fetch(`${crowded.url}/healthz`, { localAddress }).then(({ ok }) => ok);
    // As many as may be. Those who have gone may be there for a moment yet.
    const fill = async (localAddress) => {
        const deadline = Date.now() + LIMIT_MS;
        for (;;) {
            const all = open(localAddress, EACH);
            if ((await Promise.all(all.map(shake))).every(Boolean)) return all;
            for (const socket of all) socket.destroy();
            assert.ok(Date.now() < deadline, 'those who have gone are still counted');
        }
    };
    try {
        for (let turn = 0; turn < 3; turn += 1) {
            const all = await fill('127.0.0.8');
            const [more] = open('127.0.0.8', 1);
            await new Promise((closed) => more.on('close', closed));
            assert.ok(await answers('127.0.0.1'));
            for (const socket of all) socket.destroy();
        }
        const silent = open('127.0.0.9', EACH + 1); // who never finish a handshake are counted, too
        await Promise.race(silent.map((socket) => new Promise((closed) => socket.on('close', closed))));
        for (const socket of silent) socket.destroy();
        const passed = open('127.0.0.7', 2 * EACH);
        assert.ok((await Promise.all(passed.map(shake))).every(Boolean));
        assert.ok(await answers('127.0.0.7'));
        for (const socket of passed) socket.destroy();
    } finally {
        await crowded.finish();
    }
});

for (const [name, bytes] of [
    ['rubbish', randomBytes(5000)], ['zeros', Buffer.alloc(5000)], ['an SSH client', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a handshake that is cut', Buffer.from('1603010200010001fc0303', 'hex')],
]) {
    test(`${name} instead of a handshake ends`, async () => {
        const socket = connect(server.port, '127.0.0.1');
        socket.end(bytes);
        await everything(socket);
        assert.ok(await server.isHealthy());
    });
}

test('plain HTTP on the port is told so', async () => {
    const { status, body } = await exchange(server.port, `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'x'.repeat(9000)}\r\n\r\n`);
    assert.equal(status, 400);
    assert.match(body, /https:/);
});

test('TLS 1.1 and older are refused, 1.2 and 1.3 are not', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
    await assert.rejects(server.connect(old), /protocol version|unsupported protocol|ERR_SSL/i);
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
        const socket = await server.connect({ minVersion: version, maxVersion: version });
        assert.equal(socket.getProtocol(), version);
        socket.destroy();
    }
});

test('no cipher without forward secrecy', async () => {
    await assert.rejects(server.connect({ maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }), /handshake failure/);
});

test('ALPN: http/1.1, or nothing', async () => {
    const socket = await server.connect({ ALPNProtocols: ['h2', 'http/1.1'] });
    assert.equal(socket.alpnProtocol, 'http/1.1');
    socket.destroy();
    await assert.rejects(server.connect({ ALPNProtocols: ['h2'] }), /no application protocol/);
});

test("the client's own address is in the log", async () => {
    await server.fetch(`${server.url}/api/v1/from-five`, { localAddress: '127.0.0.5' });
    await server.logged(/request method=GET path=\/api\/v1\/from-five status=404 remote=127\.0\.0\.5\n/);
    const ana = await guest(server, 'Ana');
    const socket = await open(ana, { localAddress: '127.0.0.6' });
    socket.socket.terminate();
    await server.logged(/connection closed remote=127\.0\.0\.6 /);
});

// The ports that the process listens on.
function listeningPorts(pid) {
    const sockets = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => {
        try {
            return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
        } catch {
            return undefined; // closed in the meantime
        }
    }));
    return readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').map((line) => line.trim().split(/\s+/))
        .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(inode))
        .map(([, address]) => parseInt(address.split(':')[1], 16));
}

test('the plain port behind TLS is for nobody else', async () => {
    const [inner, ...more] = listeningPorts(server.child.pid).filter((port) => port !== server.port);
    assert.ok(inner > 0);
    assert.deepEqual(more, []);
    for (const path of ['/', '/healthz', '/media/film.mp4']) {
        const { status } = await exchange(inner, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
        assert.equal(status, 403, path);
    }
    const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    const { status } = await exchange(inner, `GET /api/v1/syncplay/ws HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`);
    assert.equal(status, 403);
});

test('SIGHUP: the new certificate for those who come, the old connections go on', async () => {
    const [ana, ben] = await partyOfTwo();
    const before = await serial();
    const second = makeCertificate(server.folder, 'second');
    copyFileSync(second.certificate, server.pair.certificate);
    copyFileSync(second.key, server.pair.key);
    server.trusted.push(second.text);
    assert.equal(await serial(), before, 'not before it is told to');
    server.child.kill('SIGHUP');
    await server.logged(/the configuration was read again/);
    assert.notEqual(await serial(), before);
    ana.send({ type: 'chat', message: 'Still here' });
    assert.equal((await ben.next('chat')).message, 'Still here');
    await Promise.all([ana.close(), ben.close()]);
});

test('SIGHUP with a pair that does not fit: the old one stays', async () => {
    const [ana, ben] = await partyOfTwo();
    const before = await serial();
    const third = makeCertificate(server.folder, 'third');
    copyFileSync(third.certificate, server.pair.certificate);
    server.child.kill('SIGHUP');
    await server.logged(/error the configuration stays as it was reason="tls\.key: .*first\.key is not the key of the certificate/);
    assert.equal(await serial(), before);
    ana.send({ type: 'chat', message: 'Still here' });
    assert.equal((await ben.next('chat')).message, 'Still here');
    await Promise.all([ana.close(), ben.close()]);
});

test('a certificate and a key that cannot be used are refused, at start and by --check-config', async () => {
    const one = makeCertificate(server.folder, 'one');
    const two = makeCertificate(server.folder, 'two');
    const rubbish = join(server.folder, 'rubbish.pem');
    const locked = join(server.folder, 'locked.key');
    writeFileSync(rubbish, 'rubbish\n');
    execFileSync('openssl', ['pkcs8', '-topk8', '-in', one.key, '-out', locked, '-passout', 'pass:secret']);
    const settings = { SYNCPLAY_LISTEN: '127.0.0.1:0', SYNCPLAY_DATABASE: join(server.folder, 'other.db') };
    for (const [certificate, key, sentence] of [
        [one.certificate, two.key, `tls.key: ${two.key} is not the key of the certificate in ${one.certificate}`],
        [rubbish, one.key, `tls.certificate: ${rubbish} is not a PEM file with a certificate`],
        [one.certificate, rubbish, `tls.key: ${rubbish} is not a PEM file with a key`],
        [one.certificate, locked, `tls.key: ${locked} is encrypted`],
        ['/nowhere.pem', one.key, 'tls.certificate: cannot read /nowhere.pem: No such file'],
        [one.certificate, '', 'tls.certificate and tls.key must both be given, or neither'],
    ]) {
        const args = ['--tls-certificate', certificate, '--tls-key', key];
        for (const more of [[], ['--check-config']]) {
            const { code, stderr } = await run([...args, ...more], settings);
            assert.notEqual(code, 0);
            assert.ok(stderr.includes(sentence), stderr);
        }
    }
    const good = await run(['--tls-certificate', one.certificate, '--tls-key', one.key, '--check-config'], settings);
    assert.equal(good.code, 0, good.stderr);
});

test('at the end everybody is told, through TLS', async () => {
    const other = await TlsServer.start();
    const ana = await guest(other, 'Ana');
    const socket = await Client.open(other, { token: ana.token, ca: other.trusted });
    const idle = await other.connect();
    assert.equal(await other.finish(), 0);
    assert.equal((await socket.closed).code, 1001);
    if (!idle.closed) await once(idle, 'close');
});
