// What the log says, and in which form: every line can be read by a machine, each event is told once, nothing private is in it.

import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from './client.mjs';
import { guest, party } from './rest.mjs';
import { Server, binary, run } from './server.mjs';

const SECRET = 'what nobody is to read';

// A party with somebody in it, who says something.
async function evening(server) {
    const ana = await guest(server, 'Ana "the one" \\ Å');
    const { code } = await party(ana);
    const client = await Client.open(server, { token: ana.token });
    await client.join(code);
    await client.ask({ type: 'chat', message: SECRET }, 'chat');
    await client.close();
    await ana.rest.end(code);
    return { ana, code };
}

test('one JSON object a line, each event once, and neither tokens nor what was said', async () => {
    const server = await Server.start({ LOG_FORMAT: 'json' });
    const { ana, code } = await evening(server);
    await ana.rest.request('GET', '/api/v1/%0A%1B%22x%22%20level=error');
    await server.finish();
    const lines = server.log.trimEnd().split('\n').map((line) => JSON.parse(line));
    for (const { time, level, message } of lines) {
        assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        assert.match(level, /^(debug|info|warn|error)$/);
        assert.match(message, /^[^=]+$/);
    }
    const about = (sentence) => lines.filter(({ message }) => message === sentence);
    assert.deepEqual(about('session created').map((line) => [line.level, line.code, line.user]), [['info', code, ana.user_id]]);
    assert.deepEqual(about('session ended').map((line) => [line.code, line.reason]), [[code, 'host']]);
    assert.equal(about('going down').length, 1);
    assert.ok(about('request').some(({ path, status }) => path === '/api/v1/??"x" level=error' && status === 404));
    assert.ok(!server.log.includes(SECRET) && !server.log.includes(ana.token));
});

for (const [format, line] of [['text', /^<6>syncplay-server listening on \S+ version=\S+$/m], ['json', /^<6>\{"time":.*"message":"syncplay-server listening/m]]) {
    test(`systemd's journal is told the priority: ${format}`, async () => {
        const folder = mkdtempSync(join(tmpdir(), 'syncplay-journal-'));
        const log = join(folder, 'log');
        const descriptor = openSync(log, 'w');
        const { dev, ino } = fstatSync(descriptor, { bigint: true });
        const env = { PATH: process.env.PATH, JOURNAL_STREAM: `${dev}:${ino}`, SYNCPLAY_LISTEN: '127.0.0.1:0', SYNCPLAY_LOG_FORMAT: format, SYNCPLAY_LOG_LEVEL: 'debug' };
        const child = spawn(binary, ['--database', 'x.db'], { cwd: folder, env, stdio: ['ignore', 'ignore', descriptor] });
        while (!line.test(readFileSync(log, 'utf8'))) {
            assert.equal(child.exitCode, null, readFileSync(log, 'utf8'));
            await new Promise((done) => setTimeout(done, 20));
        }
        child.kill();
        await once(child, 'exit');
        closeSync(descriptor);
        for (const one of readFileSync(log, 'utf8').trimEnd().split('\n')) assert.match(one, format === 'json' ? /^<[3467]>\{/ : /^<[3467]>\D/);
        rmSync(folder, { recursive: true });
    });
}

test('a start that fails is one line of the log, where machines read it', async () => {
    const { code, stderr } = await run(['--database', '/none/x.db', '--listen', '127.0.0.1:0'], { SYNCPLAY_LOG_FORMAT: 'json', SYNCPLAY_LOG_LEVEL: 'warn' });
    const { level, message, reason } = JSON.parse(stderr);
    assert.deepEqual([code, level, message], [1, 'error', 'cannot start']);
    assert.match(reason, /^database \/none\/x\.db/);
});
