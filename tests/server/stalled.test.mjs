// One member reads nothing any more, while the others go on talking: only that one feels it.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { disperse, gather, settle } from './gather.mjs';
import { RawSocket } from './raw.mjs';
import { guest } from './rest.mjs';
import { LIMIT_MS, Server } from './server.mjs';

// Long messages fill what the kernel keeps for the one who does not read, and then the server's queue.
const LONG = '\u{1f37f}'.repeat(2900);
const QUIET_MESSAGES = 60;
const PERIOD_MS = 25; // within the rate that one connection may send

let server;
before(async () => {
    server = await Server.start({ CHAT_MAX_MESSAGE_LENGTH: 3000, CHAT_RATE_LIMIT: '1000/second', CHAT_HISTORY: 0 });
});
after(() => server.finish());

// Sends one numbered message after the other, until told to stop.
function talk(member, sent, text) {
    const timer = setInterval(() => {
        const id = `${member.name}-${sent.length}`;
        sent.push({ id, at: performance.now() });
        member.client.send({ type: 'chat', id, message: text });
    }, PERIOD_MS).unref(); // a test that fails leaves it running
    return () => clearInterval(timer);
}

// Every message came to everyone, once, in one order; returns how long each took, in ms.
function deliveries(readers, sent, from) {
    const orders = readers.map(({ client }) => client.received.slice(from.get(client)).filter(({ type }) => type === 'chat'));
    for (const order of orders) {
        assert.deepEqual(order.map(({ id }) => id), orders[0].map(({ id }) => id), 'the same order for all');
        for (const messages of sent) {
            const mine = order.map(({ client_id }) => client_id).filter((id) => messages.some((message) => message.id === id));
            assert.deepEqual(mine, messages.map(({ id }) => id), 'each once, in order');
        }
    }
    const starts = new Map(sent.flat().map(({ id, at }) => [id, at]));
    return orders.flat().map(({ client_id, arrived }) => arrived - starts.get(client_id)).sort((a, b) => a - b);
}

const show = (times) => `p50 ${times[times.length >> 1].toFixed(2)} ms, p99 ${times[Math.floor(times.length * 0.99)].toFixed(2)} ms of ${times.length}`;

const marks = (members) => new Map(members.map(({ client }) => [client, client.received.length]));

test('one who does not read is dropped, the others get everything in order', async (t) => {
    const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo', 'Dan']);
    const eve = await guest(server, 'Eve');
    eve.raw = await RawSocket.open(server, eve.token);
    eve.raw.send({ type: 'join', session_code: code });
    await eve.raw.next('state');
    await settle(members);

    let from = marks(members);
    let sent = members.map(() => []);
    let stops = members.map((member, index) => talk(member, sent[index], LONG));
    for (const [index, { client }] of members.entries()) {
        await client.next('chat', ({ client_id }) => client_id === `${members[index].name}-${QUIET_MESSAGES - 1}`);
    }
    stops.forEach((stop) => stop());
    await settle(members);
    t.diagnostic(`before: ${show(deliveries(members, sent, from))}`);

    eve.raw.socket.pause();
    from = marks(members);
    sent = members.map(() => []);
    stops = members.map((member, index) => talk(member, sent[index], LONG));
    const gone = members.map(({ client }) => client.next('participant', ({ action, user }) => action === 'disconnected' && user.user_id === eve.user_id));
    await Promise.all(gone).finally(() => stops.forEach((stop) => stop()));
    await settle(members);
    t.diagnostic(`while one does not read: ${show(deliveries(members, sent, from))}`);
    await server.logged(/too slow/);

    eve.raw.destroy();
    eve.raw = await RawSocket.open(server, eve.token);
    eve.raw.send({ type: 'join', session_code: code });
    const state = await eve.raw.next('state');
    assert.equal(state.you.user_id, eve.user_id);
    assert.equal(state.participants.length, 5);
    for (const { client } of members) await client.next('participant', ({ action, user }) => action === 'returned' && user.user_id === eve.user_id);
    members[0].client.send({ type: 'seek', position_ms: 5000 });
    await eve.raw.next('command', ({ position_ms }) => position_ms === 5000);
    eve.raw.destroy();
    await disperse(members);
}, { timeout: 3 * LIMIT_MS });

test('one who asks without reading the answers is dropped as well', async () => {
    const { members: [ana, ben], code } = await gather(server, ['Ana', 'Ben']);
    const eve = await guest(server, 'Eve');
    eve.raw = await RawSocket.open(server, eve.token);
    eve.raw.send({ type: 'join', session_code: code });
    await eve.raw.next('state');
    eve.raw.socket.pause();
    const stop = talk(ana, [], LONG);
    const stopToo = talk(ben, [], LONG);
    const asking = setInterval(() => eve.raw.send({ type: 'state' }), PERIOD_MS).unref();
    await ana.client.next('participant', ({ action, user }) => action === 'disconnected' && user.user_id === eve.user_id);
    for (const timer of [stop, stopToo]) timer();
    clearInterval(asking);
    eve.raw.destroy();
    await disperse([ana, ben]);
});
