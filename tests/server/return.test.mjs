// Coming back after a lost connection: unnoticed by the others, as the same client, told what was missed.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { disperse, gather, settle } from './gather.mjs';
import { Server } from './server.mjs';

let server;
before(async () => (server = await Server.start({ AWAY_AFTER: '1h', SEAT_GRACE: '2h' })));
after(() => server.finish());

const newsOf = (member) => member.client.received.filter(({ type }) => type === 'participant').length;

// What a client keeps to come back with: from its last join, and from the last message to several.
function keepsakes({ client }) {
    const tokens = client.received.map(({ resume_token: token }) => token).filter(Boolean);
    const cursors = client.received.map(({ cursor }) => cursor).filter(Boolean);
    return { resume_token: tokens.at(-1), cursor: Math.max(...cursors) };
}

// A new connection that joins with these.
async function comeBack(member, code, kept) {
    member.client = await Client.open(server, { token: member.token });
    member.client.send({ type: 'join', session_code: code, ...kept });
}

// Loses the connection without a word, and waits until the server has noticed.
async function lose(member) {
    const { log } = server;
    member.client.socket.terminate();
    await member.client.closed;
    await server.logged(new RegExp(`[^]{${log.length}}[^]*connection closed[^\\n]*user=${member.user_id}`));
}

test('who is back soon was never away, and is told what was missed', async () => {
    const { code, members } = await gather(server, ['Ana', 'Ben', 'Cleo']);
    const [ana, ben] = members;
    ben.client.send({ type: 'ready', buffered_ms: 5000 });
    await settle(members);
    const kept = keepsakes(ben);
    const before = newsOf(ana);
    await lose(ben);
    assert.equal((await ana.client.state()).participants.find(({ user_id }) => user_id === ben.user_id).is_connected, true);
    ana.client.send({ type: 'chat', message: 'did you see that?' });
    await ana.client.next('chat');
    await comeBack(ben, code, kept);
    const resumed = await ben.client.next('resumed');
    assert.notEqual(resumed.resume_token, kept.resume_token);
    assert.equal(resumed.you.role, 'viewer');
    const { message, cursor } = await ben.client.next('chat');
    assert.equal(message, 'did you see that?');
    assert.ok(cursor > kept.cursor && cursor <= resumed.cursor);
    assert.equal(ben.client.received.filter(({ type }) => type === 'state').length, 0, 'no more than that');
    await settle(members);
    assert.equal(newsOf(ana), before, 'nobody was told anything');
    const entry = (await ana.client.state()).participants.find(({ user_id }) => user_id === ben.user_id);
    assert.deepEqual([entry.is_connected, entry.is_ready], [true, true]);
    await disperse(members);
});

test('a resume token is good once; without one the seat is taken over, and the other told why', async () => {
    const { code, members } = await gather(server, ['Ana', 'Ben']);
    const [, ben] = members;
    const kept = keepsakes(ben);
    const first = ben.client;
    await comeBack(ben, code, kept); // the old connection is not lost, as far as the server knows
    await ben.client.next('resumed');
    assert.equal((await first.next('ended')).reason, 'replaced');
    const copy = { ...ben };
    await comeBack(copy, code, kept);
    assert.equal((await copy.client.next('error')).code, 'bad_resume_token');
    copy.client.send({ type: 'join', session_code: code });
    assert.equal((await copy.client.next('state')).you.user_id, ben.user_id);
    assert.equal((await ben.client.next('ended')).reason, 'replaced');
    await disperse([members[0], copy]);
});

test('who has missed more than there is gets the whole state', async () => {
    const { code, members } = await gather(server, ['Ana', 'Ben']);
    const [ana, ben] = members;
    const kept = keepsakes(ben);
    await lose(ben);
    for (let i = 1; i <= 20; i += 1) ana.client.send({ type: 'seek', position_ms: i * 1000 });
    await ana.client.next('command', ({ position_ms: position }) => position === 20000);
    await comeBack(ben, code, kept);
    assert.equal((await ben.client.next('state')).position_ms, 20000);
    await disperse(members);
});

test('a resume token outlives the server; what was missed does not', async () => {
    const { code, members } = await gather(server, ['Ana', 'Ben']);
    const [, ben] = members;
    const kept = keepsakes(ben);
    await server.stop();
    await server.start();
    await comeBack(ben, code, kept);
    const state = await ben.client.next('state');
    assert.equal(state.you.user_id, ben.user_id);
    assert.ok(state.cursor > kept.cursor, 'cursors grow over a restart');
    await ben.client.close();
});
