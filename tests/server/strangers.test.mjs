// What somebody can read of a session, and do in it, by what they are to it: each line of the table over REST and WebSocket.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Checker } from './openapi.mjs';
import { guest, party } from './rest.mjs';
import { TRIES } from './rights.mjs';
import { Server } from './server.mjs';

const FILM = {
    content_type: 'secret-type', content_id: '0190163d-8694-739b-aea5-966c26f8ad91', title: 'The secret title', url: 'https://films.example/secret-url',
};
const CHAT = 'a secret word';

// session: what GET tells. people, lists: the status of the lists of participants, and of lobby, invitations and bans. join: the answer
// to a join over REST; over WebSocket `state`, or the error's code, or the participant's action. can: what of chat, play and settings.
const OUTSIDE = { session: 'outline', people: 403, lists: 403, can: [] };
const ROWS = {
    stranger: { ...OUTSIDE, join: [202, 'requested'] },
    knocking: { ...OUTSIDE, join: [202, 'requested'] },
    denied: { ...OUTSIDE, join: [202, 'requested'] },
    kicked: { ...OUTSIDE, join: [403, 'removed'] },
    banned: { ...OUTSIDE, join: [403, 'removed'] },
    'chat-only': { session: 'whole', people: 200, lists: 403, join: [200, 'state'], can: ['chat'] },
    viewer: { session: 'whole', people: 200, lists: 403, join: [200, 'state'], can: ['chat', 'play'] },
    controller: { session: 'whole', people: 200, lists: 403, join: [200, 'state'], can: ['chat', 'play'] },
    host: { session: 'whole', people: 200, lists: 200, join: [200, 'state'], can: ['chat', 'play', 'settings'] },
};
// Of a public session everybody sees the film, and may come in; nobody knocks at it.
const PUBLIC = {
    ...ROWS,
    stranger: { ...OUTSIDE, session: 'film', join: [200, 'state'] },
    denied: { ...OUTSIDE, session: 'film', join: [200, 'state'] },
    kicked: { ...OUTSIDE, session: 'film', join: [403, 'removed'] },
    banned: { ...OUTSIDE, session: 'film', join: [403, 'removed'] },
};
delete PUBLIC.knocking;

const checker = new Checker();
let server;
before(async () => (server = await Server.start({ CHAT_RATE_LIMIT: '1000/second' })));
after(() => server.finish());

async function person(name) {
    const one = await guest(server, `${name} nobody-knows`, { checker });
    one.client = await Client.open(server, { token: one.token });
    return one;
}

async function enterBy(host, code, one, role) {
    const { body } = await host.rest.of(code, 'POST', '/invitations', { role });
    one.client.send({ type: 'join', session_code: code, invitation: body.token });
    await one.client.next('state');
    await one.client.settle();
}

// A session of this visibility, and everybody of the rows with it.
async function stage(visibility) {
    const rows = visibility === 'public' ? PUBLIC : ROWS;
    const people = {};
    for (const name of Object.keys(rows)) people[name] = await person(name);
    const { host } = people;
    const session = await party(host, { ...FILM, visibility: 'private', strangers: 'knock' });
    const { code } = session;
    await host.client.join(code);
    for (const [name, role] of [['kicked'], ['banned', 'controller'], ['chat-only', 'chat_only'], ['viewer'], ['controller', 'controller']]) {
        await enterBy(host, code, people[name], role);
    }
    host.client.send({ type: 'chat', message: CHAT });
    const { id: said } = await host.client.next('chat');
    assert.equal((await host.rest.of(code, 'DELETE', `/participants/${people.kicked.user_id}`)).status, 204);
    assert.equal((await host.rest.of(code, 'PUT', `/bans/${people.banned.user_id}`)).status, 204);
    for (const name of ['kicked', 'banned']) assert.equal((await people[name].client.next('ended')).reason, name);
    for (const name of ['denied', 'knocking'].filter((one) => one in people)) {
        people[name].client.send({ type: 'join', session_code: code });
        await people[name].client.next('participant', ({ action }) => action === 'requested');
    }
    assert.equal((await host.rest.of(code, 'DELETE', `/lobby/${people.denied.user_id}`)).status, 204);
    assert.equal((await people.denied.client.next('ended')).reason, 'denied');
    const { status, body } = await host.rest.of(code, 'PATCH', '', { visibility });
    assert.equal(status, 200);
    assert.equal(body.visibility, visibility);
    const spare = (await host.rest.of(code, 'GET', '/invitations')).body.invitations[0].id;
    const scene = { rows, people, code, said, spare, visibility, session: body };
    for (const one of Object.values(people)) {
        await one.client.settle();
        one.mark = one.client.received.length;
    }
    return scene;
}

// --- What is told

// Whatever this one got since the scene began, by both ways, holds none of what is not for them.
function assertNoSecrets(scene, name, answers) {
    const { people, session } = scene;
    const me = people[name];
    const told = JSON.stringify([answers, me.client.received.slice(me.mark)]);
    const others = Object.values(people).filter((one) => one !== me);
    const secrets = [...others.flatMap((one) => [one.name, one.user_id]), CHAT];
    if (scene.visibility !== 'public') secrets.push(session.id, FILM.content_type, FILM.content_id, FILM.title, FILM.url);
    for (const secret of secrets) assert.ok(!told.includes(secret), `${name} was told ${secret}: ${told}`);
}

function assertSession({ session, code, visibility }, sees, { status, body }) {
    assert.equal(status, 200);
    if (sees === 'outline') return assert.deepEqual(body, { code, visibility, needs_approval: true });
    const host = sees === 'whole' ? session.host_user_id : null;
    return assert.deepEqual({ ...body, position_ms: 0, last_sync_at: '', revision: 0, phase: '', is_playing: false },
        { ...session, host_user_id: host, position_ms: 0, last_sync_at: '', revision: 0, phase: '', is_playing: false });
}

async function read(scene, name) {
    const { rest, client } = scene.people[name];
    const { session, people, lists } = scene.rows[name];
    const answers = [];
    const get = async (path) => {
        const { status, body } = await rest.of(scene.code, 'GET', path);
        answers.push(body);
        return { status, body };
    };
    assertSession(scene, session, await get(''));
    assert.equal((await get('/participants')).status, people);
    for (const path of ['/lobby', '/invitations', '/bans']) assert.equal((await get(path)).status, lists, path);
    client.send({ type: 'state' });
    await client.settle();
    const state = client.received.slice(scene.people[name].mark).find(({ type }) => type === 'state' || type === 'error');
    if (session !== 'whole') {
        assert.equal(state.code, 'not_joined');
        return assertNoSecrets(scene, name, answers);
    }
    assert.equal(state.type, 'state');
    assert.equal(state.participants.length, 4);
    assert.deepEqual(['knocking', 'removed', 'invitations'].map((list) => list in state), Array(3).fill(lists === 200));
    return undefined;
}

// --- What can be done

// All that there is to try, as the one who is outside of it.
async function tryAll(scene, name) {
    const { rest, client } = scene.people[name];
    const about = { ...scene, other: scene.people.viewer, guest: scene.people.knocking ?? scene.people.denied, outcast: scene.people.banned.user_id };
    const answers = [];
    for (const { message, request } of Object.values(TRIES).flat()) {
        if (request) {
            const { status, body } = await rest.of(scene.code, ...request(about));
            assert.equal(`${status} ${body.code}`, '403 forbidden', JSON.stringify(request(about)));
            answers.push(body);
        } else {
            assert.equal((await client.refused(message(about))).code, 'not_joined', JSON.stringify(message(about)));
        }
    }
    for (const message of [{ type: 'ready', buffered_ms: 1 }, { type: 'wait', excused: true }]) {
        assert.equal((await client.refused(message)).code, 'not_joined');
    }
    assertNoSecrets(scene, name, answers);
}

const THINGS = { chat: { type: 'chat', message: 'mine' }, play: { type: 'seek', position_ms: 1000 }, settings: { type: 'settings', wait: 'nobody' } };

async function tryThings(scene, name) {
    const { client } = scene.people[name];
    for (const [thing, message] of Object.entries(THINGS)) {
        await client.settle();
        client.unread = [];
        client.send(message);
        await client.settle();
        const error = client.unread.find(({ type }) => type === 'error');
        assert.equal(error?.code, scene.rows[name].can.includes(thing) ? undefined : 'forbidden', thing);
    }
}

async function joinByRest(scene, name) {
    const { status, body } = await scene.people[name].rest.join(scene.code, { body: {} });
    assert.equal(status, scene.rows[name].join[0]);
    if (status === 403) assert.equal(body.code, scene.rows[name].join[1]);
    if (status === 202) assert.deepEqual(body, { status: 'requested' });
    if (status !== 200) assertNoSecrets(scene, name, body);
    return status;
}

async function joinByWs(scene, name) {
    const { client } = scene.people[name];
    client.send({ type: 'join', session_code: scene.code });
    await client.settle();
    const answer = client.unread.findLast(({ type }) => ['state', 'error', 'participant'].includes(type));
    assert.equal(answer.type === 'state' ? 'state' : answer.code ?? answer.action, scene.rows[name].join[1]);
    if (answer.type !== 'state') assertNoSecrets(scene, name, []);
}

for (const visibility of ['public', 'private', 'friends']) {
    let scene;
    test(`a ${visibility} session, with everybody in their place`, async () => (scene = await stage(visibility)));
    for (const [name, row] of Object.entries(visibility === 'public' ? PUBLIC : ROWS)) {
        test(`${visibility}: ${name} reads ${row.session}`, () => read(scene, name));
        if (row.session === 'whole') test(`${visibility}: ${name} can do ${row.can}`, () => tryThings(scene, name));
        else test(`${visibility}: ${name} can do nothing`, () => tryAll(scene, name));
    }
    test(`${visibility}: a wrong invitation opens nothing`, async () => {
        const { rest, client } = scene.people.stranger;
        const invitation = 'x'.repeat(24);
        const { status, body } = await rest.join(scene.code, { body: { invitation } });
        assert.deepEqual([status, body.code], [403, 'bad_invitation']);
        await client.settle();
        client.unread = [];
        assert.equal((await client.refused({ type: 'join', session_code: scene.code, invitation })).code, 'bad_invitation');
        assertNoSecrets(scene, 'stranger', body);
    });
    for (const [name, { join }] of Object.entries(visibility === 'public' ? PUBLIC : ROWS)) {
        test(`${visibility}: ${name} asks to come in: ${join[1]}`, async () => {
            await joinByRest(scene, name);
            await joinByWs(scene, name);
        });
    }
    test(`${visibility}: the end of it is told to nobody outside`, async () => {
        const outside = Object.keys(scene.rows).filter((name) => ['kicked', 'banned'].includes(name));
        for (const name of outside) scene.people[name].client.unread = [];
        assert.equal((await scene.people.host.rest.end(scene.code)).status, 204);
        for (const name of outside) {
            await scene.people[name].client.settle();
            assert.deepEqual(scene.people[name].client.unread, []);
        }
        for (const { client } of Object.values(scene.people)) await client.close();
    });
}

test('a session of friends: strangers are refused or knock, friends and the invited come in', async () => {
    const host = await person('host');
    const stranger = await person('stranger');
    const { code } = await party(host, { ...FILM, visibility: 'friends' });
    assert.deepEqual((await stranger.rest.session(code)).body, { code, visibility: 'friends', needs_approval: false });
    const { status, body } = await stranger.rest.join(code);
    assert.deepEqual([status, body.code], [403, 'forbidden']);
    assert.equal((await stranger.client.refused({ type: 'join', session_code: code })).code, 'forbidden');
    assert.equal((await stranger.rest.request('PUT', `/api/v1/syncplay/friends/${host.user_id}`)).status, 200);
    assert.equal((await host.rest.request('PUT', `/api/v1/syncplay/friends/${stranger.user_id}`)).body.status, 'friends');
    assert.equal((await host.rest.of(code, 'PATCH', '', { strangers: 'knock' })).status, 200);
    const friend = stranger;
    assert.equal((await friend.rest.session(code)).body.needs_approval, false, 'a friend comes in at once');
    assert.equal((await friend.rest.join(code)).status, 200);
    const other = await person('other');
    assert.equal((await other.rest.session(code)).body.needs_approval, true);
    const { body: invitation } = await host.rest.of(code, 'POST', '/invitations', {});
    assert.equal((await other.rest.join(code, { body: { invitation: invitation.token } })).status, 200, 'and so does one who is invited');
    for (const { client } of [host, stranger, other]) await client.close();
});
