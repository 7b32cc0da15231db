// Receives the webhooks of syncplay-server, believes only those that are signed and fresh, and prints them. No packages needed.
//
//     WEBHOOK_SECRET=... node webhook_receiver.mjs [--listen 127.0.0.1:9000] [--max-age 300]
//
// and for the server, with the same secret:
//
//     SYNCPLAY_WEBHOOKS_URL=http://127.0.0.1:9000/ SYNCPLAY_WEBHOOKS_SECRET=... syncplay-server
//
// Copy isGenuine(), and mind what else is here: the signature covers the body's bytes as they came, so it is checked before
// anything is parsed; an event may come twice, so its id is remembered; the answer is given at once, and the work done after it.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const BODY_MAX = 65536;
const REMEMBERED_MAX = 10000;

const { values: options } = parseArgs({
    options: { listen: { type: 'string', default: '127.0.0.1:9000' }, 'max-age': { type: 'string', default: '300' } },
});
const secret = process.env.WEBHOOK_SECRET ?? '';
const maxAge = Number(options['max-age']); // seconds that clocks and networks may take
const [host, port] = options.listen.split(':');
const seen = new Set();

function isGenuine(headers, body) {
    const timestamp = headers['x-syncplay-timestamp'] ?? '';
    const given = Buffer.from(headers['x-syncplay-signature'] ?? '');
    const right = Buffer.from(`v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`);
    const isSigned = given.length === right.length && timingSafeEqual(given, right);
    return isSigned && Math.abs(Date.now() / 1000 - Number(timestamp)) <= maxAge;
}

// True the first time; the oldest is forgotten when there are too many.
function isNew(id) {
    if (seen.has(id)) return false;
    seen.add(id);
    if (seen.size > REMEMBERED_MAX) seen.delete(seen.values().next().value);
    return true;
}

function show({ event, created_at: at, session, user, reason }) {
    console.log([at, event, session.code, user?.name, reason].filter(Boolean).join(' '));
}

async function receive(request, response) {
    const parts = [];
    let length = 0;
    for await (const part of request) {
        length += part.length;
        if (length > BODY_MAX) return response.writeHead(413).end();
        parts.push(part);
    }
    const body = Buffer.concat(parts);
    if (request.method !== 'POST' || !isGenuine(request.headers, body)) return response.writeHead(401).end();
    response.writeHead(204).end();
    const message = JSON.parse(body);
    if (isNew(message.id)) show(message);
}

if (secret.length < 16) {
    console.error('WEBHOOK_SECRET must be the secret that the server has, 16 bytes or more');
    process.exit(2);
}
const server = createServer((request, response) => receive(request, response).catch(() => response.destroy()));
server.listen(Number(port), host, () => console.log(`listening on http://${host}:${server.address().port}/`));
