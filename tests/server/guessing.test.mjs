// Guessing codes: how many guesses are answered, over REST and WebSocket, from one address and from many, by one user and
// by many; and that nobody who has a seat suffers from it.

import { strict as assert } from 'node:assert';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Checker } from './openapi.mjs';
import { guest, party } from './rest.mjs';
import { Server } from './server.mjs';

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const HOUR = 3600;
// Nobody's wait is over while a test runs: so each count is exact.
const LONG = { TRUSTED_PROXIES: '127.0.0.1', GUESS_FREE: 5, GUESS_DELAY: '1h', GUESS_MAX_DELAY: '24h', GUESS_FORGET: '24h' };
const ANSWERED = 6; // those that are free, and the one that begins the wait

const checker = new Checker();
let server;
let host;
let live; // a public session of the host's, who is somewhere else

before(async () => {
    server = await Server.start(LONG);
    host = await guest(server, 'Host', { from: '203.0.113.1' });
    live = await party(host);
});
after(() => server.finish());

function randomCode() {
    return Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

let addresses = 0;
function newAddress() {
    addresses += 1;
    return `198.18.${addresses >> 8}.${addresses & 255}`;
}

const METHODS = ['session', 'end', 'join', 'leave', 'participants'];

// One guess by each way in turn.
function guess(someone, turn, code = randomCode()) {
    return someone.rest[METHODS[turn % METHODS.length]](code);
}

async function useUp(someone) {
    for (let turn = 0; turn < ANSWERED; turn += 1) assert.equal((await guess(someone, turn)).status, 404);
}

function isRefused(answer, seconds = HOUR) {
    assert.equal(answer.status, 429, JSON.stringify(answer.body));
    assert.equal(answer.body.code, 'rate_limited');
    const wait = Number(answer.headers.get('retry-after'));
    assert.ok(wait > seconds / 2 && wait <= seconds, `Retry-After is ${wait}`);
    assert.match(answer.body.detail, new RegExp(`wrong codes, wait ${wait} s`));
}

function isRefusedThere(error) {
    assert.equal(error.code, 'rate_limited');
    assert.equal(error.in_reply_to, 'join');
    assert.match(error.message, /too many wrong codes, wait \d+ s/);
}

test('from each address, as many guesses are answered as are free, however many come at once', async (t) => {
    const ADDRESSES = 8;
    const GUESTS = 3;
    const GUESSES = 40;
    const answered = [];
    while (answered.length < ADDRESSES) {
        const from = newAddress();
        const guests = await Promise.all(Array.from({ length: GUESTS }, (_, index) => guest(server, `G${index}`, { checker, from })));
        const answers = await Promise.all(guests.flatMap((someone) => Array.from({ length: GUESSES }, (_, turn) => guess(someone, turn))));
        for (const answer of answers) if (answer.status !== 404) isRefused(answer);
        answered.push(answers.filter(({ status }) => status === 404).length);
    }
    t.diagnostic(`${ADDRESSES * GUESTS * GUESSES} guesses, answered of each address: ${answered.join(' ')}`);
    assert.deepEqual(answered, Array(ADDRESSES).fill(ANSWERED));
});

test('while one is refused, a right code is refused as well, and so are new guests of the same address', async () => {
    const from = newAddress();
    const mallory = await guest(server, 'Mallory', { checker, from });
    await useUp(mallory);
    for (let turn = 0; turn < METHODS.length; turn += 1) isRefused(await guess(mallory, turn, live.code));
    const fresh = await guest(server, 'Fresh', { checker, from });
    isRefused(await fresh.rest.session(live.code));
    const innocent = await guest(server, 'Innocent', { checker, from: newAddress() });
    assert.equal((await innocent.rest.session(live.code)).status, 200);
});

test('a user takes the count along to another address', async () => {
    const mallory = await guest(server, 'Mallory', { checker, from: newAddress() });
    await useUp(mallory);
    mallory.rest.from = newAddress();
    isRefused(await mallory.rest.session(live.code));
});

test('a /64 is one address', async () => {
    const mallory = await guest(server, 'Mallory', { checker, from: '2001:db8:7:1::1' });
    await useUp(mallory);
    const neighbour = await guest(server, 'Neighbour', { checker, from: '2001:db8:7:1:ffff:ffff:ffff:ffff' });
    isRefused(await neighbour.rest.session(live.code));
    const other = await guest(server, 'Other', { checker, from: '2001:db8:7:2::1' });
    assert.equal((await other.rest.session(live.code)).status, 200);
});

test('being right in between changes nothing', async () => {
    const mallory = await guest(server, 'Mallory', { checker, from: newAddress() });
    const own = await party(mallory);
    for (let turn = 0; turn < ANSWERED; turn += 1) {
        assert.equal((await guess(mallory, turn)).status, 404);
        assert.equal((await mallory.rest.session(own.code)).status, 200);
        if (turn < ANSWERED - 1) assert.equal((await mallory.rest.session(live.code)).status, 200);
    }
    isRefused(await guess(mallory, 0));
    isRefused(await mallory.rest.session(live.code));
    assert.equal((await mallory.rest.session(own.code)).status, 200, 'their own one is theirs');
});

test('sessions that have ended count as wrong', async () => {
    const over = await party(host);
    assert.equal((await host.rest.end(over.code)).status, 204);
    const late = await guest(server, 'Late', { checker, from: newAddress() });
    for (let turn = 0; turn < ANSWERED; turn += 1) assert.equal((await late.rest.session(over.code)).status, 410);
    isRefused(await late.rest.session(over.code));
});

test('what cannot be a code is no guess', async () => {
    const clumsy = await guest(server, 'Clumsy', { checker, from: newAddress() });
    for (let turn = 0; turn < 2 * ANSWERED; turn += 1) assert.equal((await guess(clumsy, turn, `WRONG${turn}`)).status, 404);
    assert.equal((await clumsy.rest.session(live.code)).status, 200);
});

test('who has a seat comes back to it, by REST and by WebSocket', async () => {
    const from = newAddress();
    const seated = await guest(server, 'Seated', { checker, from });
    assert.equal((await seated.rest.join(live.code)).status, 200);
    await useUp(seated);
    isRefused(await guess(seated, 0));
    assert.equal((await seated.rest.session(live.code)).status, 200);
    assert.equal((await seated.rest.participants(live.code)).status, 200);
    const first = await Client.open(server, { token: seated.token, from });
    assert.equal((await first.join(live.code)).you.user_id, seated.user_id);
    await first.close();
    const again = await Client.open(server, { token: seated.token, code: live.code, from });
    assert.equal((await again.next('state')).you.user_id, seated.user_id);
    // Another code, from one who sits: an answer that tells nothing, and is not counted.
    assert.equal((await again.refused({ type: 'join', session_code: randomCode() })).code, 'already_joined');
    // Once the seat is given up, it is as with everybody.
    await again.ask({ type: 'leave' }, 'ended');
    isRefusedThere(await again.refused({ type: 'join', session_code: live.code }));
    await again.close();
});

test('over WebSocket: the same count; refused with the command_id, and closed if one goes on', async () => {
    const from = newAddress();
    const mallory = await guest(server, 'Mallory', { checker, from });
    const client = await Client.open(server, { token: mallory.token, from });
    for (let turn = 0; turn < ANSWERED; turn += 1) {
        for (const session_code of [`WRONG${turn}`, randomCode()]) { // the first is none, and so no guess
            assert.equal((await client.refused({ type: 'join', session_code })).code, 'not_found');
        }
    }
    isRefused(await mallory.rest.session(live.code));
    const refused = await client.refused({ type: 'join', session_code: live.code, command_id: 'a "b" \\' });
    isRefusedThere(refused);
    assert.equal(refused.command_id, 'a "b" \\');
    await client.settle(); // it is open all the same
    for (let turn = 0; turn < 10; turn += 1) client.send({ type: 'join', session_code: turn % 2 ? live.code : randomCode() });
    assert.equal((await client.closed).code, 1008);
    assert.equal(client.received.filter(({ code }) => code === 'rate_limited').length, 11);
});

test('connection after connection, by ?code= and with auth as the first message', async () => {
    const from = newAddress();
    const mallory = await guest(server, 'Mallory', { checker, from });
    const codes = [];
    for (let turn = 0; turn < ANSWERED + 6; turn += 1) {
        const code = turn >= ANSWERED + 3 ? live.code : randomCode();
        const client = await Client.open(server, { code, from, ...(turn % 2 && { token: mallory.token }) });
        if (turn % 2 === 0) client.send({ type: 'auth', token: mallory.token });
        codes.push((await client.next('error')).code);
        await client.close();
    }
    assert.deepEqual(codes, [...Array(ANSWERED).fill('not_found'), ...Array(6).fill('rate_limited')]);
});

test('both ways at once, from many addresses, by many users', async (t) => {
    const ADDRESSES = 5;
    const GUESTS = 2;
    const answered = await Promise.all(
        Array.from({ length: ADDRESSES }, async () => {
            const from = newAddress();
            const counts = await Promise.all(
                Array.from({ length: GUESTS }, async (_, index) => {
                    const someone = await guest(server, `G${index}`, { from });
                    const clients = await Promise.all([0, 1, 2].map(() => Client.open(server, { token: someone.token, from })));
                    const said = clients.map((client) => {
                        for (let turn = 0; turn < 10; turn += 1) client.send({ type: 'join', session_code: randomCode() });
                        return client.settle().then(() => client.received.filter(({ code }) => code === 'not_found').length);
                    });
                    const asked = Array.from({ length: 20 }, (_, turn) => guess(someone, turn).then(({ status }) => Number(status === 404)));
                    const all = await Promise.all([...said, ...asked]);
                    await Promise.all(clients.map((client) => client.close()));
                    return all.reduce((sum, count) => sum + count, 0);
                }),
            );
            return counts.reduce((sum, count) => sum + count, 0);
        }),
    );
    t.diagnostic(`${ADDRESSES * GUESTS * 50} guesses, answered of each address: ${answered.join(' ')}`);
    assert.deepEqual(answered, Array(ADDRESSES).fill(ANSWERED));
});

test('each further wrong guess doubles the wait', async () => {
    const other = await Server.start({ ...LONG, GUESS_FREE: 1, GUESS_DELAY: '2s' });
    try {
        const mallory = await guest(other, 'Mallory', { checker, from: newAddress() });
        assert.equal((await guess(mallory, 0)).status, 404);
        for (const seconds of [2, 4, 8]) {
            let answer;
            do {
                answer = await guess(mallory, 0);
                // As long as the server says, and no guess of ours.
                if (answer.status === 429) await new Promise((done) => setTimeout(done, 1000 * Number(answer.headers.get('retry-after'))));
            } while (answer.status === 429);
            assert.equal(answer.status, 404);
            isRefused(await guess(mallory, 0), seconds);
        }
    } finally {
        await other.finish();
    }
});

test('what guessers get in the long run', async (t) => {
    // The default settings, six hundred times as fast: a second here is ten minutes there.
    const FASTER = 600;
    const settings = { ...LONG, GUESS_DELAY: '100ms', GUESS_MAX_DELAY: '1500ms', GUESS_FORGET: '1s' };
    const GUESSERS = 4;
    const FIRST = 11; // until the waits are as long as they get
    const MORE = 6;
    const other = await Server.start(settings);
    try {
        let refused = 0;
        const rates = await Promise.all(
            Array.from({ length: GUESSERS }, async (_, index) => {
                const mallory = await guest(other, `M${index}`, { from: newAddress() });
                let answered = 0;
                let from;
                while (answered < FIRST + MORE) {
                    const answer = await guess(mallory, answered);
                    if (answer.status === 404) {
                        answered += 1;
                        if (answered === FIRST) from = performance.now();
                    } else {
                        assert.equal(answer.status, 429);
                        refused += 1;
                        await new Promise((done) => setTimeout(done, 50)); // sooner than it says
                    }
                }
                return MORE / ((performance.now() - from) / 1000);
            }),
        );
        const rate = rates.reduce((sum, one) => sum + one, 0) / GUESSERS;
        const yearly = (rate / FASTER) * 365 * 24 * HOUR;
        const years = (guessers) => (30 ** 8 / 1000 / (yearly * guessers)).toPrecision(3);
        t.diagnostic(`measured: ${rate.toFixed(2)} guesses a second from one address, ${refused} more were refused`);
        t.diagnostic(`with the default settings, ${FASTER} times as slow: ${Math.round(yearly)} guesses a year`);
        t.diagnostic(`30^8 codes, 1,000 sessions: found after ${years(1)} years from one address, ${years(1000)} years from 1,000 addresses`);
        assert.ok(refused > GUESSERS * MORE, 'they were held up');
    } finally {
        await other.finish();
    }
});

test('knocking is limited by user and by address; who knocks already may ask again', async () => {
    const other = await Server.start({ TRUSTED_PROXIES: '127.0.0.1', KNOCK_RATE_LIMIT: '3/hour' });
    try {
        const owner = await guest(other, 'Owner', { from: newAddress() });
        const closed = await Promise.all(Array.from({ length: 4 }, () => party(owner, { visibility: 'private' })));
        const open = await party(owner);
        const from = newAddress();
        const ben = await guest(other, 'Ben', { checker, from });
        for (const { code } of closed.slice(0, 3)) assert.equal((await ben.rest.join(code)).status, 202);
        const refused = await ben.rest.join(closed[3].code);
        assert.equal(refused.status, 429);
        assert.equal(refused.body.code, 'rate_limited');
        assert.match(refused.body.detail, /too many knocks/);
        assert.ok(Number(refused.headers.get('retry-after')) > 1000);
        assert.equal((await ben.rest.join(closed[0].code)).status, 202, 'knocks there already');
        assert.equal((await ben.rest.join(open.code)).status, 200, 'a public session needs no knock');
        const cleo = await guest(other, 'Cleo', { checker, from });
        assert.equal((await cleo.rest.join(closed[3].code)).status, 429, 'the same address');
        const client = await Client.open(other, { token: cleo.token, from });
        const error = await client.refused({ type: 'join', session_code: closed[3].code });
        assert.equal(error.code, 'rate_limited');
        assert.match(error.message, /too many knocks, wait \d+ s/);
        await client.close();
        ben.rest.from = newAddress();
        assert.equal((await ben.rest.join(closed[3].code)).status, 429, 'the same user');
        cleo.rest.from = newAddress();
        assert.equal((await cleo.rest.join(closed[3].code)).status, 202);
    } finally {
        await other.finish();
    }
});
