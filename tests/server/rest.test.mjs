// The REST API: every operation, every kind of refusal, each answer as server/openapi.yaml describes it.

import { strict as assert } from 'node:assert';
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Checker } from './openapi.mjs';
import { exchange } from './raw.mjs';
import { FILM, Rest, guest, party, refused } from './rest.mjs';
import { Server } from './server.mjs';

const BASE = '/api/v1/syncplay';
const NOBODY = 'ZZZZZZZZ';

const checker = new Checker();
let server;
let anyone;
let ana;
let ben;

before(async () => {
    server = await Server.start({ MAX_PARTICIPANTS: 5 });
    writeFileSync(join(server.media, 'film.mp4'), randomBytes(1000));
    anyone = new Rest(server, { checker });
    ana = await guest(server, 'Ana', { checker });
    ben = await guest(server, 'Ben', { checker });
});
after(() => server.finish());

// What there is below a session, but for what Rest has names for.
const SOMEBODY = randomUUID();
const ROUTES = [
    ['PATCH', '', { wait: 'nobody' }], ['PUT', '/host', { user_id: SOMEBODY }],
    ['PATCH', `/participants/${SOMEBODY}`, { muted: true }], ['DELETE', `/participants/${SOMEBODY}`],
    ['GET', '/lobby'], ['PUT', `/lobby/${SOMEBODY}`], ['DELETE', `/lobby/${SOMEBODY}`],
    ['GET', '/invitations'], ['POST', '/invitations', {}], ['DELETE', `/invitations/${SOMEBODY}`],
    ['GET', '/bans'], ['PUT', `/bans/${SOMEBODY}`], ['DELETE', `/bans/${SOMEBODY}`], ['DELETE', `/messages/${SOMEBODY}`],
];

test('the server is well', async () => {
    for (const path of ['/healthz', '/healthz/ready', '/healthz/live']) {
        const { status, body } = await anyone.request('GET', path);
        assert.equal(status, 200);
        assert.equal(body.status, 'ok');
        assert.match(body.version, /^\d+\.\d+\.\d+$/);
    }
});

test('there are numbers for those who watch over it (metrics.test.mjs)', async () => {
    assert.equal((await anyone.request('GET', '/metrics')).status, 200);
});

test('guests: a name as it is, a token of their own', async () => {
    for (const name of ['x', 'Zoë \u{1f600}', '\u{1f600}'.repeat(32), "<b>\"O'Neill\\</b>"]) {
        const { status, body, headers } = await anyone.request('POST', '/api/v1/users', { body: { name } });
        assert.equal(status, 201);
        assert.equal(body.name, name);
        assert.equal(headers.get('cache-control'), 'no-store');
        const me = await anyone.request('GET', '/api/v1/users/me', { token: body.token });
        const permissions = ['syncplay.create', 'syncplay.join', 'syncplay.host_controls'];
        assert.deepEqual(me.body, { user_id: body.user_id, name, is_guest: true, permissions });
    }
    refused(await anyone.request('POST', '/api/v1/users', { body: { name: '' } }), 400, /name.*32/);
});

test('a session as it was asked for, with defaults for the rest', async () => {
    const plain = await ana.rest.sessions({ content_type: 'movie' });
    assert.equal(plain.status, 201);
    const asked = `${ana.rest.server.url}${BASE}/sessions`;
    assert.equal(plain.headers.get('location'), `sessions/${plain.body.code}`);
    assert.equal(new URL(plain.headers.get('location'), asked).pathname, `${BASE}/sessions/${plain.body.code}`);
    const defaults = {
        visibility: 'private', control: 'everyone', max_participants: 5, chat_enabled: true, strangers: 'refuse', wait: 'everyone',
        is_playing: false, position_ms: 0, playback_speed: 1, ended_at: null,
    };
    for (const [field, value] of Object.entries(defaults)) assert.equal(plain.body[field], value, field);
    const wanted = {
        content_type: 'episode', content_id: randomUUID(), title: 'Ein "Film" <3', url: 'https://films.example/a?b=c', visibility: 'public',
        control: 'host', max_participants: 3, chat_enabled: false, strangers: 'knock', wait: 'controllers',
    };
    const made = await ana.rest.sessions(wanted);
    assert.equal(made.status, 201);
    for (const [field, value] of Object.entries(wanted)) assert.equal(made.body[field], value, field);
    assert.equal(made.body.host_user_id, ana.user_id);
    assert.equal(made.body.participant_count, 1);
    assert.deepEqual((await ana.rest.session(made.body.code)).body, made.body);
    assert.deepEqual((await ben.rest.session(made.body.code)).body, { ...made.body, host_user_id: null }, 'who is there is for those who are');
});

test('codes as people type them', async () => {
    const { code, id } = await party(ana);
    for (const typed of [code.toLowerCase(), `${code.slice(0, 4)}-${code.slice(4)}`, encodeURIComponent(` ${code} `)]) {
        const { status, body } = await ben.rest.session(typed);
        assert.equal(status, 200, typed);
        assert.equal(body.id, id);
    }
});

test('joining, the list of participants, leaving', async () => {
    const { code } = await party(ana);
    const joined = await ben.rest.join(code);
    assert.equal(joined.status, 200);
    assert.equal(joined.body.participant.user_id, ben.user_id);
    assert.equal((await ben.rest.join(code)).status, 200, 'again is as good');
    const { body } = await ana.rest.participants(code);
    assert.deepEqual(body.participants.map(({ user_id, is_host, is_connected }) => [user_id, is_host, is_connected]),
        [[ana.user_id, true, false], [ben.user_id, false, false]]);
    assert.equal((await ben.rest.leave(code)).status, 204);
    refused(await ben.rest.leave(code), 404);
    assert.equal((await ana.rest.participants(code)).body.participants.length, 1);
});

test('a private session: a knock, and nothing is told before', async () => {
    const { code, url } = await party(ana, { visibility: 'private', url: 'https://films.example/secret' });
    assert.equal(url, 'https://films.example/secret');
    refused(await ben.rest.participants(code), 403);
    const knock = await ben.rest.join(code);
    assert.equal(knock.status, 202);
    assert.deepEqual(knock.body, { status: 'requested' });
    assert.deepEqual((await ben.rest.session(code)).body, { code, visibility: 'private', needs_approval: true });
    assert.equal((await ana.rest.participants(code)).body.participants.length, 1);
    const { body } = await ana.rest.of(code, 'GET', '/lobby');
    assert.deepEqual(body.lobby.map(({ user_id, name }) => [user_id, name]), [[ben.user_id, 'Ben']]);
    assert.equal((await ana.rest.of(code, 'PUT', `/lobby/${ben.user_id}`)).status, 204);
    assert.deepEqual((await ana.rest.of(code, 'GET', '/lobby')).body.lobby, []);
    assert.equal((await ben.rest.join(code)).status, 200);
    assert.equal((await ben.rest.participants(code)).status, 200);
});

test('a session of friends is for nobody else', async () => {
    const { code } = await party(ana, { visibility: 'friends' });
    refused(await ben.rest.join(code), 403, /friends/);
    const path = `${BASE}/friends/${ana.user_id}`;
    assert.equal((await ben.rest.request('PUT', path)).body.status, 'requested');
    assert.equal((await ben.rest.request('GET', path)).body.status, 'requested');
    assert.equal((await ana.rest.request('GET', `${BASE}/friends`)).body.friends[0].status, 'asks');
    assert.equal((await ana.rest.request('PUT', `${BASE}/friends/${ben.user_id}`)).body.status, 'friends');
    assert.equal((await ben.rest.join(code)).status, 200);
    assert.equal((await ben.rest.request('DELETE', path)).status, 204);
});

test('ending: the host alone, once, and for good', async () => {
    const { code } = await party(ana);
    refused(await ben.rest.end(code), 403);
    await ben.rest.join(code);
    refused(await ben.rest.end(code), 403, /right end/);
    assert.equal((await ana.rest.end(code)).status, 204);
    for (const answer of [ana.rest.end(code), ana.rest.session(code), ben.rest.join(code), ben.rest.leave(code), ben.rest.participants(code)]) {
        assert.equal(refused(await answer, 410).code, 'ended');
    }
    for (const [method, path, body] of ROUTES) assert.equal(refused(await ana.rest.of(code, method, path, body), 410).code, 'ended');
});

test('a full session', async () => {
    const { code } = await party(ana, { max_participants: 1 });
    assert.equal(refused(await ben.rest.join(code), 409).code, 'full');
});

test('no such session', async () => {
    for (const code of [NOBODY, 'x', 'x'.repeat(300), '%20', '-', '0O1I', '%C3%A4']) {
        refused(await ana.rest.session(code), 404);
        refused(await ana.rest.end(code), 404);
        refused(await ana.rest.join(code), 404);
        refused(await ana.rest.leave(code), 404);
        refused(await ana.rest.participants(code), 404);
        for (const [method, path, body] of ROUTES) refused(await ana.rest.of(code, method, path, body), 404);
    }
});

test('no token, and wrong ones', async () => {
    const { code } = await party(ana);
    const wrong = ['Bearer', 'Bearer ', 'Bearer x', `Bearer ${ana.token}x`, `Bearer ${ana.token.slice(1)}`, `Basic ${ana.token}`, ana.token];
    for (const headers of [{}, ...wrong.map((authorization) => ({ authorization }))]) {
        const options = { token: undefined, headers };
        refused(await anyone.sessions(FILM, options), 401);
        refused(await anyone.session(code, options), 401);
        refused(await anyone.end(code, options), 401);
        refused(await anyone.join(code, options), 401);
        refused(await anyone.leave(code, options), 401);
        refused(await anyone.participants(code, options), 401);
        for (const [method, path, body] of ROUTES) refused(await anyone.of(code, method, path, body, options), 401);
        refused(await anyone.request('GET', '/api/v1/users/me', options), 401);
    }
    assert.equal((await ana.rest.session(code)).status, 200);
});

test('methods that are not for these paths', async () => {
    const { code } = await party(ana);
    for (const [method, path, allowed] of [
        ['GET', `${BASE}/sessions`, 'POST'], ['PUT', `${BASE}/sessions`, 'POST'], ['POST', `${BASE}/sessions/${code}`, 'DELETE'],
        ['PUT', `${BASE}/sessions/${code}`, 'PATCH'], ['POST', `${BASE}/sessions/${code}/lobby/${ana.user_id}`, 'PUT'], ['GET', `${BASE}/sessions/${code}/join`, 'POST'], ['DELETE', `${BASE}/sessions/${code}/leave`, 'POST'],
        ['POST', `${BASE}/sessions/${code}/participants`, 'GET'], ['GET', '/api/v1/users', 'POST'], ['DELETE', '/healthz', 'GET'], ['POST', `${BASE}/media`, 'GET'],
    ]) {
        const answer = await ana.rest.request(method, path);
        refused(answer, 405, /method/i);
        assert.ok((answer.headers.get('allow') ?? '').split(/, */).includes(allowed), `Allow of ${method} ${path}: ${answer.headers.get('allow')}`);
    }
});

test('paths where nothing is', async () => {
    for (const path of ['/api', '/api/v1', '/api/v1/', '/api/v2/users', `${BASE}/sessions/`, `${BASE}/sessions/X/unknown`, `${BASE}/sessions/X/join/more`, `${BASE}/sessions/X/bans/`, `${BASE}/sessions/X/bans/x/y`, `${BASE}/sessions/X/messages`, '/healthz/x', '/nothing']) {
        const { status } = await ana.rest.request('GET', path);
        assert.equal(status, 404, path);
    }
});

test('bodies that are too large, of another type, or no JSON', async () => {
    const { code } = await party(ana);
    for (const path of ['/api/v1/users', `${BASE}/sessions`, `${BASE}/sessions/${code}/invitations`, `${BASE}/sessions/${code}/join`]) {
        refused(await ana.rest.request('POST', path, { body: `{"name":"${'x'.repeat(70000)}"}` }), 413, /65536/);
        refused(await ana.rest.request('POST', path, { body: '{}', headers: { 'content-type': 'text/plain' } }), 415, /application\/json/);
        assert.equal(refused(await ana.rest.request('POST', path, { body: '{"name":' }), 400).code, 'malformed');
        assert.equal(refused(await ana.rest.request('POST', path, { body: '[]' }), 400).code, 'malformed');
    }
    for (const path of ['/api/v1/users', `${BASE}/sessions`]) {
        assert.equal(refused(await ana.rest.request('POST', path, { body: '{}' }), 400).code, 'bad_field');
    }
    const typed = await ana.rest.request('POST', '/api/v1/users', { body: '{"name":"x"}', headers: { 'content-type': 'Application/JSON; charset=utf-8' } });
    assert.equal(typed.status, 201);
});

test('HEAD is GET without the body', async () => {
    const { code } = await party(ana);
    for (const path of ['/healthz', `${BASE}/sessions/${code}`, '/media/film.mp4']) {
        const { status, text, headers } = await ana.rest.request('HEAD', path);
        assert.equal(status, 200, path);
        assert.equal(text, '');
        assert.ok(Number(headers.get('content-length')) > 0);
    }
});

test('films, and the list of them', async () => {
    const { body } = await anyone.request('GET', `${BASE}/media`);
    const [{ modified, ...film }] = body.media;
    assert.ok(modified);
    assert.deepEqual(film, { path: 'film.mp4', url: '/media/film.mp4', bytes: 1000, title: 'film', poster: null, subtitles: [] });
    assert.equal((await anyone.request('GET', '/media/film.mp4')).status, 200);
    assert.equal((await anyone.request('GET', '/media/film.mp4', { headers: { range: 'bytes=0-9' } })).status, 206);
    assert.equal((await anyone.request('GET', '/media/film.mp4', { headers: { range: 'bytes=1000-' } })).status, 416);
    refused(await anyone.request('GET', '/media/none.mp4'), 404);
    const path = `${BASE}/sessions`;
    assert.equal((await ana.rest.request('POST', path, { body: { ...FILM, url: body.media[0].url } })).status, 201);
});

test('the WebSocket, asked for as if it were a page', async () => {
    refused(await ana.rest.request('GET', `${BASE}/ws`), 426);
    const wrong = await exchange(server.port, `GET ${BASE}/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer wrong\r\n\r\n');
    assert.equal(wrong.status, 401);
    assert.match(wrong.text, /problem\+json/);
});

test('too many new guests from one address', async () => {
    const strict = await Server.start({ GUEST_RATE_LIMIT: '3/hour' });
    try {
        const rest = new Rest(strict, { checker });
        for (let count = 0; count < 3; count += 1) {
            assert.equal((await rest.request('POST', '/api/v1/users', { body: { name: 'x' } })).status, 201);
        }
        const answer = await rest.request('POST', '/api/v1/users', { body: { name: 'x' } });
        assert.equal(refused(answer, 429).code, 'rate_limited');
        assert.ok(Number(answer.headers.get('retry-after')) > 0);
    } finally {
        await strict.finish();
    }
});

test('switched off, or at its limit', async () => {
    const small = await Server.start({ MAX_SESSIONS: 2, SHARDS: 1 });
    try {
        const one = await guest(small, 'One', { checker });
        let answer;
        do answer = await one.rest.sessions(FILM);
        while (answer.status === 201);
        assert.equal(refused(answer, 503).code, 'limit');
    } finally {
        await small.finish();
    }
    const off = await Server.start({ ENABLED: false });
    try {
        refused(await new Rest(off, { checker }).request('POST', '/api/v1/users', { body: { name: 'x' } }), 503);
    } finally {
        await off.finish();
    }
});

test('a hundred requests at once', async () => {
    const made = await Promise.all(Array.from({ length: 100 }, () => ana.rest.sessions(FILM)));
    assert.ok(made.every(({ status }) => status === 201));
    assert.equal(new Set(made.map(({ body }) => body.code)).size, 100);
    const seen = await Promise.all(made.map(({ body }) => ben.rest.session(body.code)));
    assert.ok(seen.every(({ status }) => status === 200));
});

test('every operation of the document was called', (t) => {
    const operations = checker.operations();
    t.diagnostic(`${operations.length} operations: ${[...checker.called].map(([name, statuses]) => `${name} ${[...statuses].sort().join(' ')}`).join('; ')}`);
    assert.deepEqual(operations.filter((operation) => !checker.called.has(operation)), []);
});
