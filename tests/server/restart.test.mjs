// Ends and new beginnings: killed in the middle of a party, stopped in good order, refused starts.

import { strict as assert } from 'node:assert';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Client, positionAt } from './client.mjs';
import { disperse, gather } from './gather.mjs';
import { party } from './rest.mjs';
import { Server, run } from './server.mjs';

const ROUNDS = 4;
// Changes of a session are gathered for a moment before they go to the disk; chat goes at once.
const GATHERED_MS = 100;
// How exactly a film is found again.
const POSITION_MS = 250;
const SETTINGS = { CHAT_RATE_LIMIT: '1000/second', CHAT_HISTORY: 1000, WAIT_TIMEOUT: '500ms', WAIT_BUDGET: '1h' };

const servers = [];
after(() => Promise.all(servers.map((server) => server.finish())));

async function startServer() {
    const server = await Server.start(SETTINGS);
    servers.push(server);
    return server;
}

// --- A lively party

// As a player does: tells readiness whenever the party waits for it.
function watchAlong(client) {
    client.socket.on('message', (data) => {
        const message = JSON.parse(data);
        if (message.type === 'command' && message.phase === 'waiting') {
            client.send({ type: 'ready', buffered_ms: 5000, revision: message.revision });
        }
    });
    client.send({ type: 'ready', buffered_ms: 5000 });
}

function randomCommand() {
    const position = randomInt(0, 7200000);
    return [{ type: 'play' }, { type: 'play' }, { type: 'pause' }, { type: 'seek', position_ms: position }, { type: 'speed', playback_speed: 1.25 }][randomInt(5)];
}

// Keeps everyone talking and pressing buttons until it is told to stop.
function makeNoise(members) {
    const timers = members.map(({ client, name }, index) => {
        let count = 0;
        return setInterval(() => {
            if (client.socket.readyState !== client.socket.OPEN) return;
            client.send({ type: 'chat', message: `${name} ${(count += 1)}`, id: randomUUID() });
            if (count % 4 === index) client.send(randomCommand());
        }, 35 + index).unref(); // a test that fails leaves it running
    });
    return () => timers.forEach(clearInterval);
}

// Creates parties one after the other until the server is gone; `made` are those that were acknowledged. An acknowledged
// one is on disk, and with it everything that was said before it was asked for: that is how the test knows what must be
// there after a kill, however slow the disk is.
async function createParties(host, made) {
    for (;;) {
        const asked = performance.now();
        try {
            made.push({ ...(await party(host)), asked });
        } catch {
            return;
        }
    }
}

// What the members have been told: chats and commands, the earliest arrival of each.
function told(members, type, key) {
    const all = new Map();
    for (const message of members.flatMap(({ client }) => client.received).filter((one) => one.type === type)) {
        const known = all.get(message[key]);
        if (!known || message.arrived < known.arrived) all.set(message[key], message);
    }
    return [...all.values()].sort((a, b) => a.arrived - b.arrived);
}

async function comeBack(server, members, code) {
    for (const member of members) {
        member.before = member.client;
        member.client = await Client.open(server, { token: member.token });
        member.entry = await member.client.join(code);
        watchAlong(member.client);
    }
    for (const { client } of members) await client.settle();
}

function assertSameSeats(members) {
    for (const { entry } of members) {
        assert.equal(entry.session.host_user_id, members[0].user_id);
        assert.deepEqual(entry.participants.map(({ user_id }) => user_id).sort(), members.map(({ user_id }) => user_id).sort());
    }
}

// Each chat that was to be kept is there, once, in its order; and nothing that nobody said.
function assertChat(members, mustBe, said) {
    for (const { client, name } of members) {
        const history = client.received.filter(({ type, history: isOld }) => type === 'chat' && isOld).map(({ id }) => id);
        assert.equal(new Set(history).size, history.length, 'each once');
        const has = new Set(history);
        const missing = mustBe.filter(({ id }) => !has.has(id));
        assert.deepEqual(missing.map(({ message }) => message), [], `${name} misses some`);
        const order = said.filter(({ id }) => has.has(id)).map(({ timestamp }) => timestamp);
        assert.deepEqual(order, [...order].sort((a, b) => a - b));
    }
}

// Whether the state is what became of this command.
function follows(state, last) {
    const expected = positionAt(last, state.server_time);
    const isNear = Math.abs(state.position_ms - expected) <= POSITION_MS;
    return isNear && (state.is_playing === last.is_playing || last.phase === 'waiting');
}

for (let round = 1; round <= ROUNDS; round += 1) {
    test(`killed in the middle of a party, round ${round} of ${ROUNDS}`, async (t) => {
        const server = await startServer();
        const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo', 'Dan']);
        members.forEach(({ client }) => watchAlong(client));
        const made = [];
        const creating = createParties(members[1], made);
        const beQuiet = makeNoise(members);
        await members[3].client.next('chat', ({ message }) => message === 'Ana 5');
        const moment = randomInt(0, 700);
        await new Promise((resolve) => setTimeout(resolve, moment));
        await server.kill();
        beQuiet();
        await creating;
        await Promise.all(members.map(({ client }) => client.closed));

        const chats = told(members, 'chat', 'id');
        const commands = told(members, 'command', 'revision');
        const savedAt = made.at(-1)?.asked ?? 0;
        const isOld = ({ arrived }) => arrived < savedAt - GATHERED_MS;
        t.diagnostic(`killed after ${moment} ms: ${chats.length} chats, ${commands.length} commands, ${made.length} sessions`);
        await server.start();

        await comeBack(server, members, code);
        assertSameSeats(members);
        assertChat(members, chats.filter(({ arrived }) => arrived < savedAt), chats);
        const lastOld = commands.map(isOld).lastIndexOf(true);
        const possible = commands.slice(Math.max(0, lastOld));
        const { entry } = members[0];
        assert.ok(possible.some((last) => follows(entry, last)), `${JSON.stringify(entry)}\nafter\n${possible.map((one) => JSON.stringify(one)).join('\n')}`);
        assert.ok(entry.revision >= commands[Math.max(0, lastOld)].revision);
        for (const session of made) {
            const { status, body } = await members[1].rest.session(session.code);
            assert.equal(status, 200, `${session.code} was acknowledged`);
            assert.equal(body.id, session.id);
        }

        // And the party goes on.
        members[2].client.send({ type: 'chat', message: 'still here', id: randomUUID() });
        for (const { client } of members) await client.next('chat', ({ message }) => message === 'still here');
        members[1].client.send({ type: 'pause', position_ms: 4242 });
        for (const { client } of members) await client.next('command', ({ action, position_ms }) => action === 'pause' && position_ms === 4242);
        await disperse(members);
    });
}

test('a film that plays goes on by the wall clock while the server is away', async () => {
    const server = await startServer();
    const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo', 'Dan']);
    members.forEach(({ client }) => watchAlong(client));
    members[0].client.send({ type: 'play', position_ms: 100000 });
    const play = await members[0].client.next('command', ({ action }) => action === 'play');
    await new Promise((resolve) => setTimeout(resolve, 3 * GATHERED_MS)); // what is to be saved, is
    await server.kill();
    await server.start();
    await comeBack(server, members, code);
    for (const { entry } of members) {
        assert.equal(entry.is_playing, true);
        assert.ok(follows(entry, play), `${entry.position_ms}, expected ${positionAt(play, entry.server_time)}`);
    }
    await disperse(members);
});

test('stopped in good order: everyone is told, everything is there afterwards', async (t) => {
    const server = await startServer();
    const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo', 'Dan']);
    members.forEach(({ client }) => watchAlong(client));
    const beQuiet = makeNoise(members);
    await members[3].client.next('chat', ({ message }) => message === 'Ana 8');
    const { code: status, signal, ms } = await server.stop();
    beQuiet();
    t.diagnostic(`the server took ${ms.toFixed(0)} ms to stop`);
    assert.equal(signal, null);
    assert.equal(status, 0);
    for (const { client } of members) assert.equal((await client.closed).code, 1001);
    const chats = told(members, 'chat', 'id');
    const last = told(members, 'command', 'revision').at(-1);
    await server.start();
    await comeBack(server, members, code);
    assertSameSeats(members);
    assertChat(members, chats, chats);
    assert.ok(follows(members[0].entry, last), `${JSON.stringify(members[0].entry)}\nafter\n${JSON.stringify(last)}`);
    await disperse(members);
});

test('settings, hosts and endings outlive a kill', async () => {
    const server = await startServer();
    const { members, code } = await gather(server, ['Ana', 'Ben', 'Cleo']);
    const [ana, ben, cleo] = members;
    const { code: over } = await party(ana);
    assert.ok((await ana.rest.end(over)).status < 300);
    ana.client.send({ type: 'kick', user_id: cleo.user_id });
    ana.client.send({ type: 'settings', control: 'host', max_participants: 7 });
    ana.client.send({ type: 'host', user_id: ben.user_id });
    await ben.client.next('participant', ({ action }) => action === 'host');
    await new Promise((resolve) => setTimeout(resolve, 3 * GATHERED_MS));
    await server.kill();
    await server.start();
    ben.client = await Client.open(server, { token: ben.token });
    const { session, you } = await ben.client.join(code);
    assert.deepEqual([session.control, session.max_participants, session.host_user_id, you.is_host], ['host', 7, ben.user_id, true]);
    cleo.client = await Client.open(server, { token: cleo.token });
    assert.equal((await cleo.client.refused({ type: 'join', session_code: code })).code, 'removed');
    assert.equal((await ana.rest.session(over)).status, 410);
    await disperse(members);
});

// --- Starts that are refused, with a sentence that helps

async function refusedStart(settings, sentence, args = []) {
    const { code, stderr } = await run(args, settings, servers[0].folder);
    assert.notEqual(code, 0);
    assert.notEqual(code, null);
    assert.match(stderr, sentence);
}

const scratch = (name) => join(servers[0].folder, name);

test('the port is taken', async () => {
    const listen = `127.0.0.1:${servers[0].port}`;
    await refusedStart({ SYNCPLAY_LISTEN: listen, SYNCPLAY_DATABASE: scratch('other.db') }, new RegExp(`${servers[0].port}`));
});

test('the folder of the database is missing', async () => {
    await refusedStart({ SYNCPLAY_LISTEN: '127.0.0.1:0', SYNCPLAY_DATABASE: scratch('missing/x.db') }, /missing\/x\.db/);
});

test('the database is something else', async () => {
    writeFileSync(scratch('letter.db'), 'Dear Sir or Madam, '.repeat(500));
    await refusedStart({ SYNCPLAY_LISTEN: '127.0.0.1:0', SYNCPLAY_DATABASE: scratch('letter.db') }, /letter\.db/);
    mkdirSync(scratch('folder.db'));
    await refusedStart({ SYNCPLAY_LISTEN: '127.0.0.1:0', SYNCPLAY_DATABASE: scratch('folder.db') }, /folder\.db/);
});

const FILES = [
    ['not YAML', 'syncplay:\n  listen: "127.0.0.1:0\n', /bad\.yaml:\d+: /],
    ['an unknown key', 'syncplay:\n  max_participants: 3\n  colour: red\n', /bad\.yaml:3: .*colour/],
    ['a value out of range', 'syncplay:\n  max_participants: 100000\n', /bad\.yaml:2: .*max_participants.*1 to 1000/],
    ['a value of the wrong kind', 'syncplay:\n  chat:\n    rate_limit: often\n', /bad\.yaml:3: .*rate_limit/],
    ['a key twice', 'syncplay:\n  shards: 2\n  shards: 3\n', /bad\.yaml:3: .*shards/],
    ['a list', 'syncplay:\n  - listen\n', /bad\.yaml:2: /],
];
for (const [what, text, sentence] of FILES) {
    test(`the settings hold ${what}`, async () => {
        writeFileSync(scratch('bad.yaml'), text);
        await refusedStart({}, sentence, ['--config', 'bad.yaml']);
        await refusedStart({}, sentence, ['--config', 'bad.yaml', '--check-config']);
    });
}

test('the settings file is missing, a flag or a variable is unknown', async () => {
    await refusedStart({}, /nowhere\.yaml/, ['--config', 'nowhere.yaml']);
    await refusedStart({}, /--colour/, ['--colour', 'red']);
    await refusedStart({ SYNCPLAY_COLOUR: 'red' }, /SYNCPLAY_COLOUR/);
    await refusedStart({ SYNCPLAY_SHARDS: 'many' }, /SYNCPLAY_SHARDS.*1 to 64/);
});

test('good settings are called good, and nothing is started', async () => {
    writeFileSync(scratch('good.yaml'), 'syncplay:\n  shards: 3\n  chat:\n    rate_limit: 7/minute\n');
    assert.equal((await run(['--config', 'good.yaml', '--check-config'], {}, servers[0].folder)).code, 0);
    assert.match((await run(['--version'])).stdout, /\d+\.\d+\.\d+/);
    assert.match((await run(['--help'])).stdout, /--chat-rate-limit/);
});
