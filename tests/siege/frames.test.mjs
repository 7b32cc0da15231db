// RFC 6455 case by case, over raw sockets; see frames_table.mjs.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { gather } from '../server/gather.mjs';
import { CLOSE, PING, PONG, RawSocket, TEXT, frame } from '../server/raw.mjs';
import { guest } from '../server/rest.mjs';
import { Server } from '../server/server.mjs';
import { BYE, CASES, LONGEST, filled } from './frames_table.mjs';

const AT_ONCE = 8;

let server, user;
before(async () => {
    server = await Server.start({ MAX_MESSAGE_BYTES: LONGEST, LOG_LEVEL: 'warn' });
    user = await guest(server, 'Ana');
});
after(() => server.finish());

function describe({ opcode, payload, fin, isMasked }) {
    if (!fin || isMasked) return 'a frame that no server sends';
    if (opcode === CLOSE) return `close ${payload.length >= 2 ? payload.readUInt16BE(0) : 1005}`;
    if (opcode === PONG) return `pong ${payload.length}:${payload.toString('hex')}`;
    const message = JSON.parse(payload);
    return `text ${message.code ?? message.type}`;
}

const said = (raw) => raw.frames.filter(({ opcode }) => opcode !== PING).map(describe);

// What the server said until the connection was over.
async function play(parts, expected, closes) {
    const raw = await RawSocket.open(server, user.token);
    for (const part of parts) raw.write(part);
    if (closes) await raw.until(() => raw.isOver || said(raw).length >= expected.length - 1, 'the answers');
    if (closes) raw.write(BYE);
    await raw.ending();
    await raw.until(() => raw.isOver || raw.socket.readableEnded, 'the end of the connection');
    raw.destroy();
    return said(raw);
}

// What was answered before something was wrong may be there or not; it closes with the code that says what it was.
async function judge([what, parts, expected, closes]) {
    const all = await play(parts, expected, closes).catch((error) => [error.message]);
    const heard = expected.length === 1 && !closes ? all.slice(-1) : all;
    return `${heard}` === `${expected}` ? [] : [`${what}: ${all}, not ${expected}`];
}

for (const [name, cases] of Object.entries(CASES)) {
    test(`RFC 6455: ${name}, ${cases.length} cases`, async () => {
        const failures = [];
        for (let at = 0; at < cases.length; at += AT_ONCE) {
            failures.push(...(await Promise.all(cases.slice(at, at + AT_ONCE).map(judge))).flat());
        }
        assert.deepEqual(failures, []);
        assert.ok(await server.isHealthy());
    });
}

test('what is said before a close is heard, however soon it comes', async () => {
    const { members: [ana], code } = await gather(server, ['Ana']);
    const eve = await guest(server, 'Eve');
    const raw = await RawSocket.open(server);
    const words = [{ type: 'auth', token: eve.token }, { type: 'join', session_code: code }, { type: 'chat', message: 'I must be off' }, { type: 'leave' }];
    raw.write(Buffer.concat([...words.map((one) => frame(TEXT, JSON.stringify(one))), BYE]));
    assert.equal((await ana.client.next('chat')).user.user_id, eve.user_id);
    await ana.client.next('participant', ({ action, user: who }) => action === 'left' && who.user_id === eve.user_id);
    assert.equal(await raw.ending(), 1000);
    assert.ok(said(raw).includes('text authenticated') && said(raw).includes('text state'), `${said(raw)}`);
    await ana.client.close();
});

test('the longest message is that of the configuration, to the byte', async () => {
    const small = await Server.start({ MAX_MESSAGE_BYTES: 2000 });
    const { token } = await guest(small, 'Ben');
    const raw = await RawSocket.open(small, token);
    for (const length of [1999, 2000]) {
        raw.write(frame(TEXT, filled(length)));
        await raw.next('pong');
    }
    raw.write(frame(TEXT, filled(2001)));
    assert.equal(await raw.ending(), 1009);
    raw.destroy();
    await small.finish();
});
