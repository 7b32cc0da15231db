// Friends: asking, accepting, declining, ending, the limits; and sessions that let in nobody else. Before a kill and after it.

import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Checker } from './openapi.mjs';
import { Rest, guest, party } from './rest.mjs';
import { Server } from './server.mjs';

const FRIENDS = '/api/v1/syncplay/friends';
const SETTINGS = { MAX_FRIENDS: 3, MAX_FRIEND_REQUESTS: 2, FRIEND_RETRY: '1h' };

const checker = new Checker();
let server;

before(async () => (server = await Server.start(SETTINGS)));
after(() => server.finish());

// --- People who make friends

const people = (...names) => Promise.all(names.map((name) => guest(server, name, { checker })));
const path = ({ user_id }) => `${FRIENDS}/${user_id}`;
const ask = (one, other) => one.rest.request('PUT', path(other));
const end = (one, other) => one.rest.request('DELETE', path(other));
const see = (one, other) => one.rest.request('GET', path(other));

// What the list of `one` says: { Ben: 'friends', ... }
async function list(one) {
    const { status, body } = await one.rest.request('GET', FRIENDS);
    assert.equal(status, 200);
    return Object.fromEntries(body.friends.map(({ user, status: what }) => [user.name, what]));
}

function is(answer, other, status) {
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.deepEqual(answer.body, { user: { user_id: other.user_id, name: other.name }, status });
}

function refused({ status, type, body }, expected, code, words) {
    assert.equal(status, expected, JSON.stringify(body));
    assert.match(type, /^application\/problem\+json/);
    assert.equal(body.code, code);
    assert.match(body.detail, words);
}

async function befriend(one, other) {
    is(await ask(one, other), other, 'requested');
    is(await ask(other, one), one, 'friends');
}

async function gone(one, other) {
    assert.equal((await end(one, other)).status, 204);
}

// Someone at a WebSocket who asks for a seat: the state, or the error.
async function sit(person, code) {
    const client = await Client.open(server, { token: person.token });
    client.send({ type: 'join', session_code: code });
    await client.settle();
    const answer = client.received.find(({ type, you }) => (type === 'state' && you) || type === 'error');
    return { client, answer };
}

async function assertRefusedAtBothDoors(person, code) {
    refused(await person.rest.join(code), 403, 'forbidden', /friends/);
    const { client, answer } = await sit(person, code);
    assert.equal(answer.code, 'forbidden');
    await client.close();
}

// --- Two people

test('asking, accepting, ending', async () => {
    const [ana, ben] = await people('Ana', 'Ben');
    refused(await see(ana, ben), 404, 'not_found', /nothing between/);
    assert.deepEqual(await list(ana), {});
    is(await ask(ana, ben), ben, 'requested');
    is(await ask(ana, ben), ben, 'requested');
    is(await see(ana, ben), ben, 'requested');
    is(await see(ben, ana), ana, 'asks');
    assert.deepEqual([await list(ana), await list(ben)], [{ Ben: 'requested' }, { Ana: 'asks' }]);
    is(await ask(ben, ana), ana, 'friends');
    is(await ask(ana, ben), ben, 'friends');
    assert.deepEqual([await list(ana), await list(ben)], [{ Ben: 'friends' }, { Ana: 'friends' }]);
    await gone(ben, ana);
    await gone(ben, ana);
    refused(await see(ana, ben), 404, 'not_found', /nothing between/);
    assert.deepEqual([await list(ana), await list(ben)], [{}, {}]);
    await befriend(ana, ben);
});

test('both ask at once', async () => {
    const [ana, ben] = await people('Ana', 'Ben');
    const answers = await Promise.all([ask(ana, ben), ask(ben, ana)]);
    assert.deepEqual(answers.map(({ body }) => body.status).sort(), ['friends', 'requested']);
    is(await see(ana, ben), ben, 'friends');
});

test('a request that is taken back, and one that is declined', async () => {
    const [ana, ben] = await people('Ana', 'Ben');
    is(await ask(ana, ben), ben, 'requested');
    await gone(ana, ben);
    assert.deepEqual(await list(ben), {});
    is(await ask(ana, ben), ben, 'requested');
    await gone(ben, ana);
    assert.deepEqual([await list(ana), await list(ben)], [{}, {}]);
    await gone(ana, ben); // neither of them makes that undone
    await gone(ben, ana);
    const answer = await ask(ana, ben);
    refused(answer, 429, 'rate_limited', /declined.*friend_retry/);
    const wait = Number(answer.headers.get('retry-after'));
    assert.ok(wait > 3000 && wait <= 3600, `${wait}`);
    is(await ask(ben, ana), ana, 'requested');
    is(await ask(ana, ben), ben, 'friends');
});

test('a declined request may be repeated after a while', async () => {
    const impatient = await Server.start({ FRIEND_RETRY: '200ms' });
    try {
        const [ana, ben] = await Promise.all(['Ana', 'Ben'].map((name) => guest(impatient, name)));
        await ask(ana, ben);
        await gone(ben, ana);
        let answer;
        do answer = await ask(ana, ben);
        while (answer.status === 429);
        is(answer, ben, 'requested');
    } finally {
        await impatient.finish();
    }
});

test('nobody else\'s', async () => {
    const [ana, ben, eve] = await people('Ana', 'Ben', 'Eve');
    await ask(ana, ben);
    // Eve can neither accept, nor see, nor end what is between the two.
    is(await ask(eve, ana), ana, 'requested');
    await gone(eve, ben);
    refused(await see(eve, ben), 404, 'not_found', /./);
    assert.deepEqual(await list(ben), { Ana: 'asks' });
    for (const headers of [{}, { authorization: `Bearer ${ana.token}x` }]) {
        for (const [method, where] of [['GET', FRIENDS], ['GET', path(ben)], ['PUT', path(ben)], ['DELETE', path(ben)]]) {
            refused(await new Rest(server, { checker }).request(method, where, { headers }), 401, 'unauthorized', /./);
        }
    }
    assert.deepEqual(await list(ben), { Ana: 'asks' });
});

test('ids of oneself, of nobody, and what is no id', async () => {
    const [ana, ben] = await people('Ana', 'Ben');
    const nobody = [randomUUID(), '00000000-0000-0000-0000-000000000000', 'x', 'me', `${ana.user_id}0`, ana.user_id.slice(1), '%00', '%20', 'x'.repeat(2000)];
    for (const method of ['GET', 'PUT', 'DELETE']) {
        refused(await ana.rest.request(method, path(ana)), 400, 'bad_field', /user_id/);
        for (const id of nobody) {
            const { status } = await ana.rest.request(method, `${FRIENDS}/${id}`);
            assert.ok([400, 404].includes(status), `${method} ${id}: ${status}`);
        }
        refused(await ana.rest.request(method, `${FRIENDS}/${nobody[0]}`), 404, 'not_found', /no user/);
    }
    // Whoever guesses ids does not learn whose they are, nor that they are somebody's.
    assert.deepEqual((await see(ana, ben)).body, (await ana.rest.request('GET', `${FRIENDS}/${nobody[0]}`)).body);
    const answer = await ana.rest.request('POST', path(ana));
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get('allow'), 'GET, HEAD, PUT, DELETE');
    assert.deepEqual(await list(ana), {});
});

// --- Limits

test('max_friends: one\'s own requests count, those of strangers do not', async () => {
    const [ana, ben, cem, dea, eve] = await people('Ana', 'Ben', 'Cem', 'Dea', 'Eve');
    await befriend(ana, ben);
    await befriend(ana, cem);
    is(await ask(eve, ana), ana, 'requested');
    is(await ask(ana, dea), dea, 'requested');
    refused(await ask(ana, eve), 409, 'limit', /3 friends \(max_friends\)/);
    assert.deepEqual(await list(ana), { Ben: 'friends', Cem: 'friends', Eve: 'asks', Dea: 'requested' });
    await gone(ana, ben);
    is(await ask(ana, eve), eve, 'friends');
});

test('max_friend_requests: from one, and to one', async () => {
    const [ana, ben, cem, dea, eve] = await people('Ana', 'Ben', 'Cem', 'Dea', 'Eve');
    is(await ask(ana, ben), ben, 'requested');
    is(await ask(ana, cem), cem, 'requested');
    refused(await ask(ana, dea), 409, 'limit', /2 open requests \(max_friend_requests\)/);
    await gone(ben, ana); // declined: stays open for a while
    refused(await ask(ana, dea), 409, 'limit', /max_friend_requests/);
    await gone(ana, cem);
    is(await ask(ana, dea), dea, 'requested');

    is(await ask(cem, dea), dea, 'requested');
    refused(await ask(eve, dea), 409, 'limit', /max_friend_requests/);
    is(await ask(dea, eve), eve, 'requested');
    is(await ask(eve, dea), dea, 'friends');
});

test('many at once', async () => {
    const [ana, ...others] = await people('Ana', ...Array.from({ length: 20 }, (_, index) => `Guest ${index}`));
    const asked = await Promise.all(others.map((other) => ask(other, ana)));
    assert.equal(asked.filter(({ status }) => status === 200).length, 2);
    assert.equal(asked.filter(({ status }) => status === 409).length, 18);
    const answers = await Promise.all(others.filter((_, index) => asked[index].status === 200).map((other) => ask(ana, other)));
    assert.deepEqual(answers.map(({ body }) => body.status), ['friends', 'friends']);
    const more = await Promise.all(others.map((other) => ask(ana, other)));
    assert.equal(more.filter(({ body }) => body.status === 'requested').length, 1);
    assert.equal(more.filter(({ status }) => status === 409).length, 17);
    assert.equal(Object.keys(await list(ana)).length, 3);
});

// --- Sessions of friends

test('a session of friends lets in a friend and no stranger', async () => {
    const [ana, ben, cem, eve] = await people('Ana', 'Ben', 'Cem', 'Eve');
    await befriend(ana, ben);
    await befriend(cem, ana);
    await befriend(eve, ben); // a friend of a friend
    const { code } = await party(ana, { visibility: 'friends' });
    await assertRefusedAtBothDoors(eve, code);
    is(await ask(eve, ana), ana, 'requested');
    await assertRefusedAtBothDoors(eve, code);
    assert.equal((await ben.rest.join(code)).status, 200);
    const seat = await sit(cem, code);
    assert.deepEqual(seat.answer.participants.map(({ name }) => name), ['Ana', 'Ben', 'Cem']);
    await seat.client.close();
});

test('a friendship that ends while both sit: the seat stays until it is left', async () => {
    const [ana, ben] = await people('Ana', 'Ben');
    await befriend(ana, ben);
    const { code } = await party(ana, { visibility: 'friends' });
    const { client } = await sit(ben, code);
    await gone(ana, ben);
    assert.equal((await ben.rest.join(code)).status, 200);
    assert.equal((await client.ask({ type: 'seek', position_ms: 1000 }, 'command')).action, 'seek');
    const again = await sit(ben, code); // comes back to the seat
    assert.equal(again.answer.type, 'state');
    assert.equal((await ben.rest.leave(code)).status, 204);
    await assertRefusedAtBothDoors(ben, code);
    await Promise.all([client.close(), again.client.close()]);
});

test('all of it again after a kill', async () => {
    const [ana, ben, cem, dea, eve] = await people('Ana', 'Ben', 'Cem', 'Dea', 'Eve');
    const { code } = await party(ana, { visibility: 'friends' });
    await befriend(ana, ben);
    await befriend(ana, cem);
    await befriend(ben, cem);
    is(await ask(dea, ana), ana, 'requested');
    await gone(ana, dea);
    is(await ask(eve, ana), ana, 'requested');
    await gone(ben, cem); // the last thing that was acknowledged
    await server.kill();
    await server.start();
    assert.deepEqual(await list(ana), { Ben: 'friends', Cem: 'friends', Eve: 'asks' });
    assert.deepEqual([await list(ben), await list(cem)], [{ Ana: 'friends' }, { Ana: 'friends' }]);
    refused(await ask(dea, ana), 429, 'rate_limited', /declined/);
    await assertRefusedAtBothDoors(eve, code);
    assert.equal((await ben.rest.join(code)).status, 200);
    is(await ask(ana, eve), eve, 'friends');
    const { client, answer } = await sit(eve, code);
    assert.equal(answer.type, 'state');
    await client.close();
});

// What was acknowledged before the kill is there after it, whenever the kill comes.
test('killed while people make friends', async () => {
    const pairs = [];
    for (let count = 0; count < 20; count += 1) pairs.push(await people('One', 'Other'));
    const acknowledged = [];
    const busy = pairs.map(async ([one, other]) => {
        try {
            await ask(one, other);
            const { body } = await ask(other, one);
            acknowledged.push([one, other, body.status]);
            if (acknowledged.length === 5) server.child.kill('SIGKILL');
        } catch {
            // the server is gone
        }
    });
    await Promise.all(busy);
    await server.kill();
    await server.start();
    assert.ok(acknowledged.length >= 5);
    for (const [one, other, status] of acknowledged) is(await see(one, other), other, status);
});
