// Rubbish for a server: requests and frames that were good before chance has bitten into them. Whatever comes, it is refused or
// answered, never with 500; the server lives, and a sanitizer in it has nothing to say.

import { once } from 'node:events';
import { connect } from 'node:net';
import { BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame } from '../server/raw.mjs';
import { guest, party } from '../server/rest.mjs';
import { Server } from '../server/server.mjs';

const AT_ONCE = 48;
const API = '/api/v1';
const PATIENCE_MS = 1500; // for what is not answered because it is not whole
const BITES = 4;
const METHODS = ['GET', 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'BREW'];
const UPGRADE = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
const HEADERS = [
    ...UPGRADE, 'Range: bytes=0-10', 'Range: bytes=5-', 'Range: bytes=-7', 'If-None-Match: "abc"', 'If-Range: "x"', 'Accept-Encoding: gzip;q=0.5, br',
    'X-Forwarded-For: 1.2.3.4, ::1', 'X-Forwarded-Proto: https', 'Forwarded: for=1.2.3.4', 'Origin: http://x', 'Origin: null', 'Expect: 100-continue',
    'Transfer-Encoding: chunked', 'Content-Type: application/json', 'Authorization: Bearer x', 'Sec-WebSocket-Protocol: a, b',
    'Sec-WebSocket-Extensions: permessage-deflate',
];
const LENGTHS = [-1, 0, 5, 999999, '1e3', '+4'];

export class Rubbish {
    constructor({ seed }) {
        this.state = seed;
        this.sent = 0;
        this.answers = {};
    }

    // Chance, from the seed alone (a linear congruential generator, of which the upper bits are good enough).
    below(limit) {
        this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
        return Math.floor((this.state / 2 ** 32) * limit);
    }

    one(list) {
        return list[this.below(list.length)];
    }

    async start() {
        this.server = await Server.start({ LOG_LEVEL: 'warn', REQUEST_TIMEOUT: '1s' });
        const ana = await guest(this.server, 'Ana');
        const { code } = await party(ana);
        const session = `${API}/syncplay/sessions/${code}`;
        this.token = ana.token;
        this.paths = [
            '/', '/main.js', '/healthz', '/metrics', '/media/', '/media/film.mp4', `/join/${code}`, '/%2e%2e/%00', `${API}/users`, `${API}/users/me`, `${API}/friends`,
            `${API}/syncplay/media`, `${API}/syncplay/sessions`, `${API}/syncplay/sessions?limit=9`, session, `${session}/join`, `${session}/messages`,
            `${session}/participants`, `${API}/syncplay/ws`, `${API}/syncplay/ws?code=${code}`,
        ];
        this.bodies = [{ name: 'x' }, { content_type: 'film', content_id: '01234567-89ab-4def-8edc-ba9876543210', max_participants: 5 }, { session_code: code }, [], { message: 'hi', id: 'x' }]
            .map((body) => JSON.stringify(body));
        this.messages = [{ type: 'join', session_code: code }, { type: 'auth', token: ana.token }, { type: 'chat', message: 'x' }, { type: 'ping', timestamp: 1 }, { type: 'seek', position_ms: 1e9 }]
            .map((message) => JSON.stringify(message));
    }

    // Some bytes are changed, lost, put in, said twice, or followed by many of the same.
    bitten(bytes) {
        let all = Buffer.from(bytes);
        for (let left = this.below(2) * this.below(BITES); left > 0; left -= 1) {
            const at = this.below(all.length + 1);
            const length = this.below(20);
            const [before, after] = [all.subarray(0, at), all.subarray(at)];
            const noise = Buffer.from(Array.from({ length }, () => this.below(256)));
            const bites = [[before, noise, after.subarray(length)], [before, after.subarray(length)], [before, noise, after], [before, after.subarray(0, length), after],
                [before, Buffer.alloc(this.below(3000), this.below(256)), after]];
            all = Buffer.concat(this.one(bites));
        }
        return all;
    }

    frame() {
        return this.bitten(frame(this.one([TEXT, TEXT, TEXT, BINARY, CONTINUATION, PING, PONG, CLOSE]), this.one(this.messages)));
    }

    request() {
        const path = this.one(this.paths);
        const body = this.below(2) ? this.one(this.bodies) : '';
        const headers = [`Host: 127.0.0.1:${this.server.port}`, ...Array.from({ length: this.below(7) }, () => this.one(HEADERS))];
        if (this.below(3)) headers.push(`Authorization: Bearer ${this.token}`);
        if (path.includes('/ws') ? this.below(4) : !this.below(8)) headers.push(...UPGRADE);
        if (body) headers.push(`Content-Length: ${this.below(5) ? body.length : this.one(LENGTHS)}`, 'Content-Type: application/json');
        return this.bitten([`${this.one(METHODS)} ${path} HTTP/1.${this.below(2)}`, ...headers, '', body].join('\r\n'));
    }

    // One connection: a request, perhaps frames, and an end in good or bad manners.
    async send() {
        const socket = connect(this.server.port, '127.0.0.1');
        const timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
        socket.on('error', () => {}).on('close', () => clearTimeout(timer));
        socket.once('data', (bytes) => {
            const status = /^HTTP\/1\.1 (\d+)/.exec(bytes.toString('latin1'))?.[1] ?? 'none';
            this.answers[status] = (this.answers[status] ?? 0) + 1;
            if (status === '101' && socket.writable) for (let left = 1 + this.below(5); left > 0; left -= 1) socket.write(this.frame());
            if (this.below(2)) socket.destroySoon();
        });
        socket.write(this.request());
        if (this.below(3) === 0) socket.end();
        this.sent += 1;
        socket.resume();
        await once(socket, 'close');
    }

    // Until `enough` says so; returns whether all went well.
    async run(enough) {
        await this.start();
        await Promise.all(Array.from({ length: AT_ONCE }, async () => {
            while (!enough(this)) await this.send();
        }));
        this.isHealthy = await this.server.isHealthy();
        this.troubles = this.server.log.split('\n').filter((line) => / error |ERROR: |runtime error/.test(line));
        const code = await this.server.finish();
        return this.isHealthy && code === 0 && this.troubles.length === 0 && !this.answers[500];
    }
}
