// A client that knows the first description of the protocol and not one field more. It must be able to watch along.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { FILM, guest } from './rest.mjs';
import { Server } from './server.mjs';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const isText = (value) => typeof value === 'string';
const isUser = (value) => UUID.test(value?.user_id) && isText(value?.name);

// Each message that it knows, with all fields.
const SEED = {
    state: {
        is_playing: (value) => typeof value === 'boolean', position_ms: isNumber, server_time: isNumber, participants: Array.isArray,
    },
    command: { action: (value) => ['play', 'pause', 'seek'].includes(value), position_ms: isNumber },
    participant: { action: isText, user: isUser },
    chat: { user: isUser, message: isText, timestamp: isNumber },
    pong: { client_timestamp: isNumber, server_timestamp: isNumber },
};

// What the columns of the seed's tables say of a participant.
const PARTICIPANT = {
    user_id: (value) => UUID.test(value), is_connected: (value) => typeof value === 'boolean',
    is_ready: (value) => typeof value === 'boolean', latency_ms: isNumber, joined_at: isNumber,
};

function checkFields(what, shape, value) {
    for (const [field, isRight] of Object.entries(shape)) {
        assert.ok(isRight(value[field]), `${what}.${field} is ${JSON.stringify(value[field])}`);
    }
}

function understand(messages) {
    for (const message of messages) {
        checkFields(message.type, SEED[message.type] ?? {}, message);
        for (const participant of message.participants ?? []) checkFields('participants[]', PARTICIPANT, participant);
        assert.notEqual(message.type, 'error', JSON.stringify(message));
    }
}

let server;
before(async () => (server = await Server.start({ WAIT_TIMEOUT: '300ms' })));
after(() => server.finish());

async function two() {
    const ana = await guest(server, 'Ana');
    const ben = await guest(server, 'Ben');
    const { status, body: session } = await ana.rest.sessions({ ...FILM, visibility: 'public' });
    assert.equal(status, 201);
    ana.client = await Client.open(server, { token: ana.token });
    ben.client = await Client.open(server, { token: ben.token });
    for (const { client } of [ana, ben]) {
        client.send({ type: 'join', session_code: session.code });
        await client.next('state');
    }
    await ana.client.next('participant', ({ action, user }) => action === 'joined' && user.user_id === ben.user_id);
    return { ana, ben, session, both: [ana.client, ben.client] };
}

const both = (clients, type, matches) => Promise.all(clients.map((client) => client.next(type, matches)));

test('watching a film together', async () => {
    const { ana, ben, session, both: clients } = await two();
    for (const client of clients) client.send({ type: 'ready', buffered_ms: 5000 });
    for (const { user_id } of [ana, ben]) {
        await both(clients, 'participant', ({ action, user }) => action === 'ready' && user.user_id === user_id);
    }

    ana.client.send({ type: 'play' });
    for (const play of await both(clients, 'command')) {
        assert.equal(play.action, 'play');
        assert.equal(play.position_ms, 0);
    }

    ben.client.send({ type: 'seek', position_ms: 123456 });
    for (const seek of await both(clients, 'command')) {
        assert.equal(seek.action, 'seek');
        assert.equal(seek.position_ms, 123456);
    }
    for (const client of clients) client.send({ type: 'ready', buffered_ms: 3000 });
    for (const play of await both(clients, 'command')) {
        assert.equal(play.action, 'play');
        assert.equal(play.position_ms, 123456);
    }

    ben.client.send({ type: 'pause' });
    const pauses = await both(clients, 'command');
    assert.deepEqual(pauses.map(({ action }) => action), ['pause', 'pause']);
    assert.equal(pauses[0].position_ms, pauses[1].position_ms);
    assert.ok(pauses[0].position_ms >= 123456);

    ana.client.send({ type: 'seek', position_ms: 60000 });
    for (const seek of await both(clients, 'command')) {
        assert.equal(seek.action, 'seek');
        assert.equal(seek.position_ms, 60000);
    }

    ben.client.send({ type: 'chat', message: 'Hello!' });
    for (const chat of await both(clients, 'chat')) {
        assert.equal(chat.message, 'Hello!');
        assert.deepEqual(chat.user, { user_id: ben.user_id, name: 'Ben' });
    }

    ana.client.send({ type: 'ping', timestamp: 1234567890 });
    assert.equal((await ana.client.next('pong')).client_timestamp, 1234567890);

    ben.client.send({ type: 'leave' });
    await ana.client.next('participant', ({ action, user }) => action === 'left' && user.user_id === ben.user_id);
    assert.equal((await ana.rest.participants(session.code)).status, 200);
    for (const client of clients) {
        await client.close();
        understand(client.received);
    }
});

test('one that never tells readiness holds nobody up for ever', async () => {
    const { ana, both: clients } = await two();
    ana.client.send({ type: 'play' });
    for (const play of await both(clients, 'command', ({ action }) => action === 'play')) assert.equal(play.position_ms, 0);
    for (const client of clients) {
        await client.close();
        understand(client.received);
    }
});

test('joining by the code in the address', async () => {
    const { ana, ben, session } = await two();
    const cleo = await guest(server, 'Cleo');
    cleo.client = await Client.open(server, { token: cleo.token, code: session.code });
    const state = await cleo.client.next('state');
    assert.deepEqual(state.participants.map(({ user_id }) => user_id).sort(), [ana, ben, cleo].map(({ user_id }) => user_id).sort());
    for (const { client } of [ana, ben, cleo]) {
        await client.close();
        understand(client.received);
    }
});

test('a session has the columns of the table', async () => {
    const { ana, session } = await two();
    const { body } = await ana.rest.session(session.code);
    for (const one of [session, body]) {
        checkFields('session', {
            id: (value) => UUID.test(value), code: (value) => /^[0-9A-Z]{1,8}$/.test(value), host_user_id: (value) => value === ana.user_id,
            content_type: (value) => value === FILM.content_type, content_id: (value) => value === FILM.content_id,
            visibility: (value) => value === 'public', max_participants: (value) => Number.isInteger(value),
            chat_enabled: (value) => value === true, is_playing: (value) => value === false, position_ms: (value) => value === 0,
            playback_speed: (value) => value === 1, last_sync_at: isText, started_at: isText, ended_at: (value) => value === null,
        }, one);
    }
});
