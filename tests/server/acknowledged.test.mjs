// What was answered with 2xx outlives a kill -9 right after the answer.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { guest, party } from './rest.mjs';
import { Server } from './server.mjs';

const ROUNDS = 3;
let server;
let host;
let member;
let code;

before(async () => {
    server = await Server.start();
    host = await guest(server, 'host');
    member = await guest(server, 'member');
});
after(() => server.finish());

// A new party, of which the host and the member are.
async function meet() {
    ({ code } = await party(host));
    assert.equal((await member.rest.join(code)).status, 200);
}

// The server dies once it has answered.
async function survives(method, path, body) {
    const answer = await host.rest.of(code, method, path, body);
    await server.kill();
    await server.start();
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status}`);
    return answer.body;
}

async function get(path = '') {
    const { status, body } = await host.rest.of(code, 'GET', path);
    assert.equal(status, 200);
    return body;
}

const them = async () => (await get('/participants')).participants.find(({ user_id }) => user_id === member.user_id);

const deeds = {
    'a kick': async () => {
        await survives('DELETE', `/participants/${member.user_id}`);
        assert.equal(await them(), undefined);
        assert.deepEqual((await get('/bans')).bans.map(({ user_id, is_banned }) => [user_id, is_banned]), [[member.user_id, false]]);
    },
    'a ban, and its end': async () => {
        await survives('PUT', `/bans/${member.user_id}`);
        assert.equal((await member.rest.join(code)).body.code, 'removed');
        await survives('DELETE', `/bans/${member.user_id}`);
        assert.equal((await member.rest.join(code)).status, 200);
    },
    'a mute': async () => {
        await survives('PATCH', `/participants/${member.user_id}`, { muted: true });
        assert.equal((await them()).is_muted, true);
    },
    'a role': async () => {
        await survives('PATCH', `/participants/${member.user_id}`, { role: 'chat_only', allow: ['kick'] });
        assert.deepEqual([(await them()).role, (await them()).allow], ['chat_only', ['kick']]);
    },
    'an invitation, and its end': async () => {
        const { id } = await survives('POST', '/invitations', { role: 'controller' });
        assert.deepEqual((await get('/invitations')).invitations.map((one) => one.id), [id]);
        await survives('DELETE', `/invitations/${id}`);
        assert.deepEqual((await get('/invitations')).invitations, []);
    },
    settings: async () => {
        await survives('PATCH', '', { visibility: 'private', strangers: 'knock' });
        assert.equal((await get()).visibility, 'private');
        const knocking = await guest(server, 'knocking');
        assert.equal((await knocking.rest.join(code)).status, 202);
        await survives('PUT', `/lobby/${knocking.user_id}`);
        assert.equal((await knocking.rest.join(code)).status, 200);
    },
    'handing over': async () => {
        await survives('PUT', '/host', { user_id: member.user_id });
        assert.equal((await them()).role, 'host');
    },
    'the end': async () => {
        await survives('DELETE', '');
        assert.equal((await host.rest.session(code)).status, 410);
    },
    'a deleted message': async () => {
        const client = await Client.open(server, { token: member.token });
        await client.join(code);
        client.send({ type: 'chat', message: 'gone' });
        const { id } = await client.next('chat');
        client.send({ type: 'chat', message: 'stays' });
        await client.next('chat');
        await party(host); // when this is on disk, so is what was said
        await survives('DELETE', `/messages/${id}`);
        const again = await Client.open(server, { token: member.token });
        await again.join(code);
        await again.settle();
        const heard = again.received.filter(({ type }) => type === 'chat').map(({ message }) => message);
        assert.deepEqual(heard, ['stays']);
        await again.close();
    },
};

for (const [name, deed] of Object.entries(deeds)) {
    test(name, async () => {
        for (let round = 0; round < ROUNDS; round++) {
            await meet();
            await deed();
        }
    });
}
