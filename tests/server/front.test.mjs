// What browsers are told, and which of their pages may ask: Origin, CORS, security headers.

import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { exchange } from './raw.mjs';
import { guest, party } from './rest.mjs';
import { run, Server } from './server.mjs';
import { TlsServer } from './tls.mjs';

const FRIEND = 'https://films.example';
const SESSIONS = '/api/v1/syncplay/sessions';

const servers = {};
before(async () => {
    servers.closed = await Server.start();
    servers.listed = await Server.start({ ALLOWED_ORIGINS: `${FRIEND}, http://tv.example:8080` });
    servers.open = await Server.start({ ALLOWED_ORIGINS: '*' });
    servers.tls = await TlsServer.start({ HSTS: 'true' });
    for (const server of Object.values(servers)) writeFileSync(join(server.media, 'film.mp4'), 'a film');
});
after(() => Promise.all(Object.values(servers).map((server) => server.finish())));

// How the server answers a WebSocket's handshake with these headers.
async function handshake(server, ...headers) {
    const lines = [
        'GET /api/v1/syncplay/ws HTTP/1.1', `Host: 127.0.0.1:${server.port}`, 'Upgrade: websocket', 'Connection: Upgrade',
        'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Content-Length: 0', ...headers,
    ];
    // The answer to a handshake has no length: our half of the connection is closed, so that the server closes its.
    return (await exchange(server.port, `${lines.join('\r\n')}\r\n\r\n`, { finish: true })).status;
}

async function ask(server, method, path, headers = {}, body = undefined) {
    const { status, headers: told } = await (server.fetch?.bind(server) ?? fetch)(server.url + path, { method, headers, body });
    return { status, told };
}

const CORS = ['access-control-allow-origin', 'access-control-allow-methods', 'access-control-allow-headers'];

// --- WebSockets

test('a WebSocket without an Origin is no page', async () => {
    assert.equal(await handshake(servers.closed), 101);
});

test('a page of this host may connect', async () => {
    const { port } = servers.closed;
    assert.equal(await handshake(servers.closed, `Origin: http://127.0.0.1:${port}`), 101);
    assert.equal(await handshake(servers.closed, `ORIGIN: HTTP://127.0.0.1:${port}`), 101);
});

for (const origin of [
    'http://evil.example', 'http://127.0.0.1', 'http://127.0.0.1:1', 'http://localhost:PORT', 'http://127.0.0.1:PORT.evil.example',
    'http://evil.example@127.0.0.1:PORT', 'http://127.0.0.1:PORT/', 'null', '', 'file://', FRIEND,
]) {
    test(`a page of "${origin}" may not`, async () => {
        assert.equal(await handshake(servers.closed, `Origin: ${origin.replace('PORT', servers.closed.port)}`), 403);
    });
}

test('two Origins are none', async () => {
    const own = `Origin: http://127.0.0.1:${servers.closed.port}`;
    assert.equal(await handshake(servers.closed, own, own), 403);
    assert.equal(await handshake(servers.open, 'Origin: http://a.example', 'Origin: http://b.example'), 403);
});

test('a page on the list may connect, its neighbours may not', async () => {
    assert.equal(await handshake(servers.listed, `Origin: ${FRIEND}`), 101);
    assert.equal(await handshake(servers.listed, 'Origin: http://tv.example:8080'), 101);
    for (const origin of ['http://films.example', `${FRIEND}:8443`, 'https://www.films.example', 'http://tv.example', 'null']) {
        assert.equal(await handshake(servers.listed, `Origin: ${origin}`), 403, origin);
    }
});

test('with * everybody may', async () => {
    for (const origin of ['http://evil.example', 'null']) assert.equal(await handshake(servers.open, `Origin: ${origin}`), 101);
});

test('over TLS, a page of this host is one over https', async () => {
    const { WebSocket } = await import('ws');
    const { port, socketUrl, trusted } = servers.tls;
    const connect = (origin) => new Promise((resolve, reject) => {
        const socket = new WebSocket(socketUrl, { origin, ca: trusted });
        socket.on('unexpected-response', (request, response) => (request.destroy(), resolve(response.statusCode)));
        socket.on('open', () => (socket.terminate(), resolve(101)));
        socket.on('error', reject);
    });
    assert.equal(await connect(`https://127.0.0.1:${port}`), 101);
    assert.equal(await connect(`http://127.0.0.1:${port}`), 403);
});

// --- CORS

test('a preflight from a page on the list', async () => {
    const headers = { origin: FRIEND, 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'authorization' };
    const { status, told } = await ask(servers.listed, 'OPTIONS', `${SESSIONS}/ABCD2345`, headers);
    assert.equal(status, 204);
    assert.equal(told.get('access-control-allow-origin'), FRIEND);
    assert.equal(told.get('access-control-allow-methods'), 'GET, HEAD, PATCH, DELETE');
    assert.equal(told.get('access-control-allow-headers'), 'Authorization, Content-Type');
    assert.equal(told.get('access-control-max-age'), '600');
    assert.equal(told.get('access-control-allow-credentials'), null);
    assert.match(told.get('vary'), /Origin/);
    const post = await ask(servers.listed, 'OPTIONS', SESSIONS, headers);
    assert.equal(post.told.get('access-control-allow-methods'), 'POST');
});

test('a preflight from elsewhere is answered, and allows nothing', async () => {
    for (const [server, origin] of [[servers.listed, 'https://evil.example'], [servers.closed, FRIEND], [servers.listed, 'null']]) {
        const { status, told } = await ask(server, 'OPTIONS', SESSIONS, { origin, 'access-control-request-method': 'POST' });
        assert.equal(status, 204);
        assert.equal(told.get('allow'), 'POST');
        for (const name of CORS) assert.equal(told.get(name), null, name);
    }
});

test('OPTIONS where there is nothing', async () => {
    assert.equal((await ask(servers.listed, 'OPTIONS', '/api/v1/nothing', { origin: FRIEND })).status, 404);
});

test('answers, good and bad, name the page that may read them', async () => {
    const ana = await guest(servers.listed, 'Ana');
    const { code } = await party(ana);
    const headers = { origin: FRIEND, authorization: `Bearer ${ana.token}` };
    const json = { origin: FRIEND, 'content-type': 'application/json' };
    for (const [status, ...request] of [
        [200, 'GET', `${SESSIONS}/${code}`, headers],
        [200, 'GET', '/healthz', headers],
        [401, 'GET', `${SESSIONS}/${code}`, { origin: FRIEND }],
        [404, 'GET', '/api/v1/nothing', headers],
        [405, 'PUT', SESSIONS, headers],
        [413, 'POST', '/api/v1/users', json, 'x'.repeat(70000)],
        [201, 'POST', '/api/v1/users', json, '{"name":"Ben"}'],
    ]) {
        const { status: got, told } = await ask(servers.listed, ...request);
        assert.equal(got, status);
        assert.equal(told.get('access-control-allow-origin'), FRIEND, `${status}`);
        assert.equal(told.get('vary'), 'Origin');
        assert.match(told.get('access-control-expose-headers'), /Retry-After/);
        assert.equal(told.get('access-control-allow-credentials'), null);
    }
});

test('answers to other pages do not', async () => {
    for (const [server, origin] of [[servers.listed, 'https://evil.example'], [servers.listed, undefined], [servers.closed, FRIEND]]) {
        const { status, told } = await ask(server, 'GET', '/healthz', origin === undefined ? {} : { origin });
        assert.equal(status, 200);
        for (const name of CORS) assert.equal(told.get(name), null, name);
        assert.equal(told.get('vary'), server === servers.listed ? 'Origin' : null);
    }
});

test('with * the page is named, whichever it is', async () => {
    for (const origin of ['https://evil.example', 'null']) {
        const { told } = await ask(servers.open, 'GET', '/healthz', { origin });
        assert.equal(told.get('access-control-allow-origin'), origin);
    }
});

// --- Security headers

test('the page: one strict policy', async () => {
    for (const path of ['/', '/join/ABCD2345']) {
        const { told } = await ask(servers.closed, 'GET', path);
        const policy = Object.fromEntries(told.get('content-security-policy').split('; ').map((one) => {
            const [name, ...sources] = one.split(' ');
            return [name, sources.join(' ')];
        }));
        assert.equal(policy['default-src'], "'none'");
        assert.equal(policy['script-src'], "'self' 'wasm-unsafe-eval'");
        for (const name of ['style-src', 'worker-src']) assert.equal(policy[name], "'self'", name);
        for (const name of ['object-src', 'base-uri', 'form-action', 'frame-ancestors']) assert.equal(policy[name], "'none'", name);
        // Streams of other hosts are read; a WebSocket goes nowhere but here.
        assert.equal(policy['connect-src'], "'self' https: http:");
        assert.equal(policy['media-src'], "'self' blob: data: https: http:");
        assert.equal(told.get('x-frame-options'), 'DENY');
        assert.equal(told.get('cross-origin-opener-policy'), 'same-origin');
        assert.match(told.get('permissions-policy'), /autoplay=\(self\), fullscreen=\(self\), picture-in-picture=\(self\), camera=\(\)/);
    }
    const { told } = await ask(servers.closed, 'GET', '/main.js');
    assert.equal(told.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'", 'a part by itself is nothing');
    const text = await (await fetch(servers.closed.url)).text();
    assert.doesNotMatch(text, /http-equiv/i, 'no second policy in the page');
});

test('everything: nosniff, no referrer, nobody embeds it', async () => {
    for (const [path, status] of [
        ['/', 200], ['/healthz', 200], ['/media/film.mp4', 200], ['/media/none.mp4', 404], ['/nothing', 404], ['/api/v1/users/me', 401],
    ]) {
        const { status: got, told } = await ask(servers.closed, 'GET', path);
        assert.equal(got, status);
        assert.equal(told.get('x-content-type-options'), 'nosniff', path);
        assert.equal(told.get('referrer-policy'), 'no-referrer', path);
        assert.equal(told.get('cross-origin-resource-policy'), 'same-origin', path);
        assert.equal(told.get('strict-transport-security'), null, path);
    }
    const { told } = await ask(servers.closed, 'GET', '/healthz');
    assert.equal(told.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'");
});

test('films may be in the pages of the list', async () => {
    const { told } = await ask(servers.listed, 'GET', '/media/film.mp4', { origin: FRIEND });
    assert.equal(told.get('cross-origin-resource-policy'), 'cross-origin');
    assert.equal(told.get('access-control-allow-origin'), FRIEND);
    assert.equal((await ask(servers.listed, 'GET', '/')).told.get('cross-origin-resource-policy'), 'same-origin');
});

test('HSTS: over TLS, if it is wanted', async () => {
    for (const path of ['/', '/healthz', '/media/film.mp4']) {
        assert.equal((await ask(servers.tls, 'GET', path)).told.get('strict-transport-security'), 'max-age=31536000', path);
    }
    const plain = await Server.start({ HSTS: 'true' });
    assert.equal((await ask(plain, 'GET', '/')).told.get('strict-transport-security'), null, 'not over http');
    await plain.finish();
    const unwanted = await TlsServer.start();
    assert.equal((await ask(unwanted, 'GET', '/')).told.get('strict-transport-security'), null, 'not by default');
    await unwanted.finish();
});

test('a wrong list is refused with a sentence', async () => {
    const { code, stderr } = await run(['--check-config', '--allowed-origins', 'films.example']);
    assert.notEqual(code, 0);
    assert.match(stderr, /--allowed-origins must be empty, or origins like https:\/\/films\.example/);
});
