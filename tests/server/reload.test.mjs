// The server as a service: what it tells its service manager, and what it reads again when it is told to.

import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createInterface } from 'node:readline';
import { Rest } from './rest.mjs';
import { binary, freePort, inherited, LIMIT_MS, Server } from './server.mjs';
import { AUDIENCE, claims, forge, ISSUER } from './token.mjs';

const SECRETS = { old: 'o'.repeat(32), new: 'n'.repeat(32) };
const signed = (secret, header = {}) => forge('HS256', { alg: 'HS256', typ: 'JWT', ...header }, claims(), secret);

// What the server reads from its file, and only from there.
const configuration = ({ level = 'info', issuer = ISSUER, kid = '' } = {}) => `
syncplay:
  log_level: ${level}
  auth:
    jwt: { algorithm: HS256, key_file: secret, issuer: ${issuer}, audience: ${AUDIENCE}, kid: "${kid}" }
`;

// The other end of NOTIFY_SOCKET. Node has no datagram sockets of this kind.
class Manager {
    constructor(path) {
        const program = 'my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die; $| = 1; print "open\\n"; ' +
            'while (defined $s->recv(my $m, 4096)) { $m =~ s/\\n/ /g; print "$m\\n" }';
        this.child = spawn('perl', ['-MIO::Socket::UNIX', '-e', program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
        this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    }

    // What is said next, but for WATCHDOG=1, which is counted.
    async next() {
        const timer = setTimeout(() => this.child.kill('SIGKILL'), LIMIT_MS);
        for (;;) {
            const { value, done } = await this.lines.next();
            assert.ok(!done, 'nothing more was said');
            if (value === 'WATCHDOG=1') {
                this.words = (this.words ?? 0) + 1;
                continue;
            }
            clearTimeout(timer);
            return value;
        }
    }

    async word() {
        const { value } = await this.lines.next();
        return value;
    }
}

const server = new Server({ LOG_LEVEL: undefined });
const configure = (more) => writeFileSync(join(server.folder, 'syncplay.yaml'), configuration(more));
const useSecret = (secret) => writeFileSync(join(server.folder, 'secret'), secret);
const status = async (token) => (await new Rest(server, { token }).request('GET', '/api/v1/users/me')).status;
let manager;

async function reload(outcome) {
    server.log = '';
    server.child.kill('SIGHUP');
    assert.match(await manager.next(), /^RELOADING=1 /);
    assert.match(await manager.next(), /^READY=1 /);
    await server.logged(outcome);
}

before(async () => {
    const path = join(server.folder, 'notify');
    manager = new Manager(path);
    assert.equal(await manager.next(), 'open');
    server.environment = { NOTIFY_SOCKET: path };
    configure();
    useSecret(SECRETS.old);
    await server.start();
});

after(async () => {
    if (server.isRunning) await server.kill();
    manager.child.kill('SIGKILL');
    rmSync(server.folder, { recursive: true, force: true });
});

test('it says when it is ready, and where', async () => {
    assert.equal(await manager.next(), `READY=1 STATUS=listening on ${server.url}`);
});

test('SIGHUP: log_level is read again', async () => {
    assert.equal(await status('x'.repeat(43)), 401);
    configure({ level: 'debug' });
    await reload(/log_level has changed now=debug before=info\n.*the configuration was read again/);
    assert.equal(await status(signed(SECRETS.new)), 401);
    await server.logged(/debug token refused reason="its signature is wrong/);
});

test('SIGHUP: the key of the tokens is read again', async () => {
    assert.equal(await status(signed(SECRETS.old)), 200);
    assert.equal(await status(signed(SECRETS.new)), 401);
    useSecret(SECRETS.new);
    configure({ level: 'debug', kid: 'autumn' });
    assert.equal(await status(signed(SECRETS.old)), 200, 'not before it is told to');
    await reload(/the configuration was read again/);
    assert.equal(await status(signed(SECRETS.old, { kid: 'autumn' })), 401);
    assert.equal(await status(signed(SECRETS.new)), 401);
    assert.equal(await status(signed(SECRETS.new, { kid: 'autumn' })), 200);
});

test('SIGHUP: what counts from the next start only is told', async () => {
    appendFileSync(join(server.folder, 'syncplay.yaml'), '  chat: { history: 7 }\n');
    await reload(/the configuration was read again/);
    assert.deepEqual(server.log.match(/next start setting=.*/g), ['next start setting=chat.history']);
});

test('SIGHUP while tokens are read: each is read with one key or the other', async () => {
    const token = signed(SECRETS.new, { kid: 'autumn' });
    let asked = 0;
    let over = false;
    const asking = async () => {
        for (; !over; asked++) assert.equal(await status(token), 200);
    };
    const all = [asking(), asking(), asking()];
    for (let i = 0; i < 5; i++) await reload(/the configuration was read again/);
    over = true;
    await Promise.all(all);
    assert.ok(asked > 0);
});

for (const [what, change, sentence] of [
    ['a value that may not be', () => configure({ level: 'shout' }), /syncplay\.yaml:3: syncplay\.log_level must be debug/],
    ['a key that is too short', () => useSecret('short'), /the key of auth\.jwt\.key_file is too short/],
    ['no key', () => rmSync(join(server.folder, 'secret')), /auth\.jwt\.key_file: secret: No such file/],
    ['another issuer', () => configure({ issuer: 'https://other.example' }), /auth\.jwt\.issuer can change with a restart alone/],
    ['a webhook to nowhere', () => appendFileSync(join(server.folder, 'syncplay.yaml'), '  webhooks: { url: "nowhere" }\n'), /webhooks\.url/],
    ['no accounts', () => writeFileSync(join(server.folder, 'syncplay.yaml'), ''), /auth\.jwt\.algorithm: accounts can come and go with a restart alone/],
]) {
    test(`SIGHUP with ${what}: nothing changes`, async () => {
        const token = signed(SECRETS.new, { kid: 'autumn' });
        configure({ level: 'error' });
        useSecret(SECRETS.old);
        change();
        await reload(new RegExp(`error the configuration stays as it was reason="${sentence.source}`));
        assert.equal(await status(token), 200);
        assert.equal(await status(signed(SECRETS.old)), 401);
        await server.logged(/debug token refused/);
    });
}

test('it says when it ends', async () => {
    const { code, signal } = await server.stop();
    assert.deepEqual([code, signal], [0, null]);
    assert.equal(await manager.next(), 'STOPPING=1 STATUS=going down');
    assert.equal(manager.words, undefined, 'it was not asked to say that it is alive');
});

test('it says again and again that it is alive, if it is asked to', async () => {
    configure();
    server.environment.WATCHDOG_USEC = '60000';
    await server.start();
    assert.match(await manager.next(), /^READY=1 /);
    for (let i = 0; i < 3; i++) assert.equal(await manager.word(), 'WATCHDOG=1');
    await server.stop();
});

test('at a terminal, SIGHUP ends it', async () => {
    const [listen, database] = [`127.0.0.1:${await freePort()}`, join(server.folder, 'terminal.db')];
    const command = `exec ${binary} --listen ${listen} --database ${database}`;
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { cwd: '/', env: inherited, stdio: ['pipe', 'pipe', 'ignore'] });
    const over = once(terminal, 'exit');
    const timer = setTimeout(() => terminal.kill('SIGKILL'), LIMIT_MS);
    let said = '';
    for await (const bytes of terminal.stdout) {
        said += bytes;
        if (!said.includes('listening on')) continue;
        const [child] = readFileSync(`/proc/${terminal.pid}/task/${terminal.pid}/children`, 'utf8').split(' ');
        process.kill(Number(child), 'SIGHUP');
        break;
    }
    const [code] = await over;
    clearTimeout(timer);
    assert.equal(code, 128 + 1, said);
});
