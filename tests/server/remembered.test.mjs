// Who may do what, who may come in, and what was deleted: all of it outlives a kill.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Checker } from './openapi.mjs';
import { guest, party } from './rest.mjs';
import { Server } from './server.mjs';

const checker = new Checker();
const people = {};
let server;
let code;
let tokens;
let told; // by the host's requests, before the kill

before(async () => {
    server = await Server.start({ CHAT_RATE_LIMIT: '1000/second' });
    for (const name of ['host', 'controller', 'viewer', 'helper', 'muted', 'kicked', 'banned', 'knocking', 'late', 'later']) {
        people[name] = await guest(server, name, { checker });
    }
    const { host } = people;
    ({ code } = await party(host, { visibility: 'private' }));
    tokens = { twice: await invite({ role: 'controller', uses: 2, expires_in: 3600 }), many: await invite({ role: 'chat_only' }), gone: await invite({}) };
    for (const [name, token] of [['controller', tokens.twice], ['viewer'], ['helper'], ['muted'], ['kicked'], ['banned']]) {
        const invitation = token ?? (await invite({ uses: 1 }));
        assert.equal((await people[name].rest.join(code, { body: { invitation } })).status, 200);
    }
    await connect();
    await doThings();
    told = await view();
    await host.rest.session(code); // what has changed goes to the store
    await party(host); // when this is on disk, so is all that went there before
    await server.kill();
    await server.start();
});
after(() => server.finish());

async function invite(body) {
    const { status, body: invitation } = await people.host.rest.of(code, 'POST', '/invitations', body);
    assert.equal(status, 201);
    return invitation.token;
}

async function connect() {
    for (const name of ['host', 'viewer', 'muted']) {
        people[name].client = await Client.open(server, { token: people[name].token });
        people[name].entry = await people[name].client.join(code);
        await people[name].client.settle();
    }
}

async function doThings() {
    const { rest, client } = people.host;
    const of = async (method, path, body) => assert.ok((await rest.of(code, method, path, body)).status < 300, `${method} ${path}`);
    await of('PATCH', '', { visibility: 'friends', strangers: 'knock', wait: 'controllers', control: 'host' });
    await of('PATCH', `/participants/${people.helper.user_id}`, { role: 'chat_only', allow: ['kick', 'admit'], deny: ['waited_for'] });
    await of('PATCH', `/participants/${people.muted.user_id}`, { muted: true });
    await of('DELETE', `/participants/${people.kicked.user_id}`);
    await of('PUT', `/bans/${people.banned.user_id}`);
    await of('DELETE', `/invitations/${(await rest.of(code, 'GET', '/invitations')).body.invitations.find(({ role }) => role === 'viewer').id}`);
    assert.equal((await people.knocking.rest.join(code)).status, 202);
    for (const message of ['first', 'second', 'third']) {
        client.send({ type: 'chat', message });
        const { id } = await people.viewer.client.next('chat');
        if (message === 'second') await of('DELETE', `/messages/${id}`);
    }
    await people.viewer.client.next('chat_deleted');
}

// All but what a new start changes: who is connected and ready.
async function view() {
    const seen = {};
    for (const path of ['', '/participants', '/lobby', '/invitations', '/bans']) {
        const { status, body } = await people.host.rest.of(code, 'GET', path);
        assert.equal(status, 200);
        seen[path] = body;
    }
    for (const participant of seen['/participants'].participants) {
        for (const field of ['is_connected', 'is_ready', 'latency_ms', 'round_trip_ms']) delete participant[field];
    }
    delete seen[''].connected_count;
    delete seen[''].revision;
    return seen;
}

test('settings, roles, overrides, the lobby, invitations and those who are out are as they were', async () => {
    const now = await view();
    assert.deepEqual(now, told);
    const { participants } = now['/participants'];
    const entry = (name) => participants.find(({ user_id }) => user_id === people[name].user_id);
    assert.equal(entry('controller').role, 'controller');
    assert.deepEqual([entry('helper').role, entry('helper').allow.sort(), entry('helper').deny], ['chat_only', ['admit', 'kick'], ['waited_for']]);
    assert.equal(entry('muted').is_muted, true);
    assert.deepEqual(now['/bans'].bans.map(({ name, is_banned, until }) => [name, is_banned, until === null]).sort(), [['banned', true, true], ['kicked', false, false]]);
    assert.deepEqual(now['/lobby'].lobby.map(({ name }) => name), ['knocking']);
    assert.deepEqual(now['/invitations'].invitations.map(({ role, uses, used }) => [role, uses, used]), [['controller', 2, 1], ['chat_only', null, 0]]);
});

test('and they hold: rights, mutes', async () => {
    await connect();
    assert.equal((await people.muted.client.refused({ type: 'chat', message: 'x' })).code, 'forbidden');
    assert.equal((await people.viewer.client.refused({ type: 'play' })).code, 'forbidden');
    assert.equal((await people.helper.rest.of(code, 'GET', '/lobby')).status, 200);
    assert.equal((await people.helper.rest.of(code, 'GET', '/bans')).status, 403);
});

test('who is out stays out', async () => {
    for (const name of ['kicked', 'banned']) assert.equal((await people[name].rest.join(code, { body: { invitation: tokens.many } })).body.code, 'removed');
    assert.equal((await people.host.rest.of(code, 'DELETE', `/bans/${people.kicked.user_id}`)).status, 204);
    assert.equal((await people.kicked.rest.join(code)).status, 202);
});

test('who knocked is still admitted', async () => {
    assert.equal((await people.helper.rest.of(code, 'PUT', `/lobby/${people.knocking.user_id}`)).status, 204);
    assert.equal((await people.knocking.rest.join(code)).status, 200);
});

test('an invitation is good for what was left of it', async () => {
    const { status, body } = await people.late.rest.join(code, { body: { invitation: tokens.twice } });
    assert.equal(status, 200);
    assert.equal(body.participant.role, 'controller');
    assert.equal((await people.later.rest.join(code, { body: { invitation: tokens.twice } })).body.code, 'bad_invitation');
    assert.equal((await people.later.rest.join(code, { body: { invitation: tokens.gone } })).body.code, 'bad_invitation');
    assert.equal((await people.later.rest.join(code, { body: { invitation: tokens.many } })).body.participant.role, 'chat_only');
});

test('what was deleted is gone, the rest is there', () => {
    const heard = people.viewer.client.received.filter(({ type }) => type === 'chat');
    assert.deepEqual(heard.map(({ message, history }) => [message, history]), [['first', true], ['third', true]]);
});

test('no token is in the log', () => {
    for (const token of [...Object.values(tokens), ...Object.values(people).map((one) => one.token)]) assert.ok(!server.log.includes(token));
    assert.match(server.log, /invitation created .*\n/);
    assert.match(server.log, /message deleted .*\n/);
});
