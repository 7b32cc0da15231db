// A day of a server in fast motion: evenings come and go, people drop out and come back, the server is stopped and killed and
// started again. What the server holds is looked at when nobody is there: before, and after.
//
// Fast motion means that all times that matter to the server are divided by the same factor: sessions time out, seats are
// given up and old evenings are forgotten as many times sooner as the day is shorter.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { Guest } from './guest.mjs';
import { guest, party } from '../server/rest.mjs';
import { Server } from '../server/server.mjs';

const HOURS = 24;
// Parties that begin in each hour, beside the others: few in the morning, most in the evening.
const CURVE = [6, 3, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9, 12, 16, 18, 16, 12, 9];
const LENGTH_HOURS = [0.5, 2.5];
const PEOPLE = [2, 6];
// Of the guests at the door of a party, so many are new in town; the others have been guests before.
const STRANGERS = 0.5;
const ACT_MS = 400;
// Hours at which the server goes down, and how.
const RESTARTS = { 5: 'SIGTERM', 11: 'SIGKILL', 17: 'SIGTERM', 21: 'SIGKILL' };

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// mulberry32, Tommy Ettinger's generator of 32 bits of state, in the public domain.
function diceOf(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}

const between = ([least, most], dice) => least + (most - least) * dice();
const span = (ms) => `${Math.max(1, Math.round(ms))}ms`;

export class Day {
    // seconds: how long it is to take; parties: how many of them
    constructor({ seconds, parties, seed = 1, settings = {} }) {
        Object.assign(this, { hourMs: (1000 * seconds) / HOURS, parties, dice: diceOf(seed) });
        this.counts = { parties: 0, people: 0, said: 0, heard: 0, lost: 0, restarts: 0 };
        this.regulars = [];
        this.going = new Set();
        this.settings = {
            SESSION_TIMEOUT: span(Math.max(1000, 4 * this.hourMs)), SEAT_GRACE: '1s', KNOCK_TIMEOUT: '1s', KICK_COOLDOWN: '500ms',
            WAIT_TIMEOUT: '200ms', WAIT_BUDGET: '1s', KEEP_ENDED: span(Math.max(1000, 3 * this.hourMs)),
            KEEP_GUESTS: span(Math.max(1000, 4 * this.hourMs)), MESSAGE_RATE_LIMIT: '1000/second', MESSAGE_BURST: 1000,
            CHAT_RATE_LIMIT: '1000/second', LOG_LEVEL: 'warn', ...settings,
        };
    }

    // --- What the server holds

    async look(hour) {
        const { pid } = this.server.child;
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const figure = (key) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)[1]);
        const size = (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
        return {
            hour,
            'memory, MB': figure('VmRSS') / 1024,
            descriptors: readdirSync(`/proc/${pid}/fd`).length,
            threads: figure('Threads'),
            'database, KB': (size(this.server.database) + size(`${this.server.database}-wal`)) / 1024,
            parties: this.going.size,
        };
    }

    // Nobody is there, and what was there has run out.
    async quiet(hour) {
        await Promise.all(this.going);
        const grace = 500 + Number.parseInt(this.settings.SESSION_TIMEOUT, 10) + Number.parseInt(this.settings.KEEP_ENDED, 10);
        await sleep(grace + 2500); // the server forgets every two seconds
        return this.look(hour);
    }

    // --- One evening

    async someone(name) {
        const isNew = this.regulars.length < 5 || this.dice() < STRANGERS;
        const known = isNew ? undefined : this.regulars[Math.floor(this.dice() * this.regulars.length)];
        // Who was forgotten meanwhile is a new guest, as the page does it.
        if (known && (await known.rest.request('GET', '/api/v1/users/me')).status === 200) return known;
        this.regulars = this.regulars.filter((one) => one !== known);
        const user = await guest(this.server, name);
        this.regulars.push(user);
        if (this.regulars.length > 40) this.regulars.shift(); // some never come again
        return user;
    }

    async evening(number) {
        const { dice } = this;
        const users = [];
        const size = Math.round(between(PEOPLE, dice));
        while (users.length < size) {
            const user = await this.someone(`Guest ${number}.${users.length}`);
            if (!users.some((one) => one.user_id === user.user_id)) users.push(user);
        }
        const visibility = dice() < 0.3 ? 'private' : 'public';
        const { code } = await party(users[0], { visibility });
        const count = (what) => (this.counts[what] += 1);
        const guests = users.map((user) => new Guest(this.server, user, code, dice, count));
        guests[0].knocks = (user) => guests[0].send({ type: dice() < 0.9 ? 'admit' : 'deny', user_id: user.user_id });
        for (const one of guests) one.connect();
        this.counts.parties += 1;
        this.counts.people += guests.length;
        const end = performance.now() + between(LENGTH_HOURS, dice) * this.hourMs;
        while (performance.now() < end) {
            guests[Math.floor(dice() * guests.length)].act();
            if (dice() < 0.02) guests[Math.floor(dice() * guests.length)].vanish();
            await sleep(between([0, 2 * ACT_MS], dice) / guests.length);
        }
        this.part(guests);
    }

    // The host ends it, or all go, or all are gone.
    part(guests) {
        const way = this.dice();
        if (way < 0.4) guests[0].send({ type: 'end' });
        for (const one of guests) {
            if (way < 0.4) setTimeout(() => one.vanish(), 500);
            else if (way < 0.7) one.leave();
            else one.vanish();
        }
    }

    begin(number) {
        // One that the server went away from while it was being arranged does not take place.
        const { restarts } = this.counts;
        const evening = this.evening(number).catch((error) => {
            if (restarts === this.counts.restarts) this.failed ??= error;
        });
        this.going.add(evening);
        evening.then(() => this.going.delete(evening));
    }

    async restart(signal) {
        this.counts.restarts += 1;
        await this.server.end(signal);
        await this.server.start();
    }

    async hour(hour, hasRestart) {
        const share = (this.parties * CURVE[hour]) / CURVE.reduce((sum, one) => sum + one);
        const starts = Array.from({ length: Math.round(share) }, () => this.dice() * this.hourMs).sort((a, b) => a - b);
        const began = performance.now();
        for (const start of starts) {
            await sleep(began + start - performance.now());
            this.begin(this.counts.parties);
        }
        await sleep(began + this.hourMs / 2 - performance.now());
        if (hasRestart && RESTARTS[hour]) await this.restart(RESTARTS[hour]);
        await sleep(began + this.hourMs - performance.now());
    }

    // An evening or three to warm up, then the day. Tells `see` what the server holds, hour by hour.
    async run(see = () => {}) {
        this.server = await Server.start(this.settings);
        try {
            for (let hour = 18; hour < HOURS; hour += 1) await this.hour(hour, false);
            const before = await this.quiet('before');
            see(before);
            for (let hour = 0; hour < HOURS; hour += 1) {
                await this.hour(hour, true);
                see(await this.look(hour));
            }
            const after = await this.quiet('after');
            see(after);
            if (this.failed) throw this.failed;
            return { before, after, counts: this.counts, log: this.server.log };
        } finally {
            await this.server.finish();
        }
    }
}

// What has grown beyond what chance and free pages explain; [] if nothing has.
export function grown({ before, after }) {
    const limits = {
        'memory, MB': 1.25 * before['memory, MB'] + 2,
        descriptors: before.descriptors,
        threads: before.threads,
        'database, KB': 1.5 * before['database, KB'] + 256,
    };
    return Object.entries(limits).filter(([what, most]) => after[what] > most)
        .map(([what, most]) => `${what}: ${after[what]} after ${before[what]} before, ${most} would be right`);
}
