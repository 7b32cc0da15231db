// What clients report of themselves with their pings: seen by all who ask, by WebSocket and by REST; and the state for whoever
// missed a change.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { command, disperse, gather, getReady, settle } from './gather.mjs';
import { Checker } from './openapi.mjs';
import { Rest } from './rest.mjs';
import { LIMIT_MS, Server } from './server.mjs';

const FIGURES = ['round_trip_ms', 'drift_ms', 'clock_error_ms', 'start_ms'];
const REPORTED = FIGURES.slice(1);
const POLL_MS = 50;

let server;
before(async () => (server = await Server.start()));
after(() => server.finish());

const pick = (entry, fields) => Object.fromEntries(fields.filter((field) => field in entry).map((field) => [field, entry[field]]));
const entryOf = (list, member) => list.find(({ user_id }) => user_id === member.user_id);

async function ping(member, fields) {
    const pong = await member.client.ask({ type: 'ping', timestamp: 1, ...fields }, 'pong');
    assert.equal(pong.client_timestamp, 1);
    return pong;
}

const byWire = async (watcher, member) => entryOf((await watcher.client.state()).participants, member);
async function byRest(watcher, code, member) {
    const rest = new Rest(server, { token: watcher.token, checker: new Checker() });
    return entryOf((await rest.participants(code)).body.participants, member);
}

test('what is told is shown, what is not told is not there', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben']);
    const [ana, ben] = members;
    for (const look of [() => byWire(ana, ben), () => byRest(ana, code, ben)]) assert.deepEqual(pick(await look(), REPORTED), {});
    await ping(ben, { drift_ms: -0.4, error_ms: 12.3456, start_ms: 80, revision: 0 });
    const told = { drift_ms: -0.4, clock_error_ms: 12.346, start_ms: 80 };
    for (const look of [() => byWire(ana, ben), () => byRest(ana, code, ben)]) assert.deepEqual(pick(await look(), REPORTED), told);
    await ping(ben, { drift_ms: 86400000 });
    assert.equal((await byRest(ana, code, ben)).drift_ms, 86400000);
    assert.deepEqual(pick(await byWire(ana, ana), REPORTED), {}, 'of nobody else');
    // The server measures by itself.
    for (const end = Date.now() + LIMIT_MS; !('round_trip_ms' in (await byWire(ana, ben))); ) {
        assert.ok(Date.now() < end, 'no round trip is measured');
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    assert.ok((await byRest(ana, code, ben)).round_trip_ms >= 0);
    await disperse(members);
});

test('it costs the others nothing, and goes with the connection', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben']);
    const [ana, ben] = members;
    await ping(ben, { drift_ms: 3, error_ms: 2, start_ms: 1 });
    await settle(members);
    const heard = ana.client.received.length;
    for (let i = 0; i < 5; i += 1) await ping(ben, { drift_ms: i });
    await ana.client.settle();
    assert.deepEqual(ana.client.received.slice(heard).map(({ type }) => type), ['pong']);
    await ben.client.close();
    ben.client = await Client.open(server, { token: ben.token });
    await ben.client.join(code);
    assert.deepEqual(pick(await byWire(ana, ben), REPORTED), {});
    assert.deepEqual(pick(await byRest(ana, code, ben), REPORTED), {});
    await disperse(members);
});

test('one out of range is refused with the whole ping, and named', async () => {
    const { members } = await gather(server, ['Ana', 'Ben']);
    const [ana, ben] = members;
    await ping(ben, { drift_ms: 5, error_ms: 6, start_ms: 7 });
    const before = pick(await byWire(ana, ben), REPORTED);
    const wrong = { drift_ms: [-86400001, 86400001, '1', true], error_ms: [-1, 600001, []], start_ms: [-1, 5001, {}] };
    for (const [field, values] of Object.entries(wrong)) {
        for (const value of values) {
            const error = await ben.client.refused({ type: 'ping', timestamp: 1, drift_ms: 1, start_ms: 1, [field]: value });
            assert.deepEqual([error.code, error.in_reply_to], ['bad_field', 'ping']);
            assert.match(error.message, new RegExp(`^${field} must be a number, -?\\d+ to \\d+$`));
        }
    }
    assert.deepEqual(pick(await byWire(ana, ben), REPORTED), before);
    await disperse(members);
});

test('who follows an old revision is told the state, and nobody else', async () => {
    const { members } = await gather(server, ['Ana', 'Ben']);
    const [ana, ben] = members;
    await getReady(members);
    await command(members, ana, { type: 'play' });
    await settle(members);
    const [anaHeard, benHeard] = members.map(({ client }) => client.received.length);
    const states = () => ben.client.received.slice(benHeard).filter(({ type }) => type === 'state');
    for (const end = Date.now() + LIMIT_MS; states().length === 0; ) {
        assert.ok(Date.now() < end, 'no state');
        await ping(ben, { revision: 0 });
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    assert.deepEqual([states()[0].revision, states()[0].is_playing], [1, true]);
    for (let i = 0; i < 5; i += 1) await ping(ben, { revision: 0 });
    assert.equal(states().length, 1, 'not at each ping');
    await ana.client.settle();
    assert.ok(ana.client.received.slice(anaHeard).every(({ type }) => type !== 'state'));
    await disperse(members);
});
