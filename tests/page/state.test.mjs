// The page's party: what it makes of the server's messages.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { Party } = await load('party.js');
const { names, span } = await load('language.js');
const { doorFor, time } = await load('words.js');

const ANA = { user_id: 'a', name: 'Ana' };
const BEN = { user_id: 'b', name: 'Ben' };
const VIEWER = ['chat', 'waited_for'];
const HOST = [
    'play', 'seek', 'speed', 'content', 'excuse', 'settings', 'invite', 'admit', 'kick', 'ban', 'mute', 'role', 'hand_over',
    'end', 'chat', 'delete_chat', 'waited_for',
];
const seat = (user, more) => ({
    ...user, is_host: false, is_connected: true, is_ready: true, is_excused: false, role: 'viewer', is_muted: false, ...more,
});

function state(more) {
    return {
        type: 'state', is_playing: false, position_ms: 0, server_time: 1000, revision: 3, phase: 'paused',
        participants: [seat(ANA, { is_host: true }), seat(BEN)],
        session: { id: 's', code: 'ABCDEFGH', host_user_id: 'a', control: 'host', chat_enabled: true, content_id: 'c' },
        you: { ...BEN, is_host: false, can_control: false, role: 'viewer', rights: VIEWER },
        ...more,
    };
}

// A party, and everything it told: [topic, value].
function listen() {
    const party = new Party();
    const told = [];
    for (const topic of ['membership', 'people', 'timeline', 'session', 'line', 'unline', 'notice', 'ask']) {
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
    assert.equal(party.may('play'), false);
    party.receive(state({ participants: [seat(BEN)], you: { ...BEN, rights: ['play'] } }));
    assert.deepEqual([...party.participants.keys()], ['b']);
    assert.equal(party.may('play'), true);
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

test('rights change at once, and a list is asked for when it may be seen', () => {
    const { party, take } = listen();
    const knock = { type: 'participant', action: 'requested', user: { user_id: 'c', name: 'Chris' } };
    const you = (rights, more) => party.receive({ type: 'you', you: { ...BEN, is_host: false, rights, ...more } });
    party.receive(state());
    you([...VIEWER, 'play']);
    assert.equal(party.may('play'), true);
    assert.deepEqual(take('ask'), [], 'nothing to ask for');
    you([...VIEWER, 'admit']);
    assert.deepEqual(take('ask'), [{ type: 'state' }]);
    party.receive(knock);
    you([...VIEWER, 'admit', 'kick']);
    assert.deepEqual([...party.knocking.keys()], ['c'], 'what may still be seen stays');
    assert.deepEqual(take('ask'), []);
    you(VIEWER);
    assert.equal(party.knocking.size, 0);
    you(HOST, { is_host: true });
    assert.deepEqual(take('ask'), [], 'the state comes to a new host by itself');
    const away = listen();
    away.party.receive(state());
    away.party.receive({ type: 'resumed', server_time: 1, you: { ...BEN, is_host: true, rights: HOST } });
    assert.deepEqual(away.take('ask'), [{ type: 'state' }], 'but not to one who was away then');
});

test('settings ask for nothing', () => {
    const { party, take } = listen();
    party.receive(state());
    party.receive({ type: 'session', session: { ...state().session, control: 'everyone' }, by: ANA });
    assert.equal(party.session.control, 'everyone');
    assert.deepEqual(take('ask'), []);
});

test('after `resumed`, what was missed is followed and not announced', () => {
    const { party, take } = listen();
    party.receive(state());
    party.receive({ type: 'resumed', resume_token: 't', cursor: 9, server_time: 50000, you: state().you });
    const play = { type: 'command', action: 'play', is_playing: true, position_ms: 5, phase: 'playing', by: ANA };
    party.receive({ ...play, revision: 4, server_time: 20000, at: 20100 });
    const told = { revision: 4, phase: 'playing', isPlaying: true, position: 5, speed: 1 };
    assert.deepEqual(party.timeline, told, 'the timeline is as it was told');
    party.receive({ ...play, revision: 5, server_time: 20500 });
    assert.deepEqual(take('notice'), []);
    party.receive({ ...play, revision: 6, server_time: 51000 });
    assert.equal(take('notice').length, 1);
    assert.equal(party.membership, 'in');
});

test('a deleted message is taken away, also when it comes after that', () => {
    const { party, take } = listen();
    party.receive(state());
    const chat = { type: 'chat', user: ANA, message: 'Hi', timestamp: 1, id: 'm1' };
    party.receive(chat);
    party.receive({ type: 'chat_deleted', id: 'm1', by: BEN });
    assert.deepEqual(take('unline'), ['m1']);
    party.receive({ type: 'chat_deleted', id: 'm2', by: BEN });
    party.receive({ ...chat, id: 'm2', history: true });
    assert.deepEqual(take('line'), []);
});

test('invitations come, are used, and go; the token stays with its maker', () => {
    const { party } = listen();
    party.receive(state({ you: { ...BEN, rights: HOST }, invitations: [{ id: 'i', role: 'viewer', used: 0 }] }));
    const tell = (action, invitation, more) => party.receive({ type: 'invitation', action, invitation, by: BEN, ...more });
    tell('created', { id: 'j', role: 'viewer', uses: 5, used: 0 }, { token: 'T' });
    tell('used', { id: 'j', role: 'viewer', uses: 5, used: 1 });
    assert.deepEqual(party.invitations.get('j'), { id: 'j', role: 'viewer', uses: 5, used: 1, token: 'T' });
    party.receive(state({ you: { ...BEN, rights: HOST }, invitations: [{ id: 'j', role: 'viewer', uses: 5, used: 2 }] }));
    assert.equal(party.invitations.get('j').token, 'T');
    assert.equal(party.invitations.has('i'), false);
    tell('revoked', { id: 'j' });
    assert.equal(party.invitations.size, 0);
});

test('who is kept out, for those who may see it', () => {
    const { party } = listen();
    const chris = { user_id: 'c', name: 'Chris' };
    const dan = { user_id: 'd', name: 'Dan' };
    party.receive(state({ you: { ...BEN, rights: HOST }, participants: [seat(BEN), seat(chris), seat(dan)] }));
    const tell = (action, user, reason) => party.receive({ type: 'participant', action, user, reason });
    tell('kicked', chris, 'kicked');
    tell('kicked', dan, 'banned');
    tell('banned', dan);
    assert.deepEqual([...party.removed.values()].map((one) => [one.name, one.is_banned]), [['Chris', false], ['Dan', true]]);
    tell('unbanned', dan);
    assert.deepEqual([...party.removed.keys()], ['c']);
});

test('roles and being muted are told', () => {
    const { party, take } = listen();
    party.receive(state());
    const tell = (action, user, more) => party.receive({ type: 'participant', action, user, participant: seat(user, more) });
    tell('role', BEN, { role: 'controller' });
    tell('role', BEN, { role: 'controller', deny: ['seek'] }); // the same role
    tell('muted', ANA, { is_muted: true });
    assert.deepEqual(take('line').map((line) => line.text), ['You control the film with the host now', 'Ana may not chat now']);
    assert.equal(party.participants.get('b').role, 'controller');
    assert.equal(party.participants.get('a').is_muted, true);
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
    const third = listen();
    third.party.receive({ type: 'participant', action: 'requested', user: BEN });
    third.party.receive({ type: 'ended', reason: 'timeout' });
    assert.equal(third.party.over.code, 'unanswered', 'the knock has ended, not the party');
});

test('every way out has its words', () => {
    const codes = [
        'host', 'timeout', 'kicked', 'banned', 'denied', 'latency', 'replaced', 'left', 'not_found', 'ended', 'full', 'removed',
        'forbidden', 'rate_limited', 'bad_invitation', 'bad_resume_token', 'unauthorized', 'limit', 'unanswered', 'no_memory',
    ];
    for (const code of codes) {
        const { title, text } = doorFor({ code, message: 'this is why' });
        assert.ok(title && text, code);
    }
    const why = 'this session is for friends of its host';
    assert.equal(doorFor({ code: 'forbidden', message: why }).text, 'This party is for friends of its host.');
    assert.equal(doorFor({ code: 'no_memory', message: 'max_knocks is 20' }).text, 'max_knocks is 20.');
    assert.deepEqual(doorFor({ code: 'bad_resume_token' }).ways, ['takeover']);
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
    assert.equal(span(400), '1 second');
    assert.equal(span(50000), '50 seconds');
    assert.equal(span(3599000), '1 hour');
    assert.equal(span(20 * 60000), '20 minutes');
    assert.equal(span(86400000), '1 day');
});
