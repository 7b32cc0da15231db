// The page's party: what it makes of the server's messages.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { Party } = await load('party.js');
const { names, time } = await load('words.js');

const ANA = { user_id: 'a', name: 'Ana' };
const BEN = { user_id: 'b', name: 'Ben' };
const seat = (user, more) => ({ ...user, is_host: false, is_connected: true, is_ready: true, is_excused: false, ...more });

function state(more) {
    return {
        type: 'state', is_playing: false, position_ms: 0, server_time: 1000, revision: 3, phase: 'paused',
        participants: [seat(ANA, { is_host: true }), seat(BEN)],
        session: { id: 's', code: 'ABCDEFGH', host_user_id: 'a', control: 'host', chat_enabled: true, content_id: 'c' },
        you: { ...BEN, is_host: false, can_control: false },
        ...more,
    };
}

// A party, and everything it told: [topic, value].
function listen() {
    const party = new Party();
    const told = [];
    for (const topic of ['membership', 'people', 'timeline', 'session', 'line', 'notice', 'ask']) {
        party.on(topic, (value) => told.push([topic, value]));
    }
    const take = (topic) => {
        const taken = told.filter((one) => one[0] === topic).map((one) => one[1]);
        told.length = 0;
        return taken;
    };
    return { party, take };
}

test('a state is the whole truth', () => {
    const { party } = listen();
    party.receive(state());
    assert.equal(party.membership, 'in');
    assert.equal(party.canControl, false);
    party.receive(state({ participants: [seat(BEN)], you: { ...BEN, can_control: true } }));
    assert.deepEqual([...party.participants.keys()], ['b']);
    assert.equal(party.canControl, true);
});

test('a gap in the revisions asks for the state, an old command is not followed', () => {
    const { party, take } = listen();
    party.receive(state());
    const command = { type: 'command', action: 'play', is_playing: true, position_ms: 5, server_time: 2000, phase: 'playing' };
    party.receive({ ...command, revision: 4 });
    assert.deepEqual(take('ask'), []);
    party.receive({ ...command, revision: 6 });
    assert.deepEqual(take('ask'), [{ type: 'state' }]);
    party.receive({ ...command, revision: 5, action: 'pause', is_playing: false });
    assert.equal(party.timeline.isPlaying, true);
});

test('each chat message is shown once', () => {
    const { party, take } = listen();
    party.receive(state());
    const chat = { type: 'chat', user: ANA, message: 'Hi', timestamp: 1, id: 'm1' };
    party.receive(chat);
    party.receive({ ...chat, history: true });
    party.receive({ ...chat, id: 'm2' });
    assert.equal(take('line').length, 2);
});

test('joining and leaving are told, a return is not', () => {
    const { party, take } = listen();
    const chris = { user_id: 'c', name: 'Chris' };
    party.receive(state());
    const tell = (action, user, more) => party.receive({ type: 'participant', action, user, ...more });
    tell('joined', BEN, { participant: seat(BEN) });
    tell('joined', chris, { participant: seat(chris) });
    tell('disconnected', chris, { participant: seat(chris, { is_connected: false }) });
    tell('returned', chris, { participant: seat(chris) });
    tell('left', chris);
    tell('left', { user_id: 'd', name: 'a knocker' });
    tell('kicked', ANA, { reason: 'latency' });
    assert.deepEqual(take('line').map((line) => line.text), [
        'Chris joined', 'Chris left', 'Ana was removed: the connection is too slow',
    ]);
    assert.deepEqual([...party.participants.keys()], ['b']);
});

test('who is waited for, only while waiting', () => {
    const { party } = listen();
    party.receive(state({ phase: 'waiting', waiting_for: ['a', 'b'] }));
    assert.deepEqual(party.waitingFor, ['a', 'b']);
    party.receive({ type: 'participant', action: 'ready', user: ANA, participant: seat(ANA) });
    assert.deepEqual(party.waitingFor, ['b']);
    party.receive({ type: 'participant', action: 'stalled', user: ANA, participant: seat(ANA, { is_ready: false }) });
    party.receive({ type: 'participant', action: 'disconnected', user: BEN, participant: seat(BEN) });
    assert.deepEqual(party.waitingFor, ['a']);
    party.receive({ type: 'command', action: 'play', is_playing: true, position_ms: 0, revision: 4, phase: 'playing', waiting_for: [] });
    assert.deepEqual(party.waitingFor, []);
    party.receive({ type: 'participant', action: 'stalled', user: ANA, participant: seat(ANA) });
    assert.deepEqual(party.waitingFor, []);
});

test('knocking, being let in, and the ends', () => {
    const { party } = listen();
    party.receive({ type: 'participant', action: 'requested', user: BEN });
    assert.equal(party.membership, 'knocking');
    party.receive({ type: 'participant', action: 'admitted', user: BEN });
    party.receive(state());
    assert.equal(party.membership, 'in');
    party.receive({ type: 'ended', reason: 'shutdown' });
    assert.equal(party.membership, 'in', 'the server will be back');
    party.receive({ type: 'ended', reason: 'host' });
    assert.equal(party.membership, 'over');
    const other = listen();
    other.party.receive({ type: 'error', code: 'full', in_reply_to: 'join' });
    assert.deepEqual([other.party.membership, other.party.over.code], ['over', 'full']);
});

test('a stranger\u2019s message is passed over', () => {
    const { party, take } = listen();
    party.receive({ type: 'confetti' });
    party.receive({ type: 'error', code: 'stale', in_reply_to: 'pause', message: 'x' });
    assert.deepEqual(take('notice'), []);
});

test('names and times as people read them', () => {
    assert.equal(names([]), '');
    assert.equal(names(['Ana']), 'Ana');
    assert.equal(names(['Ana', 'Ben', 'Chris']), 'Ana, Ben and Chris');
    assert.equal(time(0), '0:00');
    assert.equal(time(59999), '0:59');
    assert.equal(time(3600000 + 62000), '1:01:02');
});
