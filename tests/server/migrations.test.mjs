// Databases that earlier servers have left, in schemas/: they open, nothing in them is lost, and what they were is kept in a copy.
// Whatever goes wrong on the way, the old one stays as it was.

import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { after, test } from 'node:test';
import { Client } from './client.mjs';
import { Rest } from './rest.mjs';
import { LIMIT_MS, Server, binary, inherited, run } from './server.mjs';
import { dump, hold, sql } from './sql.mjs';

const VERSION = 4;
const FIXTURES = [['v1', 1], ['v2', 2], ['v3-without-accounts', 3], ['v3', 3], ['v4', 4]];

const servers = [];
after(() => Promise.all(servers.map((server) => (server.isRunning ? server.finish() : undefined))));

// A server that does not run yet, with the database of a fixture. The party in it was active just now: old ones end.
function left(fixture) {
    const server = new Server({});
    const text = readFileSync(new URL(`schemas/${fixture}.sql`, import.meta.url), 'utf8');
    sql(server.database, text.replace(/"(active_at|empty_since)":[\d.]+/g, `"$1":${Date.now()}`));
    servers.push(server);
    return server;
}

const copyOf = (server) => `${server.database}.before-${VERSION}`;
const versionOf = (database) => Number(sql(database, 'PRAGMA user_version'));
const tokenOf = (name) => name.toLowerCase().padEnd(43, '-');
const start = (server) => run([], { SYNCPLAY_DATABASE: server.database, SYNCPLAY_LISTEN: '127.0.0.1:0' }, server.folder);

// What no running server changes.
const kept = (database, version) =>
    sql(database, `SELECT id, name, hex(token_hash), created_at FROM users ORDER BY id;
        SELECT * FROM syncplay_messages ORDER BY id;
        SELECT id, code, title, content_id, position_ms, started_at, ended_at FROM syncplay_sessions ORDER BY id;
        SELECT id, session_id, user_id, joined_at, left_at FROM syncplay_participants ORDER BY id;
        ${version >= 3 ? 'SELECT * FROM friends ORDER BY user_id;' : ''}`);

async function isJoined(server) {
    const code = sql(server.database, 'SELECT code FROM syncplay_sessions WHERE ended_at IS NULL');
    const client = await Client.open(server, { token: tokenOf('Ben') });
    const state = await client.join(code);
    assert.equal(state.position_ms, 754000);
    assert.deepEqual(state.participants.map(({ name }) => name).sort(), ['Ana', 'Ben']);
    const chat = [await client.next('chat'), await client.next('chat')];
    assert.deepEqual(chat.map(({ message }) => message), ['Is everybody here?', "I'm here, with popcorn"]);
    await client.close();
}

async function areFriends(server) {
    const { body } = await new Rest(server, { token: tokenOf('Ana') }).request('GET', '/api/v1/syncplay/friends');
    assert.deepEqual(body.friends.map(({ user, status }) => `${user.name} ${status}`).sort(), ['Ben friends', 'Cleo asks']);
}

for (const [fixture, version] of FIXTURES) {
    test(`a database as ${fixture} lives on`, async () => {
        const server = left(fixture);
        const [before, rows] = [dump(server.database), kept(server.database, version)];
        assert.equal(versionOf(server.database), version);
        await server.start();
        await isJoined(server);
        if (version >= 3) await areFriends(server);
        await server.stop();
        assert.equal(versionOf(server.database), VERSION);
        assert.equal(kept(server.database, version), rows);
        assert.equal(sql(server.database, 'PRAGMA integrity_check; PRAGMA foreign_key_check'), 'ok');
        assert.equal(existsSync(copyOf(server)), version < VERSION);
        if (version < VERSION) {
            assert.equal(dump(copyOf(server)), before);
            assert.equal(statSync(copyOf(server)).mode & 0o777, 0o600);
            assert.ok(server.log.includes(`version=${version} file=${copyOf(server)}`), server.log);
        }
        // Again: there is nothing to be done any more.
        server.log = '';
        await server.start();
        await isJoined(server);
        assert.doesNotMatch(server.log, /database (copied|migrated)/);
        await server.finish();
    });
}

// The server does not start, says why, and the database is what it was; no file has come beside it but what `beside` names.
async function isLeftAlone(server, words, beside = []) {
    const before = dump(server.database);
    const { code, stderr } = await start(server);
    assert.equal(code, 1);
    assert.match(stderr, words);
    assert.equal(dump(server.database), before);
    const files = readdirSync(dirname(server.database)).filter((name) => name.startsWith(basename(server.database)));
    assert.deepEqual(files.filter((name) => !/-(wal|shm)$/.test(name)).sort(), [basename(server.database), ...beside]);
}

test('a newer database is left as it is', async () => {
    const server = left('v4');
    sql(server.database, `PRAGMA user_version = ${VERSION + 1}; ALTER TABLE users ADD COLUMN mood TEXT`);
    const bytes = readFileSync(server.database);
    await isLeftAlone(server, /version 5, made by a newer program; this one knows up to version 4/);
    assert.deepEqual(readFileSync(server.database), bytes);
});

test('without a copy there is no migration', async () => {
    const server = left('v2');
    mkdirSync(copyOf(server));
    await isLeftAlone(server, /brought to version 4, but cannot be copied before: .*before-4 is there, and is no file/, ['syncplay.db.before-4']);
});

test('a migration that fails in its middle has not begun', async () => {
    const server = left('v1');
    sql(server.database, 'CREATE TABLE friends (nonsense TEXT)'); // what the third step makes
    await isLeftAlone(server, /cannot be brought from version 1 to 4, and stays as it was: table friends already exists/, ['syncplay.db.before-4']);
});

test('looking at the configuration migrates nothing', async () => {
    const server = left('v1');
    const before = dump(server.database);
    const { code } = await run(['--check-config'], { SYNCPLAY_DATABASE: server.database });
    assert.equal(code, 0);
    assert.equal(dump(server.database), before);
});

async function appears(file) {
    const deadline = Date.now() + LIMIT_MS;
    while (!existsSync(file)) {
        assert.ok(Date.now() < deadline, `${file} does not come`);
        await new Promise((done) => setTimeout(done, 5));
    }
}

function launch(server) {
    const env = { ...inherited, SYNCPLAY_DATABASE: server.database, SYNCPLAY_LISTEN: '127.0.0.1:0' };
    return spawn(binary, [], { cwd: server.folder, env, stdio: 'ignore' });
}

test('killed between copy and migration: the old one is there, and the next start goes on', async () => {
    const server = left('v3');
    const before = dump(server.database);
    const release = await hold(server.database); // the migration has to wait
    const child = launch(server);
    const exited = once(child, 'exit');
    await appears(copyOf(server)).finally(() => {
        child.kill('SIGKILL');
        release();
    });
    await exited;
    assert.equal(dump(server.database), before);
    assert.equal(dump(copyOf(server)), before);
    await server.start();
    await isJoined(server);
    await server.finish();
});

test('killed at any time: it is the old one or the new one', async () => {
    for (let round = 0; round < 8; round += 1) {
        const server = left('v1');
        const before = dump(server.database);
        const child = launch(server);
        await new Promise((done) => setTimeout(done, 4 * round));
        child.kill('SIGKILL');
        await once(child, 'exit');
        if (versionOf(server.database) === 1) assert.equal(dump(server.database), before);
        else assert.equal(sql(server.database, 'SELECT count(subject), length(secret) FROM users, server'), `0|32`);
        assert.equal(sql(server.database, 'PRAGMA integrity_check'), 'ok');
    }
});
