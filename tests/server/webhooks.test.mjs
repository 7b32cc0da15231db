// Webhooks: what another service is told, how often, in which order, and that nobody here waits for it.

import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { disperse, enter, gather } from './gather.mjs';
import { HookReceiver, SECRET } from './hook_receiver.mjs';
import { guest, party } from './rest.mjs';
import { LIMIT_MS, root, run, Server } from './server.mjs';
import { makeCertificate } from './tls.mjs';

// Waits between attempts are 1 to 20 ms.
const QUICK = { WEBHOOKS_SECRET: SECRET, WEBHOOKS_RETRY_FIRST: '2ms', WEBHOOKS_RETRY_MAX: '20ms', WEBHOOKS_TIMEOUT: '60s' };

let receiver;
let server;
before(async () => {
    receiver = await HookReceiver.start();
    server = await Server.start({ ...QUICK, WEBHOOKS_URL: receiver.url, KICK_COOLDOWN: '0ms', SEAT_GRACE: '1h' });
});
after(async () => {
    await server.finish();
    receiver.stop();
    assert.ok(!server.log.includes(SECRET) && !server.log.includes('in-the-url'), 'the log keeps secrets');
    assert.deepEqual(receiver.errors, []);
});

// The answers to the attempts, in order: a status, or a function of the response; at the end everything is taken.
const script = (...answers) => ({ body }, response) => {
    const next = body.event === 'session.started' && answers.length > 0 ? answers.shift() : 204;
    if (typeof next === 'function') next(response);
    else response.writeHead(next).end();
};

async function withAnswer(answer, use) {
    receiver.answer = answer;
    try {
        return await use();
    } finally {
        receiver.answer = undefined;
    }
}

// A party of one that is begun and ended, and the attempts at the beginning.
async function beginAndEnd() {
    const host = await guest(server, 'Ana');
    const session = await party(host);
    assert.equal((await host.rest.end(session.code)).status, 204);
    await receiver.until(({ attempts }) => attempts.some(({ body }) => body.event === 'session.ended' && body.session.id === session.id));
    const attempts = receiver.attempts.filter(({ body }) => body.session.id === session.id);
    return { session, attempts, events: attempts.map(({ body }) => body.event) };
}

// Waits until they do: an answer has been seen here before it has been seen there.
async function metricsSay({ url }, { waiting, delivered, given_up: givenUp, dropped }) {
    const expected = new RegExp([
        `^syncplay_webhooks_waiting ${waiting}$`, `^syncplay_webhooks_total{outcome="delivered"} ${delivered}$`,
        `^syncplay_webhooks_total{outcome="given_up"} ${givenUp}$`, `^syncplay_webhooks_total{outcome="dropped"} ${dropped}$`,
    ].join('[^]*'), 'm');
    const deadline = Date.now() + LIMIT_MS;
    let text;
    do {
        if (Date.now() > deadline) throw new Error(`${expected} is not said:\n${/^syncplay_webhooks[^]*?^process/m.exec(text)}`);
        text = await (await fetch(`${url}/metrics`)).text();
    } while (!expected.test(text));
}

test('the story of a party', async () => {
    const { session, code, members } = await gather(server, ['Ana', 'Ben', 'Cleo', 'Dan'], { title: 'A film', url: 'https://films.example/secret' });
    const [ana, ben, cleo, dan] = members;
    await ben.rest.leave(code);
    await ana.rest.of(code, 'DELETE', `/participants/${cleo.user_id}`);
    await ana.rest.of(code, 'PUT', `/bans/${dan.user_id}`, {});
    await ana.rest.end(code);
    assert.deepEqual(await receiver.told(session, 9), [
        'session.started Ana', 'participant.joined Ana', 'participant.joined Ben', 'participant.joined Cleo', 'participant.joined Dan',
        'participant.left Ben left', 'participant.left Cleo kicked', 'participant.left Dan banned', 'session.ended Ana host',
    ]);
    const told = receiver.taken.filter((body) => body.session.id === session.id);
    assert.equal(new Set(told.map(({ id }) => id)).size, told.length, 'ids of their own');
    assert.deepEqual(Object.keys(told[0]), ['id', 'event', 'created_at', 'session', 'user', 'reason']);
    assert.deepEqual(told[0].session, {
        id: session.id, code, host_user_id: ana.user_id, content_type: session.content_type, content_id: session.content_id,
        title: 'A film', visibility: 'public', participant_count: 1, is_playing: false, position_ms: 0, started_at: session.started_at,
    });
    assert.deepEqual([told[0].user, told[0].reason], [{ user_id: ana.user_id, name: 'Ana' }, null]);
    assert.ok(told.every(({ created_at: at }, i) => i === 0 || at >= told[i - 1].created_at));
    assert.ok(!JSON.stringify(told).includes('films.example'));
});

test('one seat is told of once, however its owner came and however often', async () => {
    const host = await guest(server, 'Ana');
    const session = await party(host);
    const ben = await guest(server, 'Ben');
    await ben.rest.join(session.code);
    for (const member of [ben, host, ben]) { // and Ben once more, after a lost connection
        const client = await Client.open(server, { token: member.token });
        await client.join(session.code);
        client.socket.terminate();
        await client.closed;
    }
    await enter(server, session.code, 'Cleo');
    assert.deepEqual(await receiver.told(session, 4), [
        'session.started Ana', 'participant.joined Ana', 'participant.joined Ben', 'participant.joined Cleo',
    ]);
});

test('what fails for a while is tried again, and what comes later about the same session waits', async () => {
    const cut = (response) => response.socket.destroy();
    const busy = (response) => response.writeHead(429, { 'retry-after': '3600' }).end(); // more than retry_max
    await withAnswer(script(500, 503, cut, busy, 408), async () => {
        const { attempts, events } = await beginAndEnd();
        assert.deepEqual(events, [...Array(6).fill('session.started'), 'participant.joined', 'session.ended']);
        assert.equal(new Set(attempts.slice(0, 6).map(({ text }) => text)).size, 1, 'the same each time');
    });
    await server.logged(/webhooks are not taken receiver=http:\/\/127.0.0.1:\d+ reason="?it answered 500/);
});

test('other sessions do not wait for one that fails', async () => {
    let failing;
    let isOver = false;
    const answer = ({ body }, response) => {
        failing ??= body.session.id;
        response.writeHead(body.session.id === failing && !isOver ? 500 : 204).end();
    };
    await withAnswer(answer, async () => {
        const host = await guest(server, 'Ana');
        const held = await party(host);
        await receiver.until(() => failing === held.id);
        let other = await party(host);
        while (other.id.slice(0, 2) === held.id.slice(0, 2)) other = await party(host); // one of 256 shares its lane
        await receiver.told(other, 2);
        assert.deepEqual(receiver.story(held), []);
        isOver = true;
    });
});

test('what is refused is not tried again, and nobody is sent elsewhere', async () => {
    const elsewhere = await HookReceiver.start();
    for (const status of [400, 401, 404, 410, 301, 302, 307, 308]) {
        const refuse = (response) => response.writeHead(status, { location: elsewhere.url }).end();
        await withAnswer(script(refuse), async () => {
            const { events } = await beginAndEnd();
            assert.deepEqual(events, ['session.started', 'participant.joined', 'session.ended'], `${status}`);
        });
    }
    assert.equal(elsewhere.attempts.length, 0);
    await server.logged(/webhook given up event=session.started .*attempts=1 reason="?it answered 308/);
    elsewhere.stop();
});

test('an answer without an end is not listened to', async () => {
    const endless = (response) => {
        response.writeHead(200);
        const more = () => response.destroyed || response.write('a'.repeat(65536), () => setImmediate(more));
        more();
    };
    await withAnswer(script(endless), async () => {
        const { events } = await beginAndEnd();
        assert.deepEqual(events, ['session.started', 'participant.joined', 'session.ended']);
    });
});

test('attempts end, some events alone are told, and a restart tells nothing twice', async () => {
    const one = await HookReceiver.start(({ body }, response) => response.writeHead(body.event === 'session.started' ? 500 : 204).end());
    const other = await Server.start({ ...QUICK, WEBHOOKS_URL: one.url, WEBHOOKS_EVENTS: 'session.started, participant.left', WEBHOOKS_ATTEMPTS: 3 });
    const { session, code, members } = await gather(other, ['Ana', 'Ben', 'Cleo']);
    await other.logged(/given up event=session.started .*attempts=3/);
    await members[2].rest.leave(code);
    assert.deepEqual(await one.told(session, 1), ['participant.left Cleo left']);
    assert.equal((await other.stop()).code, 0);

    // Nobody comes back: their seats are given up after the restart, and that is told.
    other.settings.SEAT_GRACE = '1ms';
    await other.start();
    await one.told(session, 3);
    assert.deepEqual(one.story().sort(), ['participant.left Ana timeout', 'participant.left Ben timeout', 'participant.left Cleo left']);
    assert.equal(one.attempts.filter(({ body }) => body.event === 'session.started').length, 3);
    assert.equal(await other.finish(), 0);
    one.stop();
});

test('a receiver that never answers delays neither a party nor other receivers, nor the end', async (t) => {
    const silent = await HookReceiver.start(() => {});
    const good = await HookReceiver.start();
    const other = await Server.start({ ...QUICK, WEBHOOKS_URL: `${silent.url},${good.url}`, WEBHOOKS_MAX_QUEUE: 5 });
    const { session, code, members } = await gather(other, ['Ana']);
    for (const name of ['Ben', 'Cleo', 'Dan', 'Eve', 'Finn']) {
        members.push(await enter(other, code, name));
        assert.equal((await good.told(session, members.length + 1)).at(-1), `participant.joined ${name}`);
    }
    await silent.until(({ attempts }) => attempts.length > 0);
    members[0].client.send({ type: 'chat', message: 'how good that we do not wait' });
    for (const { client } of members) await client.next('chat');
    await members[5].rest.leave(code);
    assert.deepEqual((await good.told(session, 8)).at(-1), 'participant.left Finn left');
    assert.equal(silent.attempts.length, 1, 'the first one is still on its way');
    await other.logged(/webhooks are dropped, too many wait receiver=http:\/\/127.0.0.1:\d+ max_queue=5/);
    await metricsSay(other, { waiting: 5, delivered: 8, given_up: 0, dropped: 3 });
    const { code: status, signal, ms } = await other.stop();
    t.diagnostic(`the server took ${ms.toFixed(0)} ms to stop`);
    assert.deepEqual([status, signal], [0, null]);
    assert.match(other.log, /webhooks not delivered count=5/);
    await other.start();
    assert.equal(await other.finish(), 0);
    for (const one of [silent, good]) one.stop();
});

test('an answer that does not come is waited for no longer than the timeout', async () => {
    const late = await HookReceiver.start((attempt, response) => late.attempts.length > 1 && response.writeHead(204).end());
    const other = await Server.start({ ...QUICK, WEBHOOKS_URL: late.url, WEBHOOKS_TIMEOUT: '300ms', WEBHOOKS_EVENTS: 'session.started' });
    const session = await party(await guest(other, 'Ana'));
    assert.deepEqual(await late.told(session, 1), ['session.started Ana']);
    assert.ok(late.attempts.length > 1 && late.attempts.every(({ body }) => body.id === late.attempts[0].body.id));
    assert.equal(await other.finish(), 0);
    late.stop();
});

test('at the end what waits gets another moment', async () => {
    let held;
    const slow = await HookReceiver.start((attempt, response) => {
        if (held === undefined) held = response;
        else response.writeHead(204).end();
    });
    const other = await Server.start({ ...QUICK, WEBHOOKS_URL: slow.url });
    const session = await party(await guest(other, 'Ana'));
    await slow.until(() => held !== undefined);
    const stopping = other.stop();
    await other.logged(/going down/);
    held.writeHead(204).end();
    assert.equal((await stopping).code, 0);
    assert.deepEqual(slow.story(session), ['session.started Ana', 'participant.joined Ana']);
    assert.doesNotMatch(other.log, /webhooks not delivered/);
    await other.start();
    await other.finish();
    slow.stop();
});

test('a certificate that nobody vouches for is not believed', async () => {
    const { certificate, key } = makeCertificate(server.folder, 'receiver');
    const secure = await HookReceiver.start(undefined, createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }));
    const other = await Server.start({ ...QUICK, WEBHOOKS_URL: secure.url.replace('http:', 'https:'), WEBHOOKS_ATTEMPTS: 2 });
    await party(await guest(other, 'Ana'));
    await other.logged(/webhook given up event=session.started .*attempts=2 reason=.*certificate/);
    await other.logged(/webhook given up event=participant.joined /);
    assert.equal(secure.attempts.length, 0);
    assert.equal(await other.finish(), 0);
    secure.stop();
});

test('the example takes what is genuine, and nothing else', async () => {
    const example = spawn(process.execPath, [join(root, 'examples/webhook_receiver.mjs'), '--listen', '127.0.0.1:0'], {
        env: { ...process.env, WEBHOOK_SECRET: SECRET }, stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface(example.stdout)[Symbol.asyncIterator]();
    const next = async () => (await lines.next()).value;
    const [url] = /http:\S+/.exec(await next());
    const post = async (body, seconds, secret = SECRET) => {
        const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
        const headers = { 'x-syncplay-timestamp': String(seconds), 'x-syncplay-signature': `v1=${signature}` };
        return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    const now = Math.floor(Date.now() / 1000);
    const body = JSON.stringify({ id: 'x', event: 'by.hand', created_at: 'now', session: { code: 'CODE' }, user: null, reason: null });
    assert.equal(await post(body, now, 'of somebody else'), 401);
    assert.equal(await post(body, now - 400), 401);
    assert.equal((await fetch(url, { method: 'POST', body })).status, 401);
    assert.equal(await post(body, now), 204);
    assert.equal(await post(body, now), 204);
    assert.match(await next(), /by.hand CODE$/);

    const other = await Server.start({ ...QUICK, WEBHOOKS_URL: url });
    const host = await guest(other, 'Ana');
    const { code } = await party(host);
    await host.rest.end(code);
    assert.match(await next(), new RegExp(`session.started ${code} Ana$`));
    assert.match(await next(), new RegExp(`participant.joined ${code} Ana$`));
    assert.match(await next(), new RegExp(`session.ended ${code} Ana host$`));
    assert.equal(await other.finish(), 0);
    example.kill();
    await once(example, 'exit');
});

const URL_SET = { SYNCPLAY_WEBHOOKS_URL: 'https://media.example/?token=in-the-url' };
const WRONG = [
    [{ ...URL_SET }, /webhooks\.secret or webhooks\.secret_file is needed/],
    [{ ...URL_SET, SYNCPLAY_WEBHOOKS_SECRET: 'only 15 bytes..' }, /webhooks\.secret must hold a secret of 16 bytes/],
    [{ ...URL_SET, SYNCPLAY_WEBHOOKS_SECRET: SECRET, SYNCPLAY_WEBHOOKS_SECRET_FILE: 'short' }, /both set/],
    [{ ...URL_SET, SYNCPLAY_WEBHOOKS_SECRET_FILE: 'missing' }, /webhooks\.secret_file: missing: No such file/],
    [{ ...URL_SET, SYNCPLAY_WEBHOOKS_SECRET_FILE: 'short' }, /webhooks\.secret_file must hold a secret of 16 bytes/],
    [{ SYNCPLAY_WEBHOOKS_URL: 'https://u:in-the-url@media.example/', SYNCPLAY_WEBHOOKS_SECRET: SECRET }, /webhooks\.url: number 1 must be/],
    [{ SYNCPLAY_WEBHOOKS_URL: 'http://a, ftp://in-the-url', SYNCPLAY_WEBHOOKS_SECRET: SECRET }, /webhooks\.url: number 2 must be/],
    [{ SYNCPLAY_WEBHOOKS_URL: 'http://a,http://b,http://c,http://d,http://e', SYNCPLAY_WEBHOOKS_SECRET: SECRET }, /at most 4 receivers/],
    [{ SYNCPLAY_WEBHOOKS_EVENTS: 'session.started, session.paused' }, /webhooks\.events must be all, or .*session\.ended/],
];
test('settings that are wrong are refused with a sentence, and without what is secret in them', async () => {
    writeFileSync(join(server.folder, 'short'), 'only 15 bytes..\n');
    for (const [settings, sentence] of WRONG) {
        const { code, stdout, stderr } = await run(['--check-config'], settings, server.folder);
        assert.equal(code, 2, JSON.stringify(settings));
        assert.match(stderr, sentence);
        assert.ok(!/in-the-url|15 bytes\.\.|of these tests/.test(stdout + stderr), stderr);
    }
    writeFileSync(join(server.folder, 'secret'), `${SECRET}\n`);
    const good = await run(['--check-config'], { ...URL_SET, SYNCPLAY_WEBHOOKS_SECRET_FILE: 'secret' }, server.folder);
    assert.equal(good.code, 0, good.stderr);
});
