// A party of ten while somebody attacks the server: how long commands take to reach everyone, and how long a request of theirs
// takes. Its limits are those of the configuration as it comes, but for the number of connections.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { gather } from '../server/gather.mjs';
import { guest, party } from '../server/rest.mjs';
import { Server } from '../server/server.mjs';

const MEMBERS = 10;
const COMMAND_MS = 50;
const ASK_MS = 200;
const ATTACKERS = 30;
// What the tests' servers are generous with, as it comes.
const USUAL = Object.fromEntries(['GUEST_RATE_LIMIT', 'REQUEST_RATE_LIMIT', 'REQUEST_BURST', 'KNOCK_RATE_LIMIT', 'MAX_SESSIONS_PER_USER', 'MAX_CONNECTIONS_PER_ADDRESS',
    'GUESS_FREE']    .map((name) => [name, undefined]));

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const quantile = (times, share) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];

export class Victims {
    async start() {
        this.server = await Server.start({ ...USUAL, MAX_CONNECTIONS: 20000, LOG_LEVEL: 'warn', AWAY_AFTER: undefined });
        const names = Array.from({ length: MEMBERS }, (_, index) => `V${index}`);
        Object.assign(this, await gather(this.server, names));
        this.sent = new Map();
        this.count = 0;
        for (const { client } of this.members) {
            client.socket.on('message', (data) => this.hear(JSON.parse(data)));
            client.received.push = () => 0; // nobody looks at them here, and they are many
            client.unread.push = () => 0;
        }
        this.closed = (await party(this.members[0], { visibility: 'private' })).code;
        this.attackers = [];
        while (this.attackers.length < ATTACKERS) this.attackers.push(await guest(this.server, `A${this.attackers.length}`));
    }

    hear({ type, command_id: id }) {
        const command = type === 'command' && this.sent.get(id);
        if (!command) return;
        command.delays.push(performance.now() - command.at);
        if (command.delays.length === MEMBERS) command.done();
    }

    // Commands at a fixed rate, each by another member, while something goes on; what they took to come to all.
    async during(something) {
        const commands = [];
        const asked = [];
        const command = () => {
            const id = `c${(this.count += 1)}`;
            const one = { at: performance.now(), delays: [] };
            one.all = new Promise((done) => (one.done = done));
            this.sent.set(id, one);
            commands.push(one);
            const { client } = this.members[this.count % MEMBERS];
            client.send({ type: 'seek', position_ms: this.count, command_id: id });
        };
        command();
        const timer = setInterval(command, COMMAND_MS);
        const asking = setInterval(() => {
            const at = performance.now();
            const one = this.members[1].rest.session(this.code).then(({ status }) => (status === 200 ? performance.now() - at : Infinity), () => Infinity);
            asked.push(one);
        }, ASK_MS);
        const memory = this.memory();
        const result = await something;
        clearInterval(timer);
        clearInterval(asking);
        await Promise.all(commands.map(({ all }) => all)); // what does not come at all is ended by whoever waits for this
        const times = commands.flatMap(({ delays }) => delays);
        return { result, commands: commands.length, p50: quantile(times, 0.5), p99: quantile(times, 0.99), most: quantile(times, 1), rest: quantile(await Promise.all(asked), 0.99), memory: [memory, this.memory()] };
    }

    memory() {
        return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.server.child.pid}/status`, 'utf8'))[1]) / 1024;
    }

    // In a thread of its own.
    attack(name, { ms, scale = 1, connections = 10000, persists = false }) {
        const given = { port: this.server.port, ms, scale, connections, persists, code: this.code, closed: this.closed, tokens: this.attackers.map(({ token }) => token) };
        const worker = new Worker(fileURLToPath(new URL('attacks.mjs', import.meta.url)), { workerData: { attack: name, given } });
        return new Promise((done, fail) => worker.once('message', done).once('error', fail)).finally(() => worker.terminate());
    }

    async suffer(name, options, restMs) {
        const before = await this.during(sleep(restMs));
        const during = await this.during(this.attack(name, options));
        const after = await this.during(sleep(restMs));
        return { name, before, during, after };
    }

    get areAllThere() {
        return this.members.every(({ client }) => client.socket.readyState === client.socket.OPEN);
    }

    async finish() {
        await Promise.all(this.members.map(({ client }) => client.close()));
        return this.server.finish();
    }
}
