// Behind nginx and Caddy, below a path and not, as README.md says: REST, WebSockets, films, and who it is that asks.

import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import WebSocket from 'ws';
import { Client } from './client.mjs';
import { FILM, Rest, guest, party, refused } from './rest.mjs';
import { Caddy, Nginx } from './reverse_proxy.mjs';
import { LIMIT_MS, Server } from './server.mjs';

const BURST = 30;
const SETTINGS = {
    TRUSTED_PROXIES: '127.0.0.1', HSTS: 'true', REQUEST_RATE_LIMIT: '1/hour', REQUEST_BURST: BURST, MAX_CONNECTIONS_PER_ADDRESS: 2,
};
// More than the proxies' buffers hold; and a name of which nothing may be lost on the way.
const BIG = randomBytes(16 << 20);
const ODD = 'Ä 100% + #1 [a]?&;=\'"~.webm';

// The status that a handshake is answered with.
async function handshake(door, headers) {
    const socket = new WebSocket(door.socketUrl, { ...door.options, headers });
    socket.on('error', () => {});
    const status = await new Promise((resolve) => {
        socket.on('open', () => resolve(101)).on('unexpected-response', (_, response) => resolve(response.statusCode));
    });
    socket.terminate();
    return status;
}

for (const [kind, Proxy] of Object.entries({ nginx: Nginx, Caddy })) {
    describe(`behind ${kind}`, { timeout: 6 * LIMIT_MS }, () => {
        let server;
        let proxy;

        before(async () => {
            server = await Server.start(SETTINGS);
            writeFileSync(join(server.media, 'big.webm'), BIG);
            writeFileSync(join(server.media, ODD), 'odd');
            proxy = await Proxy.start(server, '/party/');
        });

        after(async () => {
            await proxy?.stop();
            await server.finish();
        });

        test('a session is made, and its Location leads to it, below the path', async () => {
            const ana = await guest(proxy.from('127.0.0.2'), 'Ana');
            const made = await ana.rest.sessions({ ...FILM, visibility: 'public' });
            assert.equal(made.status, 201);
            const place = new URL(made.headers.get('location'), `${proxy.url}/api/v1/syncplay/sessions`).href;
            assert.equal(place, `${proxy.url}/api/v1/syncplay/sessions/${made.body.code}`);
            const found = await ana.rest.request('GET', place.slice(proxy.url.length));
            assert.equal(found.body.code, made.body.code);
            assert.match(found.headers.get('strict-transport-security'), /^max-age=\d+$/);
        });

        test('the path without its slash leads to the page, wherever the browser thinks it is', async () => {
            const { status, headers } = await proxy.fetch(proxy.url);
            assert.ok([301, 302].includes(status), `${status}`);
            assert.equal(headers.get('location'), '/party/');
            assert.match(await (await proxy.fetch(`${proxy.url}/join/K7MPX2QD`)).text(), /<!doctype html>/i);
        });

        test('two play by WebSocket, from pages of this host and from no others', async () => {
            const [one, other] = [proxy.from('127.0.0.3'), proxy.from('127.0.0.4')];
            const [ana, ben] = [await guest(one, 'Ana'), await guest(other, 'Ben')];
            const { code } = await party(ana);
            const a = await Client.open(one, { token: ana.token, ...one.options, origin: proxy.origin });
            const b = await Client.open(other, { token: ben.token, ...other.options });
            await a.join(code);
            await b.join(code);
            for (const client of [a, b]) client.send({ type: 'ready', buffered_ms: 5000 });
            a.send({ type: 'play' });
            const commands = await Promise.all([a, b].map((client) => client.next('command', ({ action }) => action === 'play')));
            assert.equal(commands[0].at, commands[1].at);
            for (const origin of ['https://elsewhere.example', proxy.origin.replace('https', 'http'), `${proxy.origin}0`])
                assert.equal(await handshake(one, { origin, authorization: `Bearer ${ana.token}` }), 403, origin);
            await Promise.all([a.close(), b.close()]);
        });

        test('limits are those of each client, whatever it says about itself', async () => {
            const [many, few] = [proxy.from('127.0.0.5'), proxy.from('127.0.0.6')];
            const ask = (door, from) => new Rest(door, { from }).request('GET', '/api/v1/syncplay/media');
            for (let i = 0; i < BURST; i++) assert.equal((await ask(many, `203.0.113.${i}`)).status, 200);
            const over = await ask(many, '203.0.113.200');
            refused(over, 429, /address/);
            assert.equal(over.body.code, 'rate_limited');
            assert.ok(Number(over.headers.get('retry-after')) > 0);
            assert.equal((await ask(few)).status, 200);

            const sockets = [];
            for (let i = 0; i < SETTINGS.MAX_CONNECTIONS_PER_ADDRESS; i++) {
                const socket = await Client.open(few, few.options);
                assert.equal((await socket.refused({ type: 'ping' })).code, 'unauthorized'); // counted, that is
                sockets.push(socket);
            }
            assert.equal(await handshake(few, { 'x-forwarded-for': '203.0.113.7' }), 429);
            for (const socket of sockets) await socket.close();
            assert.doesNotMatch(server.log, /is not believed/);
        });

        test('a body that is too long is refused, by whom ever', async () => {
            const rest = new Rest(proxy.from('127.0.0.7'));
            const user = (length) => rest.request('POST', '/api/v1/users', { body: { name: 'x'.repeat(length) } });
            refused(await user(65536), 413, /65536/);
            assert.equal((await user(2 << 20)).status, 413);
        });

        test('films: whole, in parts, by odd names, and as fast as they are read', async () => {
            const door = proxy.from('127.0.0.8');
            const { body: { media } } = await new Rest(door).request('GET', '/api/v1/syncplay/media');
            const odd = media.find(({ path }) => path === ODD);
            assert.equal(await (await door.fetch(proxy.url + odd.url)).text(), 'odd');

            const part = await door.fetch(`${proxy.url}/media/big.webm`, { headers: { range: 'bytes=9000000-9000999' } });
            assert.equal(part.status, 206);
            assert.equal(part.headers.get('content-range'), `bytes 9000000-9000999/${BIG.length}`);
            assert.deepEqual(Buffer.from(await part.arrayBuffer()), BIG.subarray(9000000, 9001000));
            const again = await door.fetch(`${proxy.url}/media/big.webm`, { headers: { 'if-none-match': part.headers.get('etag') } });
            assert.equal(again.status, 304);
            // One who does not read yet, while another one reads all.
            const slow = request(`${proxy.url}/media/big.webm`, { ...door.options, agent: false }).end();
            const [answer] = await once(slow, 'response');
            const whole = await door.fetch(`${proxy.url}/media/big.webm`);
            assert.ok(BIG.equals(Buffer.from(await whole.arrayBuffer())));
            assert.ok(BIG.equals(Buffer.concat(await answer.toArray())));
            assert.doesNotMatch(proxy.log, /upstream response is buffered to a temporary file/);
        });

        test('for the whole host, without a path', async () => {
            const whole = await Proxy.start(server, '/');
            try {
                const door = whole.from('127.0.0.9');
                const ana = await guest(door, 'Ana');
                const { code } = await party(ana);
                const client = await Client.open(door, { token: ana.token, ...door.options });
                assert.equal((await client.join(code)).session.code, code);
                await client.close();
                assert.match(await (await door.fetch(`${whole.url}/join/${code}`)).text(), /<!doctype html>/i);
            } finally {
                await whole.stop();
            }
        });

        if (kind === 'nginx') {
            test('plain HTTP leads to HTTPS, and has no HSTS', async () => {
                const asked = plainRequest({ port: proxy.plainPort, host: '127.0.0.1', path: '/party/join/K7MPX2QD?a=b' }).end();
                const [answer] = await once(asked, 'response');
                answer.resume();
                assert.equal(answer.statusCode, 301);
                assert.equal(answer.headers.location, 'https://127.0.0.1/party/join/K7MPX2QD?a=b');
                assert.equal(answer.headers['strict-transport-security'], undefined);
            });
        } else {
            test('the file as it is has no mistake', () => assert.match(Caddy.validate(), /Valid configuration/));
        }
    });
}
