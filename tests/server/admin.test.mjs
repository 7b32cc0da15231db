// `syncplay-server admin`: looking after a running server, and into a database that none uses.

import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Rest, guest, party } from './rest.mjs';
import { Server, freePort, run } from './server.mjs';
import { dump, sql } from './sql.mjs';

let server, ana, ben;
const others = [];
before(async () => {
    server = await Server.start();
    [ana, ben] = [await guest(server, 'Ana'), await guest(server, 'Ben')];
});
after(() => Promise.all([server, ...others].map((one) => (one.isRunning ? one.finish() : undefined))));

const settings = (of) => ({ SYNCPLAY_DATABASE: of.database, ...(of.settings.ADMIN_SOCKET !== undefined && { SYNCPLAY_ADMIN_SOCKET: of.settings.ADMIN_SOCKET }) });
const adminOf = (of, ...args) => run(['admin', ...args], settings(of), of.folder);
const admin = (...args) => adminOf(server, ...args);
const socketOf = (of) => `${of.database}.admin`;

async function done(of, ...args) {
    const result = await adminOf(of, ...args);
    assert.equal(result.code, 0, result.stderr);
    return result.stdout;
}

async function rows(of, ...args) {
    return (await done(of, ...args, '--json')).trimEnd().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
}

async function refused(of, words, ...args) {
    const { code, stdout, stderr } = await adminOf(of, ...args);
    assert.equal(code, 1, stdout + stderr);
    assert.equal(stdout, '');
    assert.match(stderr, words);
}

async function seat(code, who) {
    const client = await Client.open(server, { token: who.token });
    await client.join(code);
    return client;
}

test('sessions: listed and shown', async () => {
    const { code } = await party(ana, { title: 'The Red Balloon', visibility: 'private' });
    const quiet = await party(ben, { title: 'Nobody here' });
    const client = await seat(code, ana);
    await client.ask({ type: 'seek', position_ms: 3723000 }, 'command');
    const listed = await rows(server, 'list');
    const row = listed.find((one) => one.code === code);
    assert.ok(listed.some((one) => one.code === quiet.code && one.connected_count === 0 && one.participant_count === 1));
    assert.deepEqual(
        [row.row, row.title, row.visibility, row.is_playing, row.position_ms, row.connected_count, row.host_name],
        ['session', 'The Red Balloon', 'private', false, 3723000, 1, 'Ana'],
    );
    assert.ok(row.age_s >= 0 && Math.abs(Date.parse(row.started_at) / 1000 + row.age_s - Date.now() / 1000) < 60);
    assert.match(await done(server, 'list'), new RegExp(`^CODE +VISIBLE.*\n(.*\n)*${code}  private  paused +1:02:03 +1/1 +0m \\d\\ds  Ana +The Red Balloon\n`));

    const [session, participant] = await rows(server, 'show', code.toLowerCase());
    assert.equal(session.code, code);
    assert.deepEqual([participant.name, participant.is_host, participant.is_connected], ['Ana', true, true]);
    assert.match(await done(server, 'show', code), /\nUSER .*\n.*here, host .*  Ana\n$/);
    await refused(server, /there is no session with this code/, 'show', 'AAAAAAAA');
    await client.close();
});

test('a session is ended: all are told, and it is over', async () => {
    const { code } = await party(ana);
    const client = await seat(code, ben);
    await done(server, 'end', code);
    assert.equal((await client.next('ended')).reason, 'operator');
    assert.equal((await ana.rest.session(code)).status, 410);
    await refused(server, /no session with this code/, 'end', code);
    await client.close();
});

test('somebody is kicked, but not the host', async () => {
    const { code } = await party(ana);
    const client = await seat(code, ben);
    await refused(server, /is the host/, 'kick', code, ana.user_id);
    await refused(server, /not in the session/, 'kick', code, '0190163d-8694-739b-aea5-966c26f8ad91');
    await done(server, 'kick', code, ben.user_id);
    assert.equal((await client.next('ended')).reason, 'kicked');
    assert.deepEqual((await rows(server, 'show', code)).slice(1).map(({ name }) => name), ['Ana']);
    await client.close();
});

test('a guest is deleted, with all that hangs on them', async () => {
    const cleo = await guest(server, 'Cleo');
    for (const [who, whom] of [[ana, cleo], [cleo, ana], [ben, cleo]]) {
        await who.rest.request('PUT', `/api/v1/syncplay/friends/${whom.user_id}`);
    }
    const alone = await party(cleo);
    const handed = await party(cleo);
    const { code } = await party(ana);
    const clients = [await seat(code, cleo), await seat(code, ana), await seat(handed.code, ben)];
    const [shown] = await rows(server, 'user', 'show', cleo.user_id);
    assert.deepEqual([shown.name, shown.is_guest, shown.friend_count], ['Cleo', true, 1]);
    assert.match(await done(server, 'user', 'list'), new RegExp(`${cleo.user_id}  guest .*  Cleo\n`));

    await done(server, 'user', 'delete', cleo.user_id);
    await refused(server, /there is no user/, 'user', 'show', cleo.user_id);
    await refused(server, /there is no guest with this id/, 'user', 'delete', cleo.user_id);
    assert.equal((await cleo.rest.request('GET', '/api/v1/users/me')).status, 401);
    assert.equal((await ana.rest.session(alone.code)).body.code, 'ended');
    await clients[1].next('participant', ({ action, user }) => action === 'left' && user.name === 'Cleo');
    assert.deepEqual((await rows(server, 'show', handed.code)).slice(1).map(({ name, is_host }) => [name, is_host]), [['Ben', true]]);
    assert.deepEqual((await rows(server, 'show', code)).slice(1).map(({ name }) => name), ['Ana']);
    assert.deepEqual((await ana.rest.request('GET', '/api/v1/syncplay/friends')).body.friends, []);
    // The WebSocket is nobody's: it gets in nowhere, and is closed.
    clients[0].send({ type: 'join', session_code: code });
    assert.deepEqual(await clients[0].closed, { code: 1008, reason: 'the user has been deleted' });
    for (const client of clients) await client.close();
    assert.equal(sql(server.database, `SELECT count(*) FROM users WHERE id = '${cleo.user_id}'; PRAGMA foreign_key_check`), '0');
    assert.doesNotMatch(server.log, /store refused/);
});

test('a copy of a database in use: another server goes on with it', async () => {
    const { code } = await party(ana, { title: 'Copied' });
    const file = join(server.folder, 'copy.db');
    await done(server, 'backup', file);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await refused(server, /is there already/, 'backup', file);
    await done(server, 'backup', 'copy.db', '--force');
    await refused(server, /belongs to the database itself/, 'backup', server.database, '--force');
    const other = new Server({ DATABASE: file });
    others.push(other);
    await other.start();
    assert.equal((await new Rest(other, { token: ana.token }).session(code)).body.title, 'Copied');
    await other.finish();
});

// Sends bytes on the socket and returns what comes until its end.
async function raw(path, bytes) {
    const socket = createConnection(path);
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => (text += part)).on('error', () => {});
    await once(socket, 'connect');
    socket.write(bytes);
    await once(socket, 'close');
    return text;
}

test('the socket is for the server\'s own user, and for lines of JSON', async () => {
    const path = socketOf(server);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(JSON.parse(await raw(path, '{"request":"dance"}\n')), { row: 'end', status: 'refused', why: 'request must be list, show, end, kick or delete' });
    for (const bytes of ['nonsense\n', '[]\n', '{"request":7}\n', '{"request":"end","code":7}\n', '{"request":"delete","user_id":"x"}\n', 'x'.repeat(1024)]) {
        assert.equal(JSON.parse(await raw(path, bytes)).status, 'refused', bytes);
    }
    await done(server, 'list');
    if (process.getuid() !== 0) return; // nobody else to be
    chmodSync(path, 0o666);
    chmodSync(server.folder, 0o755);
    const script = `require('net').createConnection(${JSON.stringify(path)}).on('data', () => process.exit(1)).on('error', () => {}).on('close', () => process.exit(7)).write('{"request":"list"}\\n')`;
    const [code] = await once(spawn(process.execPath, ['-e', script], { uid: 65534, gid: 65534, cwd: '/' }), 'exit');
    assert.equal(code, 7);
    await server.logged(/an operator was refused who is another user uid=65534/);
});

test('what a killed server has left is replaced; a living one keeps its socket', async () => {
    const other = await Server.start();
    others.push(other);
    await other.kill();
    assert.ok(existsSync(socketOf(other)));
    const thief = await run([], { SYNCPLAY_DATABASE: join(other.folder, 'thief.db'), SYNCPLAY_ADMIN_SOCKET: socketOf(server), SYNCPLAY_LISTEN: `127.0.0.1:${await freePort()}` });
    assert.equal(thief.code, 1);
    assert.match(thief.stderr, /another server listens there/);
    await done(server, 'list');

    await other.start();
    assert.deepEqual(await rows(other, 'list'), []);
    // One who says nothing keeps it from nothing.
    const silent = createConnection(socketOf(other)).on('error', () => {});
    await once(silent, 'connect');
    assert.equal((await other.stop()).code, 0);
    assert.ok(!existsSync(socketOf(other)));

    writeFileSync(socketOf(other), 'mine');
    const { code, stderr } = await run([], { SYNCPLAY_DATABASE: other.database, SYNCPLAY_LISTEN: '127.0.0.1:0' });
    assert.equal(code, 1);
    assert.match(stderr, /something else than a socket is there/);
    assert.equal(readFileSync(socketOf(other), 'utf8'), 'mine');
});

test('without a server: the database tells, and nothing is changed', async () => {
    const other = await Server.start();
    others.push(other);
    const dora = await guest(other, 'Dora');
    const { code } = await party(dora, { title: 'Left' });
    await other.kill();
    const { stdout, stderr, code: status } = await adminOf(other, 'list', '--json');
    assert.equal(status, 0);
    assert.match(stderr, /no server is running/);
    assert.deepEqual([JSON.parse(stdout).code, JSON.parse(stdout).title, JSON.parse(stdout).host_name], [code, 'Left', 'Dora']);
    assert.deepEqual((await rows(other, 'show', code)).slice(1).map(({ name, is_host }) => [name, is_host]), [['Dora', true]]);
    // What a title may not hold, but a database can: it has no power over the terminal.
    sql(other.database, `UPDATE syncplay_sessions SET title = char(155, 50, 74, 27, 99, 133) || 'gone'`);
    assert.match(await done(other, 'list'), /  \?\?2J\?c\?\?gone\n$/);
    await refused(other, /this takes a running server, and none is reached/, 'end', code);
    await refused(other, /this takes a running server/, 'user', 'delete', dora.user_id);
    assert.deepEqual((await rows(other, 'user', 'list')).map(({ name, seat_count }) => [name, seat_count]), [['Dora', 1]]);
    await done(other, 'backup', 'copy.db');
    assert.equal(dump(join(other.folder, 'copy.db')), dump(other.database));

    sql(other.database, 'PRAGMA user_version = 3');
    const before = dump(other.database);
    await refused(other, /of version 3, made by an older program/, 'list');
    await refused(other, /of version 3/, 'user', 'list');
    assert.equal(dump(other.database), before);
    await refused({ ...other, database: join(other.folder, 'none.db'), settings: {} }, /unable to open/, 'list');
    assert.ok(!existsSync(join(other.folder, 'none.db')));
});

test('without a socket', async () => {
    const other = await Server.start({ ADMIN_SOCKET: '' });
    others.push(other);
    assert.ok(!existsSync(socketOf(other)));
    await refused(other, /a server uses the database .*, but cannot be reached: there is no admin_socket/, 'list');
    assert.deepEqual(await rows(other, 'user', 'list'), []);
});

test('a path that is too long for a socket', async () => {
    const long = join(server.folder, 'x'.repeat(110));
    const own = await run([], { SYNCPLAY_ADMIN_SOCKET: long });
    assert.deepEqual([own.code, /SYNCPLAY_ADMIN_SOCKET must be empty or a path of at most 107 bytes/.test(own.stderr)], [2, true], own.stderr);
    const auto = await run([], { SYNCPLAY_DATABASE: long, SYNCPLAY_LISTEN: '127.0.0.1:0' });
    assert.equal(auto.code, 1);
    assert.match(auto.stderr, /admin_socket: .*x\.admin is longer than the 107 bytes/);
});

test('wrong usage', async () => {
    const wrong = [[], ['dance'], ['list', 'K7MPX2QD'], ['show'], ['show', 'no code'], ['end', 'K7MPX2QD', '--json'], ['user'], ['user', 'show', 'ana'],
        ['list', '--force'], ['backup'], ['list', '--colour', 'red'], ['kick', 'K7MPX2QD'], ['a', 'b', 'c', 'd', 'e'], ['list', '--check-config']];
    for (const args of wrong) {
        const { code, stdout, stderr } = await admin(...args);
        assert.deepEqual([code, stdout], [2, ''], args.join(' '));
        assert.match(stderr, /^syncplay-server: ./);
    }
    const { code, stdout } = await admin('--help');
    assert.equal(code, 0);
    assert.match(stdout, /user delete USER_ID/);
    const file = join(server.folder, 'settings.yaml');
    writeFileSync(file, `syncplay:\n  database: ${server.database}\n`);
    assert.equal((await run(['admin', '--config', file, 'list'])).code, 0);
    assert.equal((await run(['admin', 'user', 'list', `--database=${server.database}`])).code, 0);
});
