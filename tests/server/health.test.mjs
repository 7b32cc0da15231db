// A disk that takes nothing any more: the party goes on, the server says that it is not well, and later nothing is missing.

import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { Client } from './client.mjs';
import { Checker } from './openapi.mjs';
import { FILM, Rest, guest, party, refused } from './rest.mjs';
import { Server } from './server.mjs';

// How large a file of the server may get, which it hears of as of a disk that is full.
function limitFiles(server, bytes) {
    execFileSync('prlimit', ['--pid', String(server.child.pid), `--fsize=${bytes}:unlimited`]);
}

async function health(rest, expected) {
    for (;;) {
        const answer = await rest.request('GET', '/healthz');
        if (answer.status === expected) return answer.body;
        await new Promise((done) => setTimeout(done, 20));
    }
}

test('a disk that is full for a while', async () => {
    const server = await Server.start();
    const anyone = new Rest(server, { checker: new Checker() });
    const well = await anyone.request('GET', '/healthz/ready');
    assert.deepEqual([well.status, well.body.status, well.body.store.status], [200, 'ok', 'ok']);
    const ana = await guest(server, 'Ana');
    const { code } = await party(ana);
    const client = await Client.open(server, { token: ana.token });
    await client.join(code);

    limitFiles(server, 4096);
    const ill = await health(anyone, 503);
    assert.deepEqual([ill.status, ill.store.status], ['degraded', 'failing']);
    assert.match(ill.store.reason, /disk/);
    assert.ok(Date.parse(ill.store.since) <= Date.now());
    await client.ask({ type: 'chat', message: 'while the disk was full' }, 'chat');
    await client.ask({ type: 'seek', position_ms: 123456 }, 'command');
    assert.equal((await ana.rest.session(code)).status, 200);
    const live = await anyone.request('GET', '/healthz/live');
    assert.deepEqual([live.status, live.body.status], [200, 'ok']);
    refused(await anyone.request('POST', '/api/v1/users', { body: { name: 'Ben' } }), 503);
    refused(await ana.rest.sessions(FILM), 503);
    assert.ok((await health(anyone, 503)).store.lag_ms > 0);
    const { text } = await anyone.request('GET', '/metrics');
    for (const line of ['healthy 0', 'store_failing 1', 'store_lag_seconds \\d+\\.\\d{6}', 'store_failures_total [1-9]\\d*']) {
        assert.match(text, new RegExp(`^syncplay_${line}$`, 'm'));
    }

    limitFiles(server, 'unlimited');
    await health(anyone, 200);
    await server.logged(/error store cannot write.*\n[^]*info store writes again/);
    assert.equal(server.log.match(/store cannot write/g).length, 1, 'it is said once');
    await server.kill();
    await server.start();
    const again = await Client.open(server, { token: ana.token });
    const state = await again.join(code);
    assert.equal(state.position_ms, 123456);
    assert.equal((await again.next('chat', ({ history }) => history)).message, 'while the disk was full');
    await again.close();
    assert.equal(await server.finish(), 0);
});
