// Each limit of the configuration over real sockets, with small values; and whose address it is that is counted.

import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { test } from 'node:test';
import WebSocket from 'ws';
import { Client } from './client.mjs';
import { Checker } from './openapi.mjs';
import { RawSocket, exchange } from './raw.mjs';
import { FILM, Rest, guest, party } from './rest.mjs';
import { Server } from './server.mjs';

const PROXY = { TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' };
const checker = new Checker();

// A test with a server of its own.
function limited(name, settings, body) {
    test(name, async (t) => {
        const server = await Server.start(settings);
        try {
            await body(server, t);
        } finally {
            await server.finish();
        }
    });
}

function tooMany(answer, words) {
    assert.equal(answer.status, 429, JSON.stringify(answer.body));
    assert.equal(answer.body.code, 'rate_limited');
    assert.match(answer.body.detail, words);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
}

function health(server, from) {
    return new Rest(server, { checker, from }).request('GET', '/healthz');
}

// What a request that needs no token is answered: 200, or 429 when this address has used up its requests.
function films(server, from) {
    return new Rest(server, { checker, from }).request('GET', '/api/v1/syncplay/media');
}

// What the server answers a handshake that it refuses.
async function handshake(server, options = {}) {
    const socket = new WebSocket(server.socketUrl, options);
    const opened = once(socket, 'open').then(() => assert.fail('it was let in'));
    const [, response] = await Promise.race([once(socket, 'unexpected-response'), opened]);
    opened.catch(() => {});
    socket.on('error', () => {});
    response.resume();
    return { status: response.statusCode, retryAfter: Number(response.headers['retry-after']) };
}

// Opens a connection and returns when it is counted: that is so when something is answered on it.
async function open(server, options) {
    const client = await Client.open(server, options);
    if (options.token) await client.settle();
    else assert.equal((await client.refused({ type: 'ping' })).code, 'unauthorized');
    return client;
}

// The same, as soon as the server has noticed that another is gone.
async function openSoon(server, options) {
    for (;;) {
        const client = await open(server, options).catch((error) => error);
        if (client instanceof Client) return client;
        assert.match(client.message, /429|1008/);
        await new Promise((done) => setTimeout(done, 20));
    }
}

// Closes in the end because of a limit, with this sentence.
async function closedFor(client, reason) {
    const error = await client.next('error');
    assert.equal(error.code, 'limit');
    assert.deepEqual(await client.closed, { code: 1008, reason });
}

// --- Whose address -------------------------------------------------------------------------------------------------------

const FEW = { REQUEST_RATE_LIMIT: '1/hour', REQUEST_BURST: 3 };

limited('requests are counted by address; the proxy says whose', { ...PROXY, ...FEW }, async (server) => {
    for (let count = 0; count < 3; count += 1) assert.equal((await films(server, '192.0.2.1')).status, 200);
    tooMany(await films(server, '192.0.2.1'), /too many requests from this address, wait \d+ s/);
    assert.equal((await health(server, '192.0.2.1')).status, 200, 'health is no part of it');
    assert.equal((await films(server, '192.0.2.2')).status, 200);
    assert.equal((await handshake(server, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status, 429);
    // What the client itself has written before, or a proxy after it, changes nothing.
    tooMany(await films(server, '192.0.2.77, 192.0.2.1'), /requests/);
    tooMany(await films(server, '192.0.2.78,192.0.2.1 , 10.1.2.3'), /requests/);
    tooMany(await films(server, '192.0.2.1:1234'), /requests/);
    // Rubbish is as good as nothing: the proxy's own address.
    for (let count = 0; count < 3; count += 1) assert.equal((await films(server, `rubbish${count}`)).status, 200);
    tooMany(await films(server, '192.0.2.9, rubbish'), /requests/);
    // A /64 is one address.
    for (let count = 0; count < 3; count += 1) assert.equal((await films(server, `2001:db8::${count}`)).status, 200);
    tooMany(await films(server, '2001:db8::ffff:7'), /requests/);
    assert.equal((await films(server, '2001:db8:0:1::7')).status, 200);
    await server.logged(/remote=192\.0\.2\.1\n/);
});

limited('a request is counted before its body has come, whatever it is for', FEW, async (server) => {
    const promise = 'Content-Type: application/json\r\nContent-Length: 12\r\n\r\n';
    const post = (path) => `POST ${path} HTTP/1.1\r\nHost: x\r\n${promise}`;
    for (let count = 0; count < 3; count += 1) {
        assert.equal((await exchange(server.port, post('/api/v1/users'), { finish: true })).status, 400, 'it was cut short');
    }
    for (const path of ['/api/v1/users', '/api/v1/nothing']) {
        const { status, text } = await exchange(server.port, post(path));
        assert.equal(status, 429, text);
        assert.match(text, /\r\nRetry-After: \d+\r\n.*"code":"rate_limited"/s);
    }
});

limited('several X-Forwarded-For headers are one list', { ...PROXY, ...FEW }, async (server) => {
    const ask = (...values) =>
        exchange(server.port, `GET /api/v1/syncplay/media HTTP/1.1\r\nHost: x\r\n${values.map((value) => `X-Forwarded-For: ${value}\r\n`).join('')}\r\n`);
    for (let count = 0; count < 3; count += 1) assert.equal((await ask(`192.0.2.${count}`, '198.51.100.1')).status, 200);
    assert.equal((await ask('192.0.2.9', '198.51.100.1')).status, 429);
    assert.equal((await ask('198.51.100.1', '10.0.0.1')).status, 429);
    assert.equal((await ask('198.51.100.1', '192.0.2.9')).status, 200);
});

limited('nobody is believed who is not named, and it is said once', FEW, async (server) => {
    for (let count = 0; count < 3; count += 1) assert.equal((await films(server, `192.0.2.${count}`)).status, 200);
    tooMany(await films(server, '192.0.2.9'), /requests/);
    await server.logged(/warn X-Forwarded-For is not believed.*trusted_proxies.* remote=127\.0\.0\.1\n/);
    assert.equal(server.log.match(/is not believed/g).length, 1);
    assert.doesNotMatch(server.log, /remote=192/);
});

limited('a page, and a friend at home, never meet the usual limits', {
    GUEST_RATE_LIMIT: '60/minute', REQUEST_RATE_LIMIT: '50/second', REQUEST_BURST: 200, KNOCK_RATE_LIMIT: '10/minute',
    MAX_SESSIONS_PER_USER: 10, MAX_CONNECTIONS_PER_USER: 10, MAX_CONNECTIONS_PER_ADDRESS: 100, GUESS_FREE: 5,
}, async (server) => {
    const host = await guest(server, 'Host');
    const { code } = await party(host);
    const members = await Promise.all(
        Array.from({ length: 19 }, async (_, index) => {
            const member = await guest(server, `M${index}`);
            assert.equal((await member.rest.session(code)).status, 200);
            const client = await Client.open(server, { token: member.token, code });
            await client.next('state');
            return client;
        }),
    );
    await Promise.all(members.map((client) => client.close()));
});

// --- Connections ---------------------------------------------------------------------------------------------------------

limited('connections of one address', { ...PROXY, MAX_CONNECTIONS_PER_ADDRESS: 2, SHARDS: 3 }, async (server) => {
    const from = '192.0.2.1';
    const headers = { 'x-forwarded-for': from };
    const first = await open(server, { from });
    const second = await open(server, { from });
    for (let count = 0; count < 5; count += 1) {
        const refused = await handshake(server, { headers });
        assert.equal(refused.status, 429);
        assert.ok(refused.retryAfter > 0);
    }
    const other = await open(server, { from: '192.0.2.2' });
    await first.close();
    const third = await openSoon(server, { from });
    assert.equal((await handshake(server, { headers })).status, 429);
    second.socket.terminate(); // and one that is gone without a word
    const fourth = await openSoon(server, { from });
    // Handshakes that come to nothing leave nothing behind.
    for (let count = 0; count < 5; count += 1) {
        const head = `GET /api/v1/syncplay/ws HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.2\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`;
        assert.notEqual((await exchange(server.port, `${head}Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: x\r\n\r\n`)).status, 101);
        assert.equal((await exchange(server.port, `${head}Authorization: Bearer x\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n\r\n`)).status, 401);
    }
    const fifth = await open(server, { from: '192.0.2.2' });
    assert.equal((await handshake(server, { headers: { 'x-forwarded-for': '192.0.2.2' } })).status, 429);
    for (const client of [third, fourth, fifth, other]) await client.close();
    // Many at once, of which more are let pass than there is room for: exactly two stay, the others are told.
    const many = await Promise.all(Array.from({ length: 20 }, () => open(server, { from: '192.0.2.3' }).catch((error) => error)));
    const stayed = many.filter((client) => client instanceof Client);
    assert.equal(stayed.length, 2);
    for (const error of many) if (error instanceof Error) assert.match(error.message, /429|closed with 1008/);
    for (const client of stayed) await client.close();
});

limited('connections in all, of which the log tells once', { MAX_CONNECTIONS: 2 }, async (server) => {
    const two = [await Client.open(server), await Client.open(server)];
    for (let count = 0; count < 3; count += 1) await assert.rejects(Client.open(server), /503/);
    await server.logged(/warn there are as many connections as there may be limit=2\n/);
    for (const client of two) await client.close();
    assert.equal(server.log.match(/as many connections as/g).length, 1);
});

limited('connections of one user', { MAX_CONNECTIONS_PER_USER: 2, SHARDS: 3 }, async (server) => {
    const reason = 'too many connections of one user';
    const { token } = await guest(server, 'Ana');
    const ben = await guest(server, 'Ben');
    const two = [await open(server, { token }), await Client.open(server)];
    await two[1].ask({ type: 'auth', token }, 'authenticated');
    await closedFor(await Client.open(server, { token }), reason);
    const late = await Client.open(server);
    late.send({ type: 'auth', token });
    late.send({ type: 'ping', timestamp: 1 }); // what comes after is not heard
    await closedFor(late, reason);
    assert.ok(late.received.every(({ type }) => type === 'error'));
    const other = await Client.open(server, { token: ben.token });
    await other.settle();
    // Those that were refused have taken nothing: with one gone, one may come, and not two.
    await two[0].close();
    const again = await openSoon(server, { token });
    await closedFor(await Client.open(server, { token }), reason);
    for (const client of [two[1], again, other]) await client.close();
});

limited('counts stay exact when connections move between threads and are dropped', {
    ...PROXY, MAX_CONNECTIONS_PER_ADDRESS: 6, MAX_CONNECTIONS_PER_USER: 6, SHARDS: 4,
}, async (server) => {
    const from = '192.0.2.1';
    const ana = await guest(server, 'Ana', { from });
    const codes = await Promise.all(Array.from({ length: 12 }, () => party(ana).then(({ code }) => code)));
    for (let round = 0; round < 4; round += 1) {
        const clients = await Promise.all(Array.from({ length: 6 }, () => openSoon(server, { token: ana.token, from })));
        for (const [index, client] of clients.entries()) {
            for (const code of codes.slice(index * 2, index * 2 + 2)) {
                await client.join(code);
                await client.ask({ type: 'leave' }, 'ended');
            }
        }
        assert.equal((await handshake(server, { headers: { 'x-forwarded-for': from } })).status, 429);
        // Some close, some are torn off in the middle of a move.
        for (const [index, client] of clients.entries()) {
            if (index % 2) client.send({ type: 'join', session_code: codes[round] });
            if (index % 3) client.socket.terminate();
            else client.socket.close();
        }
        await Promise.all(clients.map((client) => client.closed));
    }
    const last = [];
    for (let count = 0; count < 6; count += 1) last.push(await openSoon(server, { token: ana.token, from }));
    for (const client of last) await client.settle();
    await Promise.all(last.map((client) => client.close()));
});

// --- Sessions ------------------------------------------------------------------------------------------------------------

limited('sessions that one user has made', { MAX_SESSIONS_PER_USER: 2, SHARDS: 3 }, async (server) => {
    const full = async (someone) => {
        const answer = await someone.rest.sessions(FILM);
        assert.equal(answer.status, 409, JSON.stringify(answer.body));
        assert.equal(answer.body.code, 'limit');
        assert.match(answer.body.detail, /made 2 sessions.*max_sessions_per_user/);
    };
    const ana = await guest(server, 'Ana', { checker });
    const ben = await guest(server, 'Ben', { checker });
    // As many at once as there are threads to answer: two of them, and no more.
    const made = await Promise.all(Array.from({ length: 20 }, () => ana.rest.sessions({ ...FILM, visibility: 'public' })));
    const sessions = made.filter(({ status }) => status === 201).map(({ body }) => body);
    assert.equal(sessions.length, 2);
    await full(ana);
    assert.equal((await ana.rest.end(sessions[0].code)).status, 204);
    await party(ana);
    await full(ana);
    // Handing one over makes no room, and fills nobody else's.
    const host = await Client.open(server, { token: ana.token });
    await host.join(sessions[1].code);
    const heir = await Client.open(server, { token: ben.token });
    await heir.join(sessions[1].code);
    host.send({ type: 'host', user_id: ben.user_id });
    await heir.next('participant', ({ action }) => action === 'host');
    await full(ana);
    await party(ben);
    await party(ben);
    await full(ben);
    await host.close();
    await heir.close();
    // After a restart they count for who has them then.
    await server.stop();
    await server.start();
    await full(ben);
    await party(ana);
    await full(ana);
});

// --- Messages ------------------------------------------------------------------------------------------------------------

limited('messages of one connection', { MESSAGE_RATE_LIMIT: '1/hour', MESSAGE_BURST: 5 }, async (server) => {
    const { token } = await guest(server, 'Ana');
    const client = await Client.open(server, { token });
    for (let count = 0; count < 8; count += 1) client.send({ type: 'ping', timestamp: count });
    const error = await client.next('error');
    assert.equal(error.code, 'rate_limited');
    assert.match(error.message, /at most 1 messages in 3600 s, and 5 at once/);
    await client.next('pong', (pong) => pong.client_timestamp === 4);
    assert.equal(client.received.filter(({ type }) => type === 'pong').length, 5);
    await client.close();
});

limited('bytes of a message', { MAX_MESSAGE_BYTES: '1K' }, async (server) => {
    const { token } = await guest(server, 'Ana');
    const ping = (bytes) => {
        const empty = JSON.stringify({ type: 'ping', timestamp: 1, fill: '' });
        return JSON.stringify({ type: 'ping', timestamp: 1, fill: 'x'.repeat(bytes - empty.length) });
    };
    const raw = await RawSocket.open(server, token);
    raw.send(ping(1024));
    await raw.next('pong');
    raw.send(ping(1025));
    assert.equal(await raw.ending(), 1009);
    raw.destroy();
});
