// The page's rights: what it offers about whom. And the seat: what it sends to come back.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { deeds, rolesToGive } = await load('rights.js');
const { Seat } = await load('seat.js');

const CONTROLLER = ['play', 'seek', 'speed', 'excuse', 'chat', 'waited_for'];
const HOST = [...CONTROLLER, 'content', 'settings', 'invite', 'admit', 'kick', 'ban', 'mute', 'role', 'hand_over', 'end', 'delete_chat'];
const person = (user_id, more) => ({ user_id, is_connected: true, is_excused: false, role: 'viewer', is_muted: false, ...more });
const as = (rights) => ({ you: { user_id: 'me', rights }, session: { control: 'host' } });

test('the host may do everything about a viewer, and only not wait about themselves', () => {
    assert.deepEqual(deeds(person('b'), as(HOST)), ['excuse', 'controller', 'chat_only', 'mute', 'host', 'kick', 'ban']);
    assert.deepEqual(deeds(person('me', { is_host: true, role: 'host' }), as(HOST)), ['excuse']);
});

test('nobody does anything about the host', () => {
    assert.deepEqual(deeds(person('a', { is_host: true, role: 'host' }), as([...HOST])), []);
});

test('what is offered is what changes something', () => {
    const muted = person('b', { is_muted: true, role: 'controller', is_excused: true });
    assert.deepEqual(deeds(muted, as(HOST)), ['wait', 'viewer', 'chat_only', 'unmute', 'host', 'kick', 'ban']);
    assert.deepEqual(deeds(person('b', { is_connected: false }), as(CONTROLLER)), []);
    assert.deepEqual(deeds(person('b', { role: 'chat_only' }), as(CONTROLLER)), [], 'never waited for');
    const waits = (wait) => ({ you: { user_id: 'me', rights: CONTROLLER }, session: { control: 'host', wait } });
    assert.deepEqual(deeds(person('b'), waits('nobody')), []);
    assert.deepEqual(deeds(person('b'), waits('controllers')), []);
    assert.deepEqual(deeds(person('b', { role: 'controller' }), waits('controllers')), ['excuse']);
    assert.deepEqual(deeds(person('b'), as(['chat'])), []);
    assert.deepEqual(deeds(person('b'), as(['chat', 'kick'])), ['kick']);
});

test('nobody gives a role with rights that they do not have', () => {
    assert.deepEqual(rolesToGive(HOST, 'everyone'), ['controller', 'viewer', 'chat_only']);
    assert.deepEqual(rolesToGive(['chat', 'waited_for', 'role'], 'host'), ['viewer', 'chat_only']);
    assert.deepEqual(rolesToGive(['chat', 'waited_for', 'role'], 'everyone'), ['chat_only']);
    assert.deepEqual(rolesToGive([], 'host'), []);
});

function storage() {
    const map = new Map();
    return {
        getItem: (key) => map.get(key) ?? null,
        setItem: (key, value) => map.set(key, value),
        removeItem: (key) => map.delete(key),
    };
}

test('a lost connection comes back with token and cursor, a page loaded again with the token alone', () => {
    const tab = storage();
    const seat = new Seat('ABCD', tab);
    assert.deepEqual(seat.fields, {});
    seat.note({ type: 'state', resume_token: 'one', cursor: 7 });
    seat.note({ type: 'chat', cursor: 8 });
    seat.note({ type: 'pong' });
    assert.deepEqual(seat.fields, { resume_token: 'one', cursor: 8 });
    seat.note({ type: 'resumed', resume_token: 'two', cursor: 12 });
    assert.deepEqual(seat.fields, { resume_token: 'two', cursor: 8 }, 'what was missed has not come yet');
    seat.note({ type: 'chat', cursor: 12 });
    assert.deepEqual(new Seat('ABCD', tab).fields, { resume_token: 'two' });
    assert.deepEqual(new Seat('EFGH', tab).fields, {}, 'another party');
    seat.forget();
    assert.deepEqual(seat.fields, {});
    assert.deepEqual(new Seat('ABCD', tab).fields, {});
});

test('without a storage it lasts as long as the page', () => {
    const seat = new Seat('ABCD', undefined);
    seat.note({ type: 'state', resume_token: 'one', cursor: 1 });
    assert.deepEqual(seat.fields, { resume_token: 'one', cursor: 1 });
    seat.forget();
    assert.deepEqual(seat.fields, {});
});
