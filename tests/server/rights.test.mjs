// Every role and every right, over real sockets: the table is what one finds. And overrides of it.

import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { disperse, settle } from './gather.mjs';
import { Checker } from './openapi.mjs';
import { guest, party } from './rest.mjs';
import { RIGHTS, ROLES, TRIES, has, table } from './rights.mjs';
import { Server } from './server.mjs';

const checker = new Checker();
const cast = {};
let server;

before(async () => {
    server = await Server.start({ CHAT_RATE_LIMIT: '1000/second', WAIT_TIMEOUT: '1h', WAIT_BUDGET: '1h' });
    for (const name of ['host', 'subject', 'other', 'guest']) {
        cast[name] = await guest(server, name, { checker });
    }
});
after(() => server.finish());

// A connection of its own for each scene: there is a limit to the messages on one.
async function enterBy(member, code, role) {
    member.client = await Client.open(server, { token: member.token });
    if (member === cast.host) return member.client.join(code);
    const { status, body } = await cast.host.rest.of(code, 'POST', '/invitations', { role, uses: 1 });
    assert.equal(status, 201);
    member.client.send({ type: 'join', session_code: code, invitation: body.token });
    return member.client.next('state');
}

// A new session with everybody in it. The subject has this role: the host's is the host.
async function stage(role, control = 'everyone') {
    const { host, subject, other, guest: knocking } = cast;
    const { code } = await party(host, { visibility: 'private', control });
    await enterBy(host, code);
    if (role !== 'host') await enterBy(subject, code, role);
    await enterBy(other, code, 'viewer');
    other.client.send({ type: 'chat', message: 'hello' });
    const { id: said } = await host.client.next('chat');
    assert.equal((await knocking.rest.join(code)).status, 202);
    const { body: spare } = await host.rest.of(code, 'POST', '/invitations', { uses: 1 });
    const outcast = randomUUID();
    assert.equal((await host.rest.of(code, 'PUT', `/bans/${outcast}`)).status, 204);
    await settle(role === 'host' ? [host, other] : [host, subject, other]);
    return {
        code, control, role, said, outcast, spare: spare.id, host, other, guest: knocking, subject: role === 'host' ? host : subject,
        heard: host.client.received.length,
    };
}

async function clear({ code, host, subject, other }) {
    for (const one of [host, subject, other]) await one.rest.end(code); // whoever may
    await disperse([...new Set([host, subject, other])]);
}

// All there is to see of it for its host, who may have become somebody else.
async function view({ code, host, heard }) {
    const seen = [];
    for (const path of ['', '/participants', '/lobby', '/invitations', '/bans']) {
        const { status, body } = await host.rest.of(code, 'GET', path);
        for (const one of body.participants ?? []) for (const field of ['latency_ms', 'round_trip_ms']) delete one[field];
        seen.push({ status, ...body });
    }
    await host.client.settle();
    const said = host.client.received.slice(heard).filter(({ type }) => /^chat/.test(type)).map(({ type }) => type);
    return JSON.stringify([seen, said]);
}

// 'done', or the code of the error.
async function attempt(scene, { message, request }) {
    const { subject, code } = scene;
    if (request) {
        const { status, body } = await subject.rest.of(code, ...request(scene));
        return status < 300 ? 'done' : `${status} ${body.code}`;
    }
    await subject.client.settle();
    subject.client.unread = [];
    subject.client.send(message(scene));
    await subject.client.settle();
    const error = subject.client.unread.find(({ type }) => type === 'error');
    return error ? error.code : 'done';
}

async function findAllowed(scene, one) {
    const before = await view(scene);
    assert.equal(await attempt(scene, one), 'done');
    const later = await view(scene);
    if (one.reads) assert.equal(later, before);
    else assert.notEqual(later, before, 'it has changed something');
}

async function findRefused(scene, one) {
    const before = await view(scene);
    assert.equal(await attempt(scene, one), one.request ? '403 forbidden' : 'forbidden');
    assert.equal(await view(scene), before, 'nothing has changed');
}

// Who is waited for is no command: one sees it when somebody else plays.
async function isWaitedFor({ host, subject, other }) {
    const ready = subject === host ? [other] : [host, other];
    for (const { client } of ready) client.send({ type: 'ready', buffered_ms: 5000 });
    await settle([host, other]);
    host.client.send({ type: 'play' });
    const { waiting_for: late, phase } = await host.client.next('command');
    assert.equal(phase, late.length > 0 ? 'waiting' : 'playing');
    return late.includes(subject.user_id);
}

// Tries all ways of a right, with a scene that `prepare` has made.
async function tryRight(right, isAllowed, prepare) {
    for (const one of TRIES[right]) {
        const scene = await prepare();
        await (isAllowed ? findAllowed : findRefused)(scene, one);
        await clear(scene);
    }
    const scene = await prepare();
    if (right === 'waited_for') assert.equal(await isWaitedFor(scene), isAllowed);
    const { you, ...state } = await scene.subject.client.state();
    assert.equal(you.rights.includes(right), isAllowed);
    const list = { invite: 'invitations', admit: 'knocking', ban: 'removed' }[right];
    if (list) assert.equal(list in state, isAllowed, `the state has ${list}`);
    await clear(scene);
}

for (const role of ROLES) {
    for (const control of ['everyone', 'host']) {
        for (const right of RIGHTS) {
            const isAllowed = has(role, right, control);
            test(`${role}, while ${control} controls: ${right} ${isAllowed ? 'is allowed' : 'is not'}`, () =>
                tryRight(right, isAllowed, () => stage(role, control)));
        }
        test(`${role}, while ${control} controls: told their rights`, async () => {
            const scene = await stage(role, control);
            const { you, participants } = await scene.subject.client.state();
            assert.equal(you.role, role);
            assert.deepEqual([...you.rights].sort(), RIGHTS.filter((right) => has(role, right, control)).sort());
            assert.equal(you.can_control, has(role, 'play', control));
            const entry = participants.find(({ user_id }) => user_id === scene.subject.user_id);
            assert.deepEqual([entry.role, entry.is_muted, entry.allow, entry.deny], [role, false, undefined, undefined]);
            await clear(scene);
        });
    }
}

// --- Overrides

const change = ({ code, host, subject }, body) => host.rest.of(code, 'PATCH', `/participants/${subject.user_id}`, body);

async function changed(role, body, control = 'host') {
    const scene = await stage(role, control);
    const { status, body: participant } = await change(scene, body);
    assert.equal(status, 200, JSON.stringify(participant));
    for (const [key, value] of Object.entries(body)) assert.deepEqual([...participant[key]].sort(), [...value].sort());
    return scene;
}

for (const right of RIGHTS.filter((one) => one !== 'hand_over')) {
    test(`allowed to a viewer: ${right}`, () => tryRight(right, true, () => changed('viewer', { allow: [right] })));
    test(`allowed and denied to a viewer: ${right}`, () => tryRight(right, false, () => changed('viewer', { allow: [right], deny: [right] })));
}
for (const right of RIGHTS.filter((one) => table[one].controller === 'yes')) {
    test(`denied to a controller: ${right}`, () => tryRight(right, false, () => changed('controller', { deny: [right] })));
}

test('overrides are replaced as a whole, and taken back', async () => {
    const scene = await changed('viewer', { allow: ['kick'], deny: ['chat'] });
    assert.equal((await change(scene, { allow: ['ban'] })).body.is_muted, true, 'deny was not named');
    const { rights } = (await scene.subject.client.state()).you;
    assert.deepEqual([rights.includes('kick'), rights.includes('ban'), rights.includes('chat')], [false, true, false]);
    assert.equal((await change(scene, { muted: false })).body.is_muted, false);
    const { body } = await change(scene, { role: 'controller', allow: [], deny: [] });
    assert.deepEqual([body.role, body.allow, body.deny], ['controller', [], []]);
    await clear(scene);
});

test("the host's seat cannot be allowed to anybody", async () => {
    const scene = await stage('viewer');
    const before = await view(scene);
    const { status } = await change(scene, { allow: ['kick', 'hand_over'] });
    assert.ok([400, 403].includes(status), `${status}`);
    const error = await scene.host.client.refused({ type: 'role', user_id: scene.subject.user_id, allow: ['hand_over'] });
    assert.match(error.code, /bad_field|forbidden/);
    assert.equal(await view(scene), before);
    await clear(scene);
});

const ALL = RIGHTS.filter((one) => one !== 'hand_over');

test('nobody acts on the host, nor on themselves', async () => {
    const scene = await changed('viewer', { allow: ALL });
    for (const target of [scene.host, scene.subject]) {
        for (const right of ['kick', 'ban', 'mute', 'role']) {
            for (const one of TRIES[right].filter(({ reads }) => !reads)) {
                const text = JSON.stringify((one.message ?? one.request)({ ...scene, other: target }));
                if (!text.includes(target.user_id)) continue; // about the outcast
                const before = await view(scene);
                const answer = await attempt({ ...scene, other: target }, one);
                assert.equal(answer, one.request ? '403 forbidden' : 'forbidden', `${right}: ${text}`);
                assert.equal(await view(scene), before);
            }
        }
    }
    await clear(scene);
});

test('nobody gives what they do not have', async () => {
    const scene = await changed('viewer', { allow: ['role', 'invite', 'kick'] });
    const { code, subject, other } = scene;
    const path = `/participants/${other.user_id}`;
    const before = await view(scene);
    for (const body of [{ allow: ['ban'] }, { allow: ['kick', 'end'] }, { role: 'controller' }]) {
        assert.equal((await subject.rest.of(code, 'PATCH', path, body)).body.code, 'forbidden', JSON.stringify(body));
        assert.equal((await subject.client.refused({ type: 'role', user_id: other.user_id, ...body })).code, 'forbidden');
    }
    assert.equal((await subject.rest.of(code, 'POST', '/invitations', { role: 'controller' })).body.code, 'forbidden');
    assert.equal((await subject.client.refused({ type: 'invite', role: 'controller' })).code, 'forbidden');
    assert.equal(await view(scene), before);
    assert.equal((await subject.rest.of(code, 'PATCH', path, { allow: ['kick'] })).status, 200, 'what they have, they may give');
    await clear(scene);
});
