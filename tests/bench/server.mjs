// Measures the server from outside, on this machine: parties of ten, one plays and pauses, and it is counted how long each
// command takes to reach each of the ten, and what a delivery costs the server. Client and server share the processors,
// so these are upper bounds.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';

const PARTIES = 50;
const MEMBERS = 10;
const ROUNDS = 40;

const place = mkdtempSync(join(tmpdir(), 'syncplay-bench-'));
const port = await new Promise((good) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address();
        probe.close(() => good(port));
    });
});
const api = `http://127.0.0.1:${port}/api/v1`;
const server = spawn(process.env.SYNCPLAY_SERVER ?? `${process.env.BUILD ?? 'build'}/syncplay-server`, [], {
    env: {
        ...process.env, SYNCPLAY_SERVER: undefined, SYNCPLAY_LISTEN: `127.0.0.1:${port}`, SYNCPLAY_DATABASE: join(place, 'bench.db'), SYNCPLAY_LOG_LEVEL: 'warn',
        SYNCPLAY_MAX_SESSIONS_PER_USER: PARTIES, SYNCPLAY_MAX_CONNECTIONS_PER_USER: PARTIES,
        SYNCPLAY_MAX_CONNECTIONS_PER_ADDRESS: PARTIES * MEMBERS, SYNCPLAY_REQUEST_BURST: 10 * PARTIES * MEMBERS,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
});
process.on('exit', () => {
    server.kill();
    rmSync(place, { recursive: true, force: true });
});

const status = (key) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]);
const cpu = () => {
    const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10; // milliseconds: clock ticks are hundredths on Linux
};
const row = (what, value, unit) => console.log(`${what.padEnd(58)} ${value.toFixed(2).padStart(10)} ${unit}`);

async function post(path, body, token) {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
    const response = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
}

// One member: joined, ready, and handing each command to `heard`.
function member(token, code, heard) {
    return new Promise((good, bad) => {
        const socket = new WebSocket(`${api.replace('http', 'ws')}/syncplay/ws?code=${code}`, {
            headers: { Authorization: `Bearer ${token}` }, perMessageDeflate: false,
        });
        const say = (message) => socket.send(JSON.stringify(message));
        socket.on('error', bad);
        socket.on('message', (data) => {
            const message = JSON.parse(data);
            if (message.type === 'state') {
                say({ type: 'ready', buffered_ms: 60000 });
                good({ socket, say });
            } else if (message.type === 'command') heard(message);
        });
    });
}

// The same ten sit in every party, by a connection each: guests are rationed by address.
const users = [];

async function party() {
    const film = { content_type: 'movie', content_id: randomUUID(), visibility: 'public' };
    const { code } = await post('/syncplay/sessions', film, users[0].token);
    const made = { delays: [], sent: 0, missing: 0, all: () => {} };
    const heard = (message) => {
        if (message.command_id !== made.command) return;
        made.delays.push(performance.now() - made.sent);
        if (--made.missing === 0) made.all();
    };
    made.members = [];
    for (const { token } of users) made.members.push(await member(token, code, heard));
    made.play = (round) => new Promise((good) => {
        Object.assign(made, { command: `round-${round}`, missing: MEMBERS, all: good, sent: performance.now() });
        made.members[round % MEMBERS].say({ type: round % 2 ? 'pause' : 'play', command_id: made.command });
    });
    return made;
}

for (;;) {
    if (server.exitCode !== null) process.exit(1);
    if ((await fetch(api.replace('/api/v1', '/healthz')).catch(() => null))?.ok) break;
    await new Promise((good) => setTimeout(good, 20));
}
for (let i = 0; i < MEMBERS; i++) users.push(await post('/users', { name: `Member ${i}` }));
const empty = status('VmRSS');
const from = performance.now();
const parties = [];
for (let i = 0; i < PARTIES; i++) parties.push(await party());
row(`connection and join (${PARTIES * MEMBERS} of them)`, (performance.now() - from) / PARTIES / MEMBERS, 'ms');
row('  memory for each', (status('VmRSS') - empty) / PARTIES / MEMBERS, 'kB');

const busy = cpu();
for (let round = 0; round < ROUNDS; round++) await Promise.all(parties.map((one) => one.play(round)));
const delays = parties.flatMap((one) => one.delays).sort((a, b) => a - b);
const at = (share) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))];
row(`play or pause to each of ten, ${PARTIES} parties at once: median`, at(0.5), 'ms');
row('  99 of 100', at(0.99), 'ms');
row('  the slowest', at(1), 'ms');
row('  processor time of the server for each delivery', ((cpu() - busy) / delays.length) * 1000, 'us');

for (const one of parties) for (const { socket } of one.members) socket.terminate();
process.exit(0);
