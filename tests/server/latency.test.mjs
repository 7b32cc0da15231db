// Latency is measured by the server: a long way is seen and allowed for, a lie harms the liar alone.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { disperse, gather, getReady, command } from './gather.mjs';
import { PONG, RawSocket, frame } from './raw.mjs';
import { guest } from './rest.mjs';
import { LIMIT_MS, Server } from './server.mjs';

const DELAY_MS = 400; // of the answers to pings, both ways
const POLL_MS = 50;

let server;
before(async () => (server = await Server.start()));
after(() => server.finish());

// A member whose answers to the server's pings take their time.
async function enterSlowly(code, name, delay) {
    const member = await guest(server, name);
    member.raw = await RawSocket.open(server, member.token);
    member.raw.onPing = (payload) => setTimeout(() => member.raw.write(frame(PONG, payload)), delay);
    member.raw.send({ type: 'join', session_code: code });
    await member.raw.next('state');
    member.raw.send({ type: 'ready', buffered_ms: 5000 });
    return member;
}

const latencyOf = (state, member) => state.participants.find(({ user_id }) => user_id === member.user_id).latency_ms;

async function untilLatency(watcher, member, isRight) {
    const deadline = Date.now() + LIMIT_MS;
    for (;;) {
        const latency = latencyOf(await watcher.client.state(), member);
        if (isRight(latency)) return latency;
        assert.ok(Date.now() < deadline, `the latency stays at ${latency} ms`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
}

// How far ahead a start is announced, in ms.
async function lead(members) {
    const [play] = await command(members, members[0], { type: 'play' }, ({ action }) => action === 'play');
    await command(members, members[0], { type: 'pause' }, ({ action }) => action === 'pause');
    return play.at - play.server_time;
}

test('a long way is seen, and everyone waits for it', async (t) => {
    const { members, code } = await gather(server, ['Ana', 'Ben']);
    await getReady(members);
    const near = await lead(members);
    const far = await enterSlowly(code, 'Far', DELAY_MS);
    const latency = await untilLatency(members[0], far, (value) => value >= DELAY_MS / 2);
    const long = await lead(members);
    t.diagnostic(`leads: ${near} ms, with ${latency} ms latency ${long} ms`);
    assert.ok(near >= 100);
    assert.ok(long >= 100 + DELAY_MS / 2, `${long}`);
    assert.ok(long > near);
    assert.ok(long <= 2000);
    far.raw.destroy();
    await members[0].client.next('participant', ({ action, user }) => action === 'disconnected' && user.user_id === far.user_id);
    assert.ok((await lead(members)) < long, 'who is away does not count');
    await disperse(members);
});

// A pong, kept for `held`, then a ping that claims `claimed` for that.
async function ping(raw, held, claimed) {
    raw.send({ type: 'ping', timestamp: 1 });
    const pong = await raw.next('pong');
    await new Promise((resolve) => setTimeout(resolve, held));
    raw.send({ type: 'ping', timestamp: 2, server_timestamp: pong.server_timestamp, held_ms: claimed });
    await raw.next('pong', ({ client_timestamp }) => client_timestamp === 2);
}

test('what nobody can have measured is no measurement', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben']);
    const liar = await enterSlowly(code, 'Liar', DELAY_MS);
    const honest = await untilLatency(members[0], liar, (value) => value >= DELAY_MS / 2);
    for (let count = 0; count < 12; count += 1) await ping(liar.raw, 0, 1e9);
    liar.raw.send({ type: 'ping', timestamp: 3, server_timestamp: 12345, held_ms: 0 });
    await liar.raw.next('pong', ({ client_timestamp }) => client_timestamp === 3);
    const latency = latencyOf(await members[0].client.state(), liar);
    assert.ok(latency >= DELAY_MS / 2 - 20, `${honest} became ${latency}`);
    for (const bad of [-1, -1e300, 'x', [], true]) {
        liar.raw.send({ type: 'ping', timestamp: 4, server_timestamp: 1, held_ms: bad });
        const error = await liar.raw.next('error');
        assert.equal(error.code, 'bad_field');
        assert.match(error.message, /held_ms/);
    }
    liar.raw.destroy();
    await disperse(members);
});

test('one that calls itself slower than it is delays starts within the bound, and nothing else', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben']);
    await getReady(members);
    const liar = await enterSlowly(code, 'Liar', 0);
    for (let count = 0; count < 10; count += 1) await ping(liar.raw, 100, 0);
    const claimed = latencyOf(await members[0].client.state(), liar);
    assert.ok(claimed >= 40, `${claimed}`);
    const ahead = await lead(members);
    assert.ok(ahead >= 100 && ahead <= 2000, `${ahead}`);
    for (const member of members) assert.ok(latencyOf(await members[0].client.state(), member) < claimed, 'the others are as near as before');
    liar.raw.destroy();
    await disperse(members);
});

test('one that is too far away is removed, and told so', async () => {
    const other = await Server.start({ MAX_LATENCY_MS: 50 });
    try {
        const { members, code } = await gather(other, ['Ana', 'Ben']);
        const far = await guest(other, 'Far');
        far.raw = await RawSocket.open(other, far.token);
        far.raw.onPing = (payload) => setTimeout(() => far.raw.write(frame(PONG, payload)), DELAY_MS);
        far.raw.send({ type: 'join', session_code: code });
        assert.equal((await far.raw.next('ended')).reason, 'latency');
        for (const { client } of members) {
            const kicked = await client.next('participant', ({ action }) => action === 'kicked');
            assert.deepEqual([kicked.user.user_id, kicked.reason], [far.user_id, 'latency']);
        }
        far.raw.destroy();
        await disperse(members);
    } finally {
        await other.finish();
    }
});
