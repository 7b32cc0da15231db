// Hundreds of inputs that are wrong (malformed_tables.mjs): each gets a clear answer, nothing changes, the server lives.

import { strict as assert } from 'node:assert';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Client } from './client.mjs';
import { command, gather, playing } from './gather.mjs';
import { BODIES, FRAMES, HALF, MESSAGES, REQUESTS } from './malformed_tables.mjs';
import { BINARY, CLOSE, CONTINUATION, PING, PONG, RawSocket, TEXT, closing, exchange, frame } from './raw.mjs';
import { guest } from './rest.mjs';
import { LIMIT_MS, Server } from './server.mjs';

// One connection may send 100 messages at once; this leaves some for the rest.
const MESSAGES_EACH = 80;

let server;
let members;
let code;
let mallory;
let truthBefore;
let inputs = 0;

before(async () => {
    server = await Server.start();
    ({ members, code } = await gather(server, ['Ana', 'Ben', 'Mallory']));
    mallory = members[2];
    await playing(members, 5000);
    await command(members, members[0], { type: 'pause', position_ms: 6000.125 });
    members[0].client.send({ type: 'chat', message: 'the only words' });
    await members[1].client.next('chat');
});
after(() => server.finish());

// What must not change, by WebSocket and by REST.
async function truth() {
    const stable = ({ user_id, name, is_host }) => ({ user_id, name, is_host });
    const state = await members[0].client.state();
    const { body: session } = await members[1].rest.session(code);
    const { body: list } = await members[1].rest.participants(code);
    return {
        revision: state.revision, phase: state.phase, position: state.position_ms, session: state.session, record: session.session ?? session,
        people: state.participants.map(stable), list: (list.participants ?? list).map(({ user_id }) => user_id),
        chats: members[0].client.received.filter(({ type }) => type === 'chat').length,
    };
}

async function assertUnharmed() {
    assert.ok(await server.isHealthy(), 'the server lives');
    assert.deepEqual(plain(await truth()), plain(truthBefore), 'nothing has changed');
}

// Participants come and go; the record's list of them is compared by name only.
function plain(value) {
    const { participants, ...record } = value.record;
    return { ...value, record };
}

beforeEach(async () => (truthBefore = await truth()));
afterEach(assertUnharmed);

for (let at = 0; at < MESSAGES.length; at += MESSAGES_EACH) {
    const rows = MESSAGES.slice(at, at + MESSAGES_EACH);
    test(`messages ${at + 1} to ${at + rows.length}`, async () => {
        await mallory.client.close();
        mallory.client = await Client.open(server, { token: mallory.token });
        const { client } = mallory;
        await client.join(code);
        await client.settle();
        client.unread = [];
        for (const [what, text, codes, word] of rows) {
            client.send(text);
            const error = await client.next('error').catch((cause) => assert.fail(`${what}: ${cause.message}`));
            assert.ok(codes.includes(error.code), `${what}: ${JSON.stringify(error)}`);
            assert.ok(error.message.length > 5, what);
            if (word && error.code === 'bad_field') assert.ok(error.message.includes(word), `${what}: ${JSON.stringify(error)}`);
            inputs += 1;
        }
        await client.settle();
        assert.deepEqual(client.unread.filter(({ type }) => type !== 'participant'), [], 'one answer each, and nothing else');
    });
}

test('frames: closed with the code that says why', async () => {
    const failures = [];
    for (const [what, bytes, codes] of FRAMES) {
        const raw = await RawSocket.open(server, mallory.token);
        for (const part of [bytes].flat()) raw.write(part);
        const ending = await raw.ending().catch((error) => error.message);
        if (!codes.includes(ending)) failures.push(`${what}: ${ending}, not ${codes}`);
        raw.destroy();
        inputs += 1;
    }
    assert.deepEqual(failures, []);
});

test('frames of one who has joined: the others see somebody go, and no more', async () => {
    for (const [what, bytes, codes] of FRAMES.filter((_, index) => index % 5 === 0)) {
        const eve = await guest(server, 'Eve');
        const raw = await RawSocket.open(server, eve.token);
        raw.send({ type: 'join', session_code: code });
        await raw.next('state');
        for (const part of [bytes].flat()) raw.write(part);
        assert.ok(codes.includes(await raw.ending()), what);
        raw.destroy();
        await members[0].client.next('participant', ({ action, user }) => action === 'disconnected' && user.user_id === eve.user_id);
        await eve.rest.leave(code);
        await members[0].client.next('participant', ({ action, user }) => action === 'left' && user.user_id === eve.user_id);
        inputs += 1;
    }
});

test('halves: the client goes away in the middle', async () => {
    for (const [, bytes] of HALF) {
        const raw = await RawSocket.open(server, mallory.token);
        await new Promise((resolve) => raw.socket.end(bytes, resolve));
        await raw.until(() => raw.isOver, 'the end');
        inputs += 1;
    }
});

test('binary messages are refused, the connection stays', async () => {
    const raw = await RawSocket.open(server, mallory.token);
    for (const bytes of [Buffer.alloc(0), Buffer.from('{"type":"state"}'), Buffer.alloc(16384, 0xff)]) {
        raw.write(frame(BINARY, bytes));
        assert.equal((await raw.next('error')).code, 'malformed');
        inputs += 1;
    }
    raw.destroy();
});

test('more messages than one may send: told so, and heard again later', async () => {
    const raw = await RawSocket.open(server, mallory.token);
    raw.write(Buffer.concat(Array(300).fill(frame(TEXT, '{"type":"ping","timestamp":1}'))));
    assert.equal((await raw.next('error')).code, 'rate_limited');
    inputs += 1;
    const deadline = Date.now() + LIMIT_MS;
    let answer;
    for (let timestamp = 2; !answer; timestamp += 1) {
        assert.ok(Date.now() < deadline, 'heard again');
        raw.send({ type: 'ping', timestamp });
        answer = await Promise.race([raw.next('pong', ({ client_timestamp }) => client_timestamp === timestamp), new Promise((resolve) => setTimeout(resolve, 300))]);
    }
    raw.destroy();
});

test('fragments and control frames in between are as good as whole messages', async () => {
    const raw = await RawSocket.open(server, mallory.token);
    const bytes = Buffer.from('{"type":"ping","timestamp":77,"note":"\u{1f600}"}');
    raw.write(frame(TEXT, bytes.subarray(0, 1), { fin: false }));
    for (let at = 1; at < bytes.length; at += 1) {
        raw.write(frame(CONTINUATION, bytes.subarray(at, at + 1), { fin: false }));
        if (at % 10 === 0) raw.write(frame(PING, `${at}`));
    }
    raw.write(frame(PONG, 'unasked'));
    raw.write(frame(CONTINUATION, ''));
    await raw.nextFrame(({ opcode, payload }) => opcode === PONG && `${payload}` === '10', 'the pong');
    assert.equal((await raw.next('pong')).client_timestamp, 77);
    assert.ok(raw.frames.every(({ isMasked }) => !isMasked));
    const exact = `{"type":"ping","timestamp":5,"x":"${'y'.repeat(16384 - 36)}"}`;
    assert.equal(exact.length, 16384);
    raw.write(frame(TEXT, exact));
    assert.equal((await raw.next('pong')).client_timestamp, 5);
    raw.write(frame(PING, 'x'.repeat(125)));
    await raw.nextFrame(({ opcode, payload }) => opcode === PONG && payload.length === 125, 'the long pong');
    for (const byte of frame(TEXT, '{"type":"ping","timestamp":6}')) raw.write(Buffer.from([byte]));
    assert.equal((await raw.next('pong')).client_timestamp, 6);
    raw.write(frame(CLOSE, closing(1000, 'bye')));
    assert.equal(await raw.ending(), 1000);
    raw.destroy();
});

for (const status of [1000, 1001, 1003, 1007, 1011, 3000, 4999]) {
    test(`a close with ${status} is answered with it`, async () => {
        const raw = await RawSocket.open(server, mallory.token);
        raw.write(frame(CLOSE, closing(status)));
        assert.equal(await raw.ending(), status);
        await raw.until(() => raw.isOver, 'the end');
    });
}

test('REST: JSON that is wrong', async () => {
    const failures = [];
    for (const [what, path, body, field] of BODIES) {
        const { status, type, body: problem } = await mallory.rest.request('POST', path, { body });
        if (status !== 400) failures.push(`${what}: ${status} ${JSON.stringify(problem)}`);
        else if (!/^application\/problem\+json/.test(type) || problem.status !== 400 || !problem.title) failures.push(`${what}: ${type} ${JSON.stringify(problem)}`);
        else if (field && !`${problem.detail} ${problem.title}`.includes(field)) failures.push(`${what}: ${JSON.stringify(problem)} does not name ${field}`);
        inputs += 1;
    }
    assert.deepEqual(failures, []);
});

test('REST: HTTP that is wrong', async () => {
    const failures = [];
    for (const [what, bytes, statuses, options] of REQUESTS) {
        const { status, text } = await exchange(server.port, bytes, options).catch((error) => ({ status: error.message, text: '' }));
        if (!statuses.includes(status)) failures.push(`${what}: ${status}, not ${statuses}: ${text.slice(0, 200)}`);
        inputs += 1;
    }
    assert.deepEqual(failures, []);
});

test('there were at least 200 of them', (t) => {
    t.diagnostic(`${inputs} wrong inputs`);
    assert.ok(inputs >= 200, `${inputs}`);
});
