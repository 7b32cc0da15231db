// Everything that people do in a party, over real sockets.

import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client, positionAt } from './client.mjs';
import { command, disperse, enter, gather, getReady, playing, settle } from './gather.mjs';
import { RawSocket } from './raw.mjs';
import { FILM, Rest, guest, party } from './rest.mjs';
import { Server } from './server.mjs';

// Positions and times have three digits on the wire.
const DIGIT_MS = 0.0021;

let server;
before(async () => (server = await Server.start({ SHARDS: 4, CHAT_RATE_LIMIT: '5/hour', CHAT_REACTION_RATE_LIMIT: '1/hour', CHAT_REACTION_BURST: 2, WAIT_TIMEOUT: '1h', WAIT_BUDGET: '1h' })));
after(() => server.finish());

const ids = (members) => members.map(({ user_id }) => user_id).sort();
const about = (member) => (message) => message.user.user_id === member.user_id;
const isEntryOf = (member) => (participant) => participant.user_id === member.user_id;
const told = (members, member, action) =>
    Promise.all(members.map(({ client }) => client.next('participant', (message) => message.action === action && about(member)(message))));

function same(messages) {
    const plain = messages.map((message) => JSON.stringify(message));
    for (const one of plain) assert.equal(one, plain[0]);
    return messages[0];
}

// --- Playing together

test('a play waits for those who are not ready, and starts at one instant for all', async () => {
    const { members } = await gather(server, ['Ana', 'Ben', 'Cleo']);
    const [ana, ben, cleo] = members;
    const wait = same(await command(members, ana, { type: 'play', position_ms: 60000, command_id: 'first' }));
    assert.equal(wait.phase, 'waiting');
    assert.equal(wait.is_playing, false);
    assert.equal(wait.position_ms, 60000);
    assert.equal(wait.command_id, 'first');
    assert.equal(wait.by.user_id, ana.user_id);
    assert.deepEqual([...wait.waiting_for].sort(), ids(members));
    for (const member of [ana, ben]) {
        member.client.send({ type: 'ready', buffered_ms: 5000 });
        const [news] = await told(members, member, 'ready');
        assert.equal(news.participant.is_ready, true);
    }
    assert.equal((await cleo.client.state()).phase, 'waiting');
    const play = same(await command(members, cleo, { type: 'ready', buffered_ms: 0, is_ready: true }));
    assert.equal(play.action, 'play');
    assert.equal(play.reason, 'ready');
    assert.equal(play.position_ms, 60000);
    assert.equal(play.revision, wait.revision + 1);
    assert.ok(play.at >= play.server_time + 100, 'everyone has at least 100 ms');
    assert.ok(play.at <= play.server_time + 2000);
    assert.deepEqual(play.waiting_for, []);
    await disperse(members);
});

test('a second play while waiting starts without those who are late', async () => {
    const { members } = await gather(server, ['Ana', 'Ben']);
    const [ana, ben] = members;
    ana.client.send({ type: 'ready', buffered_ms: 5000 });
    await told(members, ana, 'ready');
    const wait = same(await command(members, ana, { type: 'play' }));
    assert.deepEqual(wait.waiting_for, [ben.user_id]);
    const play = same(await command(members, ana, { type: 'play' }));
    assert.equal(play.action, 'play');
    await told(members, ben, 'excused');
    await disperse(members);
});

test('positions follow the formula, at any time, at any speed', async () => {
    const { members } = await gather(server, ['Ana', 'Ben', 'Cleo']);
    const [ana, ben] = members;
    const play = await playing(members, 5000);
    const state = await ben.client.state();
    assert.equal(state.is_playing, true);
    assert.ok(Math.abs(positionAt(state, state.server_time + 10000) - positionAt(play, state.server_time + 10000)) < DIGIT_MS);
    const fast = same(await command(members, ben, { type: 'speed', playback_speed: 2 }));
    assert.equal(fast.action, 'play');
    assert.equal(fast.playback_speed, 2);
    assert.ok(Math.abs(fast.position_ms - positionAt(play, fast.server_time)) < DIGIT_MS);
    const pause = same(await command(members, ana, { type: 'pause' }));
    assert.equal(pause.is_playing, false);
    assert.ok(Math.abs(pause.position_ms - positionAt(fast, pause.server_time)) < DIGIT_MS);
    assert.equal((await ana.client.state()).position_ms, pause.position_ms);
    await disperse(members);
});

test('a seek while playing gathers everyone at the new place', async () => {
    const { members } = await gather(server, ['Ana', 'Ben', 'Cleo']);
    await playing(members);
    const seek = same(await command(members, members[1], { type: 'seek', position_ms: 900000.5 }));
    assert.equal(seek.action, 'seek');
    assert.equal(seek.phase, 'waiting');
    assert.equal(seek.position_ms, 900000.5);
    for (const { client } of members) client.send({ type: 'ready', buffered_ms: 2000, revision: seek.revision - 1 });
    assert.equal((await members[0].client.state()).phase, 'waiting', 'readiness for another place does not count');
    for (const { client } of members) client.send({ type: 'ready', buffered_ms: 2000, revision: seek.revision });
    const play = same(await Promise.all(members.map(({ client }) => client.next('command'))));
    assert.equal(play.action, 'play');
    assert.equal(play.position_ms, 900000.5);
    await disperse(members);
});

test('a command counts once, and not when it is about something that has changed', async () => {
    const { members } = await gather(server, ['Ana', 'Ben']);
    const [ana, ben] = members;
    const before = await ana.client.state();
    const seek = same(await command(members, ana, { type: 'seek', position_ms: 1000, command_id: 'a', revision: before.revision }));
    assert.equal(seek.command_id, 'a');
    const again = await ana.client.refused({ type: 'seek', position_ms: 2000, command_id: 'a' });
    assert.deepEqual([again.code, again.command_id, again.in_reply_to], ['duplicate', 'a', 'seek']);
    const late = await ben.client.refused({ type: 'seek', position_ms: 3000, command_id: 'b', revision: before.revision });
    assert.deepEqual([late.code, late.command_id, late.in_reply_to], ['stale', 'b', 'seek']);
    const after = await ben.client.state();
    assert.equal(after.position_ms, 1000);
    assert.equal(after.revision, seek.revision);
    await disperse(members);
});

test('a joiner stops nobody', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben']);
    const play = await playing(members, 1000);
    const cleo = await enter(server, code, 'Cleo');
    assert.equal(cleo.entry.is_playing, true);
    assert.ok(Math.abs(cleo.entry.position_ms - positionAt(play, cleo.entry.server_time)) < DIGIT_MS);
    await told(members, cleo, 'joined');
    assert.equal((await members[0].client.state()).revision, play.revision);
    await disperse([...members, cleo]);
});

test('one who drops out is no longer waited for, and has its seat when it comes back', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo']);
    const [ana, ben, cleo] = members;
    await getReady([ana, ben]);
    await command(members, ana, { type: 'play' });
    cleo.client.socket.terminate();
    const rest = [ana, ben];
    await told(rest, cleo, 'disconnected');
    const plays = await Promise.all(rest.map(({ client }) => client.next('command')));
    assert.equal(same(plays).action, 'play');
    cleo.client = await Client.open(server, { token: cleo.token });
    const state = await cleo.client.join(code);
    assert.equal(state.participants.length, 3);
    assert.equal(state.participants.find(isEntryOf(cleo)).joined_at, cleo.entry.participants.find(isEntryOf(cleo)).joined_at);
    await told(rest, cleo, 'returned');
    await disperse(members);
});

// --- Who may come in, and what they may do

test('a private party: knocking, admitting, denying', async () => {
    const { members: [ana], code } = await gather(server, ['Ana'], { visibility: 'private' });
    const ben = await guest(server, 'Ben');
    const cleo = await guest(server, 'Cleo');
    for (const one of [ben, cleo]) {
        one.client = await Client.open(server, { token: one.token });
        one.client.send({ type: 'join', session_code: code });
        await told([ana, one], one, 'requested');
    }
    assert.deepEqual((await ana.client.state()).knocking.map(({ user_id }) => user_id).sort(), ids([ben, cleo]));
    assert.equal((await ben.client.refused({ type: 'play' })).code, 'not_joined');

    ana.client.send({ type: 'admit', user_id: ben.user_id });
    await told([ben], ben, 'admitted');
    const state = await ben.client.next('state');
    assert.equal(state.you.user_id, ben.user_id);
    assert.deepEqual(state.knocking ?? [], [], 'who knocks is for the host alone');
    await told([ana], ben, 'joined');
    assert.equal((await ben.client.refused({ type: 'admit', user_id: cleo.user_id })).code, 'forbidden');

    ana.client.send({ type: 'deny', user_id: cleo.user_id });
    assert.equal((await cleo.client.next('ended')).reason, 'denied');
    await told([ana], cleo, 'denied');
    assert.deepEqual(ids((await ana.client.state()).participants), ids([ana, ben]));
    await disperse([ana, ben, cleo]);
});

test('the host hands over', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo']);
    const [ana, ben, cleo] = members;
    assert.equal((await ben.client.refused({ type: 'host', user_id: ben.user_id })).code, 'forbidden');
    ana.client.send({ type: 'host', user_id: ben.user_id });
    await told(members, ben, 'host');
    assert.equal((await ben.client.state()).you.is_host, true);
    assert.equal((await ana.client.state()).you.is_host, false);
    assert.equal((await cleo.rest.session(code)).body.host_user_id, ben.user_id);
    ben.client.send({ type: 'leave' });
    assert.equal((await ben.client.next('ended')).reason, 'left');
    await told([ana, cleo], ana, 'host');
    await disperse(members);
});

test('who is removed stays out', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo']);
    const [ana, ben, cleo] = members;
    ana.client.send({ type: 'kick', user_id: cleo.user_id });
    assert.equal((await cleo.client.next('ended')).reason, 'kicked');
    const [kicked] = await told([ana, ben], cleo, 'kicked');
    assert.equal(kicked.reason, 'kicked');
    assert.equal((await cleo.client.refused({ type: 'join', session_code: code })).code, 'removed');
    assert.equal((await cleo.rest.join(code)).status, 403);
    assert.equal((await ben.client.refused({ type: 'kick', user_id: ana.user_id })).code, 'forbidden');
    await disperse(members);
});

test('the host changes the settings, and they hold', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo'], { max_participants: 4 });
    const [ana, ben] = members;
    assert.equal((await ben.client.refused({ type: 'settings', control: 'host' })).code, 'forbidden');
    ana.client.send({ type: 'settings', control: 'host', chat_enabled: false, max_participants: 3 });
    for (const { client } of members) {
        const { session, by } = await client.next('session');
        assert.deepEqual([session.control, session.chat_enabled, session.max_participants, by.user_id], ['host', false, 3, ana.user_id]);
    }
    for (const type of ['play', 'pause']) assert.equal((await ben.client.refused({ type })).code, 'forbidden');
    assert.equal((await ben.client.refused({ type: 'chat', message: 'x' })).code, 'chat_disabled');
    const dan = await guest(server, 'Dan');
    dan.client = await Client.open(server, { token: dan.token });
    assert.equal((await dan.client.refused({ type: 'join', session_code: code })).code, 'full');
    assert.equal((await dan.rest.join(code)).status, 409);
    ana.client.send({ type: 'settings', visibility: 'private' });
    assert.equal((await ben.client.next('session')).session.visibility, 'private');
    await disperse([...members, dan]);
});

test('other content: everyone at its beginning', async () => {
    const { members } = await gather(server, ['Ana', 'Ben']);
    await playing(members, 77000);
    const content = { content_type: 'episode', content_id: randomUUID(), title: 'Part <two>', url: 'https://films.example/2.mp4' };
    members[0].client.send({ type: 'content', ...content });
    const { session } = await members[1].client.next('session');
    for (const [field, value] of Object.entries(content)) assert.equal(session[field], value);
    const state = await members[1].client.state();
    assert.deepEqual([state.phase, state.is_playing, state.position_ms], ['idle', false, 0]);
    await disperse(members);
});

test('a film is on this server or on the web, whichever way it is said', async () => {
    const { members } = await gather(server, ['Ana', 'Ben']);
    const revision = (await members[1].client.state()).revision;
    const content = { type: 'content', content_type: 'movie', content_id: randomUUID() };
    for (const url of ['javascript:alert(1)', 'data:text/html,x', '/media/../x', '//host/x', 'https://', 'https://a b/', '']) {
        const error = await members[0].client.refused({ ...content, url });
        assert.equal(error.code, 'bad_field');
        assert.match(error.message, /^url must be an http or https URL/);
    }
    assert.equal((await members[1].client.state()).revision, revision);
    await disperse(members);
});

test('the host ends it for all', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo']);
    const [ana, ben] = members;
    assert.equal((await ben.client.refused({ type: 'end' })).code, 'forbidden');
    ana.client.send({ type: 'end' });
    for (const { client } of members) assert.equal((await client.next('ended')).reason, 'host');
    assert.equal((await ben.client.refused({ type: 'join', session_code: code })).code, 'ended');
    assert.equal((await ben.rest.session(code)).status, 410);
    // The connection is good for another party.
    const { code: other } = await party(ben);
    assert.equal((await ben.client.join(other)).session.code, other);
    await disperse(members);
});

test('chat: told once each, to all; the rate is limited; late joiners see it', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben']);
    const [ana, ben] = members;
    const id = randomUUID();
    ana.client.send({ type: 'chat', message: 'Grüße, <b>Ben</b> \u{1f600}', id });
    const [chat, copy] = await Promise.all(members.map(({ client }) => client.next('chat')));
    assert.equal(chat.message, 'Grüße, <b>Ben</b> \u{1f600}');
    assert.equal(chat.client_id, id);
    assert.equal(copy.id, chat.id);
    assert.equal((await ana.client.refused({ type: 'chat', message: 'again', id })).code, 'duplicate');
    for (let count = 0; count < 5; count += 1) ben.client.send({ type: 'chat', message: `${count}` });
    assert.equal((await ben.client.refused({ type: 'chat', message: 'too much' })).code, 'rate_limited');
    const cleo = await enter(server, code, 'Cleo');
    await cleo.client.settle();
    const seen = cleo.client.received.filter(({ type }) => type === 'chat');
    assert.deepEqual(seen.map(({ message }) => message), [chat.message, '0', '1', '2', '3', '4']);
    assert.ok(seen.every(({ history }) => history === true));
    assert.equal(seen[0].id, chat.id);
    await disperse([...members, cleo]);
});

test('typing and reactions: told at once to those who are there, and to nobody later', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo']);
    const [ana, ben, cleo] = members;
    const user = { user_id: ana.user_id, name: 'Ana' };
    ana.client.send({ type: 'typing' });
    ana.client.send({ type: 'typing' });
    ana.client.send({ type: 'typing', typing: false });
    for (const typing of [true, false])
        assert.deepEqual(same(await Promise.all([ben, cleo].map(({ client }) => client.next('typing')))), { type: 'typing', user, typing });
    const reaction = '\u{1f469}\u{1f3fd}\u200d\u2764\ufe0f\u200d\u{1f48b}\u200d\u{1f468}\u{1f3fe}';
    ana.client.send({ type: 'react', reaction });
    assert.deepEqual(same(await Promise.all(members.map(({ client }) => client.next('reaction')))), { type: 'reaction', user, reaction });
    ana.client.send({ type: 'react', reaction });
    const limited = await ana.client.refused({ type: 'react', reaction });
    assert.deepEqual([limited.code, limited.in_reply_to], ['rate_limited', 'react']);
    assert.equal((await ben.client.refused({ type: 'react', reaction: 'word' })).code, 'bad_field');
    ana.client.send({ type: 'mute', user_id: ben.user_id, muted: true });
    await told(members, ben, 'muted');
    for (const type of ['typing', 'react']) {
        const error = await ben.client.refused({ type, reaction });
        assert.deepEqual([error.code, error.in_reply_to], ['forbidden', type]);
    }
    await settle(members);
    const dan = await enter(server, code, 'Dan');
    await dan.client.settle();
    const types = ({ client }) => client.received.map(({ type }) => type).filter((type) => ['typing', 'reaction'].includes(type));
    assert.deepEqual(members.map(types), [['reaction', 'reaction'], ...Array(2).fill(['typing', 'typing', 'reaction', 'reaction'])]);
    assert.deepEqual(types(dan), []);
    await disperse([...members, dan]);
});

// --- Connections

test('the code in the address, as people type it', async () => {
    const { members, code } = await gather(server, ['Ana']);
    const ben = await guest(server, 'Ben');
    const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
    ben.client = await Client.open(server, { token: ben.token, code: typed });
    const state = await ben.client.next('state');
    assert.equal(state.session.code, code);
    assert.equal(state.you.user_id, ben.user_id);
    await disperse([...members, ben]);
});

test('a code that is none', async () => {
    const ana = await guest(server, 'Ana');
    for (const code of ['', 'ZZZZZZZZ', '../../etc', 'x'.repeat(500), '"},{"']) {
        ana.client = await Client.open(server, { token: ana.token, code });
        if (/[0-9a-z]/i.test(code)) assert.match((await ana.client.next('error')).code, /not_found|bad_field/);
        await ana.client.settle();
        await ana.client.close();
    }
});

test('proof of identity by the first message', async () => {
    const { members, code } = await gather(server, ['Ana']);
    const ben = await guest(server, 'Ben');
    ben.client = await Client.open(server, { code });
    assert.equal((await ben.client.refused({ type: 'join', session_code: code })).code, 'unauthorized');
    assert.equal((await ben.client.refused({ type: 'auth', token: 'nobody' })).code, 'unauthorized');
    ben.client.send({ type: 'auth', token: ben.token });
    assert.deepEqual((await ben.client.next('authenticated')).user, { user_id: ben.user_id, name: 'Ben' });
    assert.equal((await ben.client.next('state')).you.user_id, ben.user_id, 'and the code in the address counts');
    await disperse([...members, ben]);
});

test('three wrong tokens are enough', async () => {
    const client = await Client.open(server);
    for (let count = 0; count < 3; count += 1) client.send({ type: 'auth', token: `wrong-${count}` });
    for (let count = 0; count < 3; count += 1) assert.equal((await client.next('error')).code, 'unauthorized');
    assert.equal((await client.closed).code, 1008);
});

test('a wrong token in the handshake', async () => {
    await assert.rejects(Client.open(server, { token: 'wrong' }), /401/);
});

test('one connection through many parties, wherever they live', async () => {
    const ana = await guest(server, 'Ana');
    const ben = await guest(server, 'Ben');
    const codes = [];
    for (let count = 0; count < 16; count += 1) codes.push((await party(ana)).code);
    assert.equal(new Set(codes).size, codes.length);
    const client = await Client.open(server, { token: ben.token });
    for (const code of [...codes, ...codes.reverse()]) {
        assert.equal((await client.join(code)).session.code, code);
        const other = codes[(codes.indexOf(code) + 1) % codes.length];
        assert.equal((await client.refused({ type: 'join', session_code: other })).code, 'already_joined');
        client.send({ type: 'leave' });
        assert.equal((await client.next('ended')).reason, 'left');
    }
    await client.close();
});

test('two tabs of one person: the later one has the seat', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben']);
    const [ana, ben] = members;
    const first = ben.client;
    ben.client = await Client.open(server, { token: ben.token });
    const state = await ben.client.join(code);
    assert.equal(state.participants.length, 2);
    assert.equal((await first.next('ended')).reason, 'replaced');
    assert.equal((await first.refused({ type: 'play' })).code, 'not_joined');
    await first.close();
    await ana.client.settle();
    assert.equal((await ana.client.state()).participants.find(isEntryOf(ben)).is_connected, true);
    same(await command(members, ben, { type: 'seek', position_ms: 4000 }));
    await disperse(members);
});

test('no subprotocol is chosen, none leaks', async () => {
    const ana = await guest(server, 'Ana');
    const raw = await RawSocket.open(server, ana.token, { headers: 'Sec-WebSocket-Protocol: secret-one, two\r\n' });
    assert.doesNotMatch(raw.head, /secret-one|sec-websocket-protocol/i);
    raw.destroy();
    const next = await RawSocket.open(server, ana.token);
    assert.doesNotMatch(next.head, /sec-websocket-(protocol|extensions)/i);
    next.destroy();
});

test('REST and WebSocket see the same party', async () => {
    const { members, code } = await gather(server, ['Ana', 'Ben']);
    const [ana, ben] = members;
    const cleo = await guest(server, 'Cleo');
    assert.equal((await cleo.rest.join(code)).status, 200);
    const [joined] = await told(members, cleo, 'joined');
    assert.equal(joined.participant.is_connected, false);
    same(await command(members, ana, { type: 'seek', position_ms: 222 }));
    const { body: session } = await cleo.rest.session(code);
    assert.equal(session.position_ms, 222);
    const { body } = await cleo.rest.participants(code);
    assert.deepEqual(ids(body.participants ?? body), ids([ana, ben, cleo]));
    await cleo.rest.leave(code);
    await told(members, cleo, 'left');
    assert.equal((await ben.rest.end(code)).status, 403);
    await ana.rest.end(code);
    for (const { client } of members) assert.equal((await client.next('ended')).reason, 'host');
    await disperse(members);
});

test('nobody is disturbed by a party next door', async () => {
    const one = await gather(server, ['Ana', 'Ben']);
    const two = await gather(server, ['Ana', 'Ben']);
    await settle([...one.members, ...two.members]);
    const counts = two.members.map(({ client }) => client.received.length);
    await playing(one.members);
    one.members[1].client.send({ type: 'chat', message: 'not for you' });
    await one.members[0].client.next('chat');
    for (const [index, { client }] of two.members.entries()) {
        await client.settle();
        assert.deepEqual(client.received.slice(counts[index]).map(({ type }) => type), ['pong']);
    }
    await disperse([...one.members, ...two.members]);
});

test('an unknown visitor sees no party without a token', async () => {
    const { members, code } = await gather(server, ['Ana']);
    assert.equal((await new Rest(server).session(code)).status, 401);
    assert.equal((await new Rest(server).sessions(FILM)).status, 401);
    await disperse(members);
});
