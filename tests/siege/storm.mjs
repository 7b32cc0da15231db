// Everything at once, from a seed: hundreds of connections that join, press buttons, talk, react, drop and are kicked, while
// parties are made, ended and handed over, the database is backed up, the operator looks and ends, and the configuration is
// read again. Meant for a server under the thread sanitizer; it must outlive all of it, and end in good order.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../measure/random.mjs';
import { guest, party } from '../server/rest.mjs';
import { Server, run } from '../server/server.mjs';
import { Guest } from '../soak/guest.mjs';

const PARTIES = 20;
const ACT_MS = 250; // of each connection, on average
const SETTINGS = {
    SHARDS: 4, SEAT_GRACE: '500ms', KICK_COOLDOWN: '200ms', WAIT_TIMEOUT: '200ms', WAIT_BUDGET: '1s', KNOCK_TIMEOUT: '1s', KEEP_ENDED: '1s',
    CHAT_RATE_LIMIT: '1000/second', CHAT_REACTION_RATE_LIMIT: '1000/second', CHAT_REACTION_BURST: 100, MESSAGE_RATE_LIMIT: '1000/second',
    MAX_PARTICIPANTS: 50, LOG_LEVEL: undefined, // the file says it, anew each time
};

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class Storm {
    constructor({ seed, seconds, people = 200 }) {
        Object.assign(this, { seconds, people, dice: random(seed), guests: [], parties: [], counts: {} });
    }

    count(what) {
        this.counts[what] = (this.counts[what] ?? 0) + 1;
    }

    any(list) {
        return list[Math.floor(list.length * this.dice())];
    }

    async makeParty(at = this.parties.length) {
        const host = this.any(this.users);
        const visibility = this.dice() < 0.2 ? 'private' : 'public';
        this.parties[at] = { ...(await party(host, { visibility })), host, made: at };
        this.count('parties');
    }

    // Somebody sits down: at first, and when one has left.
    seat(at) {
        const { code } = this.any(this.parties);
        this.guests[at] = new Guest(this.server, this.users[at], code, this.dice, (what) => this.count(what));
        this.guests[at].connect();
    }

    // What one connection does.
    act() {
        const at = Math.floor(this.guests.length * this.dice());
        const one = this.guests[at];
        const way = this.dice();
        if (way < 0.9) return one.act();
        if (way < 0.93) return one.send({ type: 'kick', user_id: this.any(this.users).user_id });
        if (way < 0.95) return one.send({ type: 'host', user_id: this.any(this.users).user_id });
        if (way < 0.97) return one.send({ type: 'settings', max_participants: 20 + Math.floor(30 * this.dice()) });
        if (this.dice() < 0.5) one.leave();
        else one.vanish();
        return this.seat(at);
    }

    // --- What goes on beside them, each again and again until the storm is over

    async arrange() {
        const at = Math.floor(this.parties.length * this.dice());
        const { host, code } = this.parties[at];
        const way = this.dice();
        if (way < 0.4) await host.rest.end(code);
        if (way < 0.4) await this.makeParty(at);
        else if (way < 0.6) await host.rest.participants(code);
        else if (way < 0.7) await host.rest.of(code, 'PATCH', '', { title: `Film ${Math.floor(1000 * this.dice())}` });
        else if (way < 0.8) await host.rest.of(code, 'POST', '/invitations', { role: 'controller' });
        else if (way < 0.9) await host.rest.request('PUT', `/api/v1/syncplay/friends/${this.any(this.users).user_id}`);
        else await host.rest.request('GET', '/metrics');
        this.count('requests');
    }

    async operate() {
        const { server } = this;
        const { code } = this.any(this.parties);
        const copy = join(server.folder, 'copy.db');
        const orders = [['backup', copy], ['backup', copy], ['list'], ['show', code], ['end', code], ['kick', code, this.any(this.users).user_id], ['user', 'list']];
        const order = this.any(orders);
        const { code: status, stderr } = await run(['admin', ...order], { SYNCPLAY_DATABASE: server.database }, server.folder);
        if (status !== 0 && ['backup', 'list'].includes(order[0])) throw new Error(`admin ${order}: ${stderr}`);
        if (order[0] === 'backup') rmSync(copy);
        this.count(`admin ${order[0]}`);
    }

    async reload() {
        writeFileSync(join(this.server.folder, 'syncplay.yaml'), `syncplay:\n  log_level: ${this.any(['info', 'debug', 'warn'])}\n`);
        this.server.child.kill('SIGHUP');
        this.count('reloads');
        await sleep(100 + 200 * this.dice());
    }

    async again(deed) {
        while (!this.isOver) {
            await this[deed]().catch((error) => ((this.failed ??= error), (this.isOver = true)));
            await sleep(20 * this.dice());
        }
    }

    async run() {
        this.server = await Server.start(SETTINGS);
        this.users = [];
        while (this.users.length < this.people) this.users.push(await guest(this.server, `G${this.users.length}`));
        while (this.parties.length < PARTIES) await this.makeParty();
        for (let at = 0; at < this.people; at += 1) this.seat(at);
        const beside = ['arrange', 'arrange', 'operate', 'reload'].map((deed) => this.again(deed));
        const end = performance.now() + 1000 * this.seconds;
        const each = Math.max(1, ACT_MS / this.people);
        for (let due = performance.now(); due < end && !this.isOver; due += each) {
            if (due > performance.now() + 5) await sleep(5);
            else if (performance.now() > end) break;
            this.act();
        }
        this.isOver = true;
        await Promise.all(beside);
        for (const one of this.guests.slice(0, this.people / 2)) one.vanish(); // the others are told that the server goes
        this.isHealthy = await this.server.isHealthy();
        this.ending = await this.server.stop();
        for (const one of this.guests) one.vanish();
        rmSync(this.server.folder, { recursive: true, force: true });
        if (this.failed) throw this.failed;
        return this;
    }
}
