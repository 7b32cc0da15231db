// Settings, the lobby, invitations, roles, bans and messages over REST, each answer as server/openapi.yaml describes it. Who may do
// what is rights.test.mjs.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Checker } from './openapi.mjs';
import { FILM, guest, party, refused } from './rest.mjs';
import { Server } from './server.mjs';

const checker = new Checker();
let server;
let ana;
let ben;
let cleo;

before(async () => {
    server = await Server.start({ MAX_PARTICIPANTS: 5 });
    ana = await guest(server, 'Ana', { checker });
    ben = await guest(server, 'Ben', { checker });
    cleo = await guest(server, 'Cleo', { checker });
});
after(() => server.finish());

test('a knock that is denied, or taken back', async () => {
    const { code } = await party(ana, { visibility: 'private' });
    for (const end of [() => ana.rest.of(code, 'DELETE', `/lobby/${ben.user_id}`), () => ben.rest.leave(code)]) {
        assert.equal((await ben.rest.join(code)).status, 202);
        assert.equal((await end()).status, 204);
        assert.deepEqual((await ana.rest.of(code, 'GET', '/lobby')).body.lobby, []);
        refused(await ana.rest.of(code, 'PUT', `/lobby/${ben.user_id}`), 404);
        refused(await ana.rest.of(code, 'DELETE', `/lobby/${ben.user_id}`), 404);
    }
});

test('settings: all that is named, or nothing', async () => {
    const { code, ...before } = await party(ana);
    const settings = { visibility: 'friends', control: 'host', max_participants: 4, chat_enabled: false, strangers: 'knock', wait: 'nobody' };
    for (const [field, value] of Object.entries(settings)) {
        const { status, body } = await ana.rest.of(code, 'PATCH', '', { [field]: value });
        assert.equal(status, 200);
        assert.equal(body[field], value);
    }
    assert.deepEqual((await ana.rest.session(code)).body, { ...before, code, ...settings });
    const wrong = { visibility: 'secret', control: 7, max_participants: 6, chat_enabled: 'yes', strangers: '', wait: ['nobody'] };
    for (const [field, value] of Object.entries(wrong)) {
        const answer = await ana.rest.of(code, 'PATCH', '', { ...before, wait: 'everyone', [field]: value });
        assert.equal(refused(answer, 400, new RegExp(`^${field} must be `)).code, 'bad_field');
        refused(await ana.rest.sessions({ ...FILM, [field]: value }), 400, new RegExp(`^${field} must be `));
    }
    refused(await ana.rest.of(code, 'PATCH', '', { colour: 'red', wait: null }), 400, /at least one of visibility/);
    assert.deepEqual((await ana.rest.session(code)).body, { ...before, code, ...settings });
});

test('invitations: made, listed, used up, revoked', async () => {
    const { code } = await party(ana, { visibility: 'private' });
    const make = async (body) => {
        const answer = await ana.rest.of(code, 'POST', '/invitations', body);
        assert.equal(answer.status, 201);
        return answer.body;
    };
    const one = await make({ role: 'controller', expires_in: 3600, uses: 1 });
    const any = await make({});
    assert.deepEqual([one.role, one.uses, one.used, Date.parse(one.expires_at) - Date.parse(one.created_at)], ['controller', 1, 0, 3600000]);
    assert.deepEqual([any.role, any.uses, any.used, any.expires_at, any.made_by], ['viewer', null, 0, null, ana.user_id]);
    const list = async () => (await ana.rest.of(code, 'GET', '/invitations')).body.invitations;
    assert.deepEqual(await list(), [one, any].map(({ token, ...rest }) => rest));
    const joined = await ben.rest.join(code, { body: { invitation: one.token } });
    assert.equal(joined.status, 200);
    assert.equal(joined.body.participant.role, 'controller');
    assert.equal(refused(await cleo.rest.join(code, { body: { invitation: one.token } }), 403).code, 'bad_invitation');
    assert.deepEqual((await list()).map(({ id, used }) => [id, used]), [[any.id, 0]]);
    assert.equal((await ana.rest.of(code, 'DELETE', `/invitations/${any.id}`)).status, 204);
    refused(await ana.rest.of(code, 'DELETE', `/invitations/${any.id}`), 404);
    assert.equal(refused(await cleo.rest.join(code, { body: { invitation: any.token } }), 403).code, 'bad_invitation');
    assert.equal((await cleo.rest.join(code, { body: { invitation: null } })).status, 202);
    const wrong = {
        role: ['host', 'admin', 3], expires_in: [0, -1, 1.5, 315360001, '60'], uses: [0, -1, 1000001, 2.5, true],
    };
    for (const [field, values] of Object.entries(wrong)) {
        for (const value of values) refused(await ana.rest.of(code, 'POST', '/invitations', { [field]: value }), 400, new RegExp(`^${field} must be `));
    }
    refused(await cleo.rest.join(code, { body: { invitation: 5 } }), 400, /^invitation must be /);
    assert.equal(refused(await cleo.rest.join(code, { body: { invitation: 'x'.repeat(5000) } }), 403).code, 'bad_invitation');
    assert.deepEqual(await list(), []);
});

test('as many invitations as a session may have', async () => {
    const { code } = await party(ana);
    let answer;
    do answer = await ana.rest.of(code, 'POST', '/invitations', {});
    while (answer.status === 201);
    assert.equal(refused(answer, 409, /\d/).code, 'limit');
});

test('roles, rights, muting: either of both, and no half of it', async () => {
    const { code } = await party(ana);
    await ben.rest.join(code);
    const change = (body) => ana.rest.of(code, 'PATCH', `/participants/${ben.user_id}`, body);
    const entry = async () => (await ana.rest.participants(code)).body.participants[1];
    const { status, body } = await change({ role: 'chat_only', allow: ['seek', 'kick', 'kick'], deny: ['chat'] });
    assert.equal(status, 200);
    assert.deepEqual([body.role, body.allow, body.deny, body.is_muted], ['chat_only', ['seek', 'kick'], ['chat'], true]);
    assert.deepEqual(await entry(), body);
    for (const [wrong, words] of [
        [{}, /either muted, or/], [{ muted: true, role: 'viewer' }, /not both/], [{ muted: false, deny: [] }, /not both/], [{ muted: 1 }, /^muted must be/],
        [{ role: 'host' }, /^role must be .*controller, viewer, chat_only/], [{ allow: 'kick' }, /^allow must be .* play .* waited_for/],
        [{ role: 'viewer', deny: ['fly'] }, /^deny must be/], [{ deny: [7] }, /^deny must be/], [{ allow: Array(18).fill('kick') }, /^allow must be/],
    ]) {
        assert.equal(refused(await change(wrong), 400, words).code, 'bad_field');
        assert.deepEqual(await entry(), body);
    }
    assert.equal((await change({ muted: false })).body.is_muted, false);
    assert.equal((await change({ role: 'viewer' })).body.role, 'viewer');
    refused(await ana.rest.of(code, 'PATCH', `/participants/${cleo.user_id}`, { muted: true }), 404);
});

test("the host's seat goes to somebody else", async () => {
    const { code } = await party(ana);
    await ben.rest.join(code);
    refused(await ana.rest.of(code, 'PUT', '/host', { user_id: 'Ben' }), 400, /^user_id must be /);
    refused(await ana.rest.of(code, 'PUT', '/host', {}), 400, /^user_id must be /);
    refused(await ana.rest.of(code, 'PUT', '/host', { user_id: cleo.user_id }), 404);
    assert.equal((await ana.rest.of(code, 'PUT', '/host', { user_id: ben.user_id })).status, 204);
    assert.equal((await ana.rest.session(code)).body.host_user_id, ben.user_id);
    const { participants } = (await ben.rest.participants(code)).body;
    assert.deepEqual(participants.map(({ name, role }) => [name, role]).sort(), [['Ana', 'controller'], ['Ben', 'host']]);
});

test('kicked for a while, banned for good, and forgiven', async () => {
    const { code } = await party(ana);
    await ben.rest.join(code);
    const bans = async () => (await ana.rest.of(code, 'GET', '/bans')).body.bans;
    assert.equal((await ana.rest.of(code, 'DELETE', `/participants/${ben.user_id}`)).status, 204);
    refused(await ana.rest.of(code, 'DELETE', `/participants/${ben.user_id}`), 404);
    assert.equal(refused(await ben.rest.join(code), 403).code, 'removed');
    const [kicked] = await bans();
    assert.deepEqual([kicked.user_id, kicked.name, kicked.is_banned], [ben.user_id, 'Ben', false]);
    assert.ok(Date.parse(kicked.until) > Date.now());
    assert.equal((await ana.rest.of(code, 'PUT', `/bans/${ben.user_id}`)).status, 204);
    assert.equal((await ana.rest.of(code, 'PUT', `/bans/${cleo.user_id}`)).status, 204, 'one who was never here');
    assert.deepEqual((await bans()).map(({ user_id, is_banned, until }) => [user_id, is_banned, until]).sort(),
        [[ben.user_id, true, null], [cleo.user_id, true, null]].sort());
    assert.equal(refused(await cleo.rest.join(code), 403).code, 'removed');
    for (const { user_id } of [ben, cleo]) assert.equal((await ana.rest.of(code, 'DELETE', `/bans/${user_id}`)).status, 204);
    refused(await ana.rest.of(code, 'DELETE', `/bans/${ben.user_id}`), 404);
    assert.deepEqual(await bans(), []);
    for (const { rest } of [ben, cleo]) assert.equal((await rest.join(code)).status, 200);
});

test('a message is deleted once, by its author or by the host', async () => {
    const { code } = await party(ana);
    ben.client = await Client.open(server, { token: ben.token });
    await ben.client.join(code);
    await cleo.rest.join(code);
    for (const { rest } of [ben, ana]) {
        ben.client.send({ type: 'chat', message: 'oh' });
        const { id } = await ben.client.next('chat');
        refused(await cleo.rest.of(code, 'DELETE', `/messages/${id}`), 403);
        assert.equal((await rest.of(code, 'DELETE', `/messages/${id}`)).status, 204);
        assert.equal((await ben.client.next('chat_deleted')).id, id);
        refused(await rest.of(code, 'DELETE', `/messages/${id}`), 404);
    }
    await ben.client.close();
});

test('ids that are none', async () => {
    const { code } = await party(ana);
    for (const id of ['x', '0', '00000000-0000-0000-0000-000000000000', ben.user_id.slice(1), '%00', 'x'.repeat(300)]) {
        for (const [method, path, body] of [
            ['PATCH', 'participants', { muted: true }], ['DELETE', 'participants'], ['PUT', 'lobby'], ['DELETE', 'lobby'], ['DELETE', 'invitations'],
            ['PUT', 'bans'], ['DELETE', 'bans'], ['DELETE', 'messages'],
        ]) {
            if (id === '%00') assert.ok((await ana.rest.of(code, method, `/${path}/${id}`, body)).status >= 400);
            else refused(await ana.rest.of(code, method, `/${path}/${id}`, body), 404);
        }
    }
});
