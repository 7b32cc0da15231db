// /metrics: in Prometheus' form, of what has happened, for those alone who may know, and about nobody.

import { strict as assert } from 'node:assert';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Checker } from './openapi.mjs';
import { parseMetrics } from './prometheus.mjs';
import { Rest, guest, party, refused } from './rest.mjs';
import { Server, root } from './server.mjs';

const checker = new Checker();
let server;
let anyone;

before(async () => {
    server = await Server.start();
    anyone = new Rest(server, { checker });
});
after(() => server.finish());

async function read() {
    const { status, type, text } = await anyone.request('GET', '/metrics');
    assert.deepEqual([status, type], [200, 'text/plain; version=0.0.4; charset=utf-8'], text);
    return { text, families: parseMetrics(text) };
}

// How much more there is of what, by family or by family and value.
function growth(before, now, name, value = '') {
    return now.families.get(name).samples.get(value) - before.families.get(name).samples.get(value);
}

test('what happens is counted', async () => {
    const first = await read();
    const ana = await guest(server, 'Ana');
    const ben = await guest(server, 'Ben');
    const { code, id } = await party(ana);
    const client = await Client.open(server, { token: ana.token });
    await client.join(code);
    const other = await Client.open(server, { token: ben.token });
    await other.join(code);
    await client.ask({ type: 'chat', message: 'to be read by nobody else' }, 'chat');
    await other.next('chat');
    await client.ask({ type: 'ping', timestamp: 1, drift_ms: -30 }, 'pong');
    await client.ask({ type: 'ping', timestamp: 2, drift_ms: 86400000 }, 'pong');
    await client.ask({ type: 'seek' }, 'error');
    await anyone.request('GET', '/api/v1/nothing');
    await other.close();
    await server.logged(new RegExp(`connection closed .*user=${ben.user_id} `));
    let now = await read();
    const grown = (name, value) => growth(first, now, name, value);
    assert.equal(grown('syncplay_sessions'), 1);
    assert.equal(grown('syncplay_participants', 'connected'), 1);
    assert.equal(grown('syncplay_participants', 'away'), 1);
    assert.equal(grown('syncplay_connections'), 1);
    assert.equal(grown('syncplay_connections_total'), 2);
    assert.equal(grown('syncplay_connections_closed_total', 'client'), 1);
    assert.equal(grown('syncplay_sessions_created_total'), 1);
    assert.equal(grown('syncplay_chat_messages_total'), 1);
    assert.equal(grown('syncplay_messages_received_total', 'join'), 2);
    assert.equal(grown('syncplay_messages_received_total', 'ping'), 2);
    assert.equal(grown('syncplay_messages_received_total', 'chat'), 1);
    assert.equal(grown('syncplay_errors_told_total', 'bad_field'), 1);
    assert.ok(grown('syncplay_deliveries_total') >= 7);
    assert.ok(grown('syncplay_delivered_bytes_total') > 1000);
    assert.deepEqual([grown('syncplay_rest_requests_total', '2xx'), grown('syncplay_rest_requests_total', '4xx')], [3, 1]);
    assert.deepEqual(now.families.get('syncplay_drift_seconds').buckets.filter(([bound]) => bound <= 0.04 && bound >= 0.02), [[0.02, 0], [0.04, 1]]);
    assert.equal(growth(first, now, 'syncplay_drift_seconds', '_sum'), 60.03, 'who claims to be a day off is a minute off');
    assert.ok(grown('syncplay_store_records_total') >= 3);
    assert.equal(now.families.get('syncplay_healthy').samples.get(''), 1);
    for (const name of ['process_resident_memory_bytes', 'process_open_fds', 'process_threads', 'process_cpu_seconds_total', 'process_max_fds', 'syncplay_database_bytes']) {
        assert.ok(now.families.get(name).samples.get('') > 0, name);
    }
    assert.ok(Math.abs(now.families.get('process_start_time_seconds').samples.get('') - Date.now() / 1000) < 3600);
    while (now.families.get('syncplay_round_trip_seconds').samples.get('_count') === 0) now = await read();
    for (const word of [ana.user_id, code, id, 'Ana', 'nobody else', '127.0.0.1']) assert.ok(!now.text.includes(word), word);

    await ana.rest.end(code);
    now = await read();
    assert.deepEqual([grown('syncplay_sessions'), grown('syncplay_sessions_ended_total')], [0, 1]);
    await client.close();
});

test('each type of message is counted under its name, and what clients invent is not', async () => {
    const protocol = readFileSync(join(root, 'lib', 'PROTOCOL.md'), 'utf8');
    const [, table] = /\n## Client to server\n(.*?)\n## /s.exec(protocol);
    const types = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) => cell.replaceAll('*', '').split(', ')).filter((type) => !/^(type|-+)$/.test(type));
    assert.ok(types.length > 20, `${types}`);
    const ana = await guest(server, 'Ana');
    const first = await read();
    const client = await Client.open(server, { token: ana.token });
    for (const type of types) client.send({ list: [{ type: 'other' }, '"type":"x"'], type });
    for (const text of ['{"type":"constructor"}', '{"type":7}', '["type"]', '{', `{"type":"${'x'.repeat(100)}"}`]) client.send(text);
    await client.settle();
    const now = await read();
    for (const type of types) {
        assert.equal(growth(first, now, 'syncplay_messages_received_total', type), type === 'ping' ? 2 : 1, type);
    }
    assert.equal(growth(first, now, 'syncplay_messages_received_total', 'other'), 5);
    assert.deepEqual([...now.families.keys()], [...first.families.keys()]);
    assert.deepEqual(now.text.replace(/ \S+$/gm, ''), first.text.replace(/ \S+$/gm, ''), 'there is never another label');
    await client.close();
});

test('who may read them', async () => {
    for (const headers of [{ 'x-forwarded-for': '127.0.0.1' }, { forwarded: 'for=127.0.0.1' }, { via: '1.1 x' }, { 'x-real-ip': '::1' }]) {
        refused(await anyone.request('GET', '/metrics', { headers }), 403, /loopback/);
    }
    for (const [settings, direct, relayed] of [[{ METRICS: 'off' }, 404, 404], [{ METRICS: 'all' }, 200, 200], [{ TRUSTED_PROXIES: '127.0.0.1' }, 200, 403]]) {
        const another = await Server.start(settings);
        const rest = new Rest(another, { checker });
        assert.equal((await rest.request('GET', '/metrics')).status, direct);
        assert.equal((await rest.request('GET', '/metrics', { headers: { 'x-forwarded-for': '192.0.2.1' } })).status, relayed);
        assert.equal((await rest.request('GET', '/metrics', { headers: { 'x-forwarded-for': 'rubbish' } })).status, relayed);
        await another.finish();
    }
});

test('each way in which a connection can end has its reason', () => {
    const folder = join(root, 'server');
    const sources = readdirSync(folder).filter((name) => name.endsWith('.c')).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    const calls = sources.flatMap(([name, text]) => (name === 'json_writer.c' ? [] : [...text.matchAll(/\b(?:connection_(?:close|drop)|end|end_by_client)\([a-z][^;]*?;/g)].map(([call]) => call)));
    const ways = new Set(calls.flatMap((call) => [...call.matchAll(/"([^"]+)"/g)].map(([, way]) => way)));
    assert.ok(ways.size > 15, `${[...ways]}`);
    const { 'metrics.c': table } = Object.fromEntries(sources);
    // Who does not close in time was being closed for another reason, which counts.
    for (const way of ways) assert.ok(table.includes(`{"${way}", "`) || way === 'did not close', way);
});
