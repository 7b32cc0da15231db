// Bodies that come slowly: a worker waits for each, so for how long, and for how many of one address, has limits.

import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { exchange } from './raw.mjs';
import { LIMIT_MS, Server } from './server.mjs';
import { TlsServer } from './tls.mjs';

const THREADS = 8;
const EACH = 4; // of one address
const BODY = '{"name":"Ana"}';
const DRIP_MS = 50; // far less than any timeout

const servers = {};
before(async () => {
    servers.hasty = await Server.start({ REQUEST_TIMEOUT: '1s' });
    servers.secure = await TlsServer.start({ REQUEST_TIMEOUT: '1s' });
    servers.patient = await Server.start({ REQUEST_TIMEOUT: '1h', HTTP_THREADS: THREADS, TRUSTED_PROXIES: '127.0.0.1', GUEST_RATE_LIMIT: '10000/minute' });
});
after(() => Promise.all(Object.values(servers).map((server) => server.finish())));

function head(path, ...headers) {
    return [`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', ...headers, '', ''].join('\r\n');
}

// Sends a head, and then a byte from time to time without an end, whatever is answered. Returns what the server has said
// when it closes.
function drip(socket, start, piece) {
    const parts = [];
    return new Promise((resolve, reject) => {
        const limit = setTimeout(() => (reject(new Error('time is up')), socket.destroy()), LIMIT_MS);
        const timer = setInterval(() => socket.write(piece), DRIP_MS);
        socket.on('data', (bytes) => parts.push(bytes));
        socket.on('error', () => {}); // a close follows
        socket.on('close', () => (clearInterval(timer), clearTimeout(limit), resolve(Buffer.concat(parts).toString('latin1'))));
        socket.write(start);
    });
}

const plain = () => connect({ port: servers.hasty.port, host: '127.0.0.1', allowHalfOpen: true });

for (const [what, start, piece, status] of [
    ['with a length', head('/api/v1/users', 'Content-Length: 60000'), 'x', 408],
    ['in chunks', head('/api/v1/users', 'Transfer-Encoding: chunked'), '1\r\nx\r\n', 408],
    ['that is too long anyway', head('/api/v1/users', 'Content-Length: 600000'), 'x', 413],
    ['for a page', head('/', 'Content-Length: 60000').replace('POST', 'GET'), 'x', 200],
    ['for nothing', head('/nothing', 'Content-Length: 60000').replace('POST', 'GET'), 'x', 404],
    ['for a film', head('/media/film.mp4', 'Content-Length: 60000').replace('POST', 'GET'), 'x', 400],
    ['for a WebSocket', head('/api/v1/syncplay/ws', 'Content-Length: 60000').replace('POST', 'GET'), 'x', 400],
]) {
    test(`a body ${what} that never ends is ended by the server`, async () => {
        assert.match(await drip(plain(), start, piece), new RegExp(`^HTTP/1\\.1 ${status} `));
    });
}

test('the same over TLS', async () => {
    const socket = await servers.secure.connect();
    assert.match(await drip(socket, head('/api/v1/users', 'Content-Length: 60000'), 'x'), /^HTTP\/1\.1 408 /);
});

const post = (from) => head('/api/v1/users', `X-Forwarded-For: ${from}`, `Content-Length: ${BODY.length}`);

async function whole(from) {
    return (await exchange(servers.patient.port, [post(from) + BODY])).status;
}

// A request whose body does not come.
function wait(from) {
    const socket = connect(servers.patient.port, '127.0.0.1');
    const one = { socket, answer: once(socket, 'data').then(([bytes]) => (one.text = String(bytes))) };
    socket.on('error', () => {}); // a close follows
    socket.write(post(from));
    return one;
}

// As many of them as may be, and two more, which are refused. Returns the others.
async function waits(from) {
    const all = Array.from({ length: EACH + 2 }, () => wait(from));
    await Promise.race(all.map(({ answer }) => answer));
    // Of so many at least one is refused, whoever goes meanwhile; it came after all above, and so was refused after them.
    const later = Array.from({ length: EACH + 1 }, () => wait(from));
    await Promise.race(later.map(({ answer }) => answer));
    for (const { socket } of later) socket.destroy();
    for (const { text } of all) if (text) assert.match(text, /^HTTP\/1\.1 429 .*\r\nRetry-After: 1\r\n/s);
    return all.filter(({ text }) => !text);
}

// The bodies come after all.
async function finish(all) {
    for (const { socket } of all) socket.write(BODY);
    return (await Promise.all(all.map(({ answer }) => answer))).map((text) => Number(text.slice(9, 12)));
}

test('one address cannot have all workers wait for bodies', { timeout: LIMIT_MS }, async () => {
    const slow = await waits('192.0.2.1');
    assert.equal(slow.length, EACH);
    assert.equal(await whole('192.0.2.2'), 201);
    assert.equal(await whole('192.0.2.1'), 201, 'what comes at once is welcome');
    assert.deepEqual(await finish(slow), Array(EACH).fill(201));
});

test('those who have gone are no longer counted, and not twice', { timeout: 2 * LIMIT_MS }, async () => {
    for (let turn = 0; turn < 3; turn += 1) {
        for (const { socket } of await waits('192.0.2.3')) socket.destroy();
    }
    // Some of them may still be there for a moment.
    for (let all = []; all.length < EACH || all.some((status) => status !== 201);) all = await finish(await waits('192.0.2.3'));
});
