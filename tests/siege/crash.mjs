// The server is killed at random moments under load, and started again: what it had promised is there, once, and the database
// is whole. Promised is what a REST request was answered with 2xx, at once; and what was told by WebSocket, once it is saved:
// that is known to be so of everything told before an acknowledged request was made (of changes of a session, a moment
// before: they are gathered). How old the oldest loss was that is no breach of this, is measured.

import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { positionAt } from '../server/client.mjs';
import { guest } from '../server/rest.mjs';
import { Server } from '../server/server.mjs';
import { sql } from '../server/sql.mjs';
import { random } from '../measure/random.mjs';
import { Asker, enter, makeNoise, meet } from './crash_load.mjs';
import { Ledger } from './ledger.mjs';

const PARTIES = 3;
const PEOPLE = 4;
const ASKERS = 3;
// Changes of a session are gathered for a moment before they go to the disk; chat goes at once.
const GATHERED_MS = 100;
// How exactly a film is found again.
const POSITION_MS = 250;
const SETTINGS = {
    CHAT_RATE_LIMIT: '1000/second', CHAT_HISTORY: 1000, WAIT_TIMEOUT: '300ms', WAIT_BUDGET: '1h', MAX_PARTICIPANTS: 1000, LOG_LEVEL: 'warn',
    MAX_SESSIONS: 100000, MAX_SESSIONS_PER_USER: 100000, MAX_FRIENDS: 10000, MAX_FRIEND_REQUESTS: 1000,
};
// The longest time under load before a kill; and how often, and how soon, it is killed once more while it starts.
const LOAD_MS = 700;
const TWICE = 0.25;
const START_MS = 60;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// What the members have been told, the earliest arrival of each.
function told(members, type, key) {
    const all = new Map();
    for (const message of members.flatMap(({ client }) => client.received).filter((one) => one.type === type)) {
        const known = all.get(key(message));
        if (!known || message.arrived < known.arrived) all.set(key(message), message);
    }
    return [...all.values()].sort((a, b) => a.arrived - b.arrived);
}

export class Crash {
    constructor(seed) {
        this.dice = random(seed);
        this.wrong = [];
        this.texts = []; // all that was acknowledged, to be in the database in the end
        this.totals = { rounds: 0, promised: 0, chats: 0, commands: 0, settings: 0, 'killed while starting': 0, 'chats lost': 0, 'commands lost': 0 };
        this.oldest = { chats: 0, state: 0 }; // of what was lost though it was told, ms before the kill
    }

    async start() {
        this.server = await Server.start(SETTINGS);
        const make = (name) => guest(this.server, name);
        this.people = [];
        for (let index = 0; index < PARTIES * PEOPLE; index += 1) this.people.push(await make(`P${index}`));
        this.users = [];
        for (let index = 0; index < ASKERS; index += 1) this.users.push(await make(`A${index}`));
    }

    complain(where, sentences) {
        this.wrong.push(...sentences.map((one) => `round ${this.totals.rounds}, ${where}: ${one}`));
    }

    async round() {
        const { server, dice } = this;
        this.totals.rounds += 1;
        const number = this.totals.rounds;
        const ledger = new Ledger();
        const parties = [];
        for (let index = 0; index < PARTIES; index += 1) {
            parties.push(await meet(server, this.people.slice(index * PEOPLE, (index + 1) * PEOPLE), `round ${number} party ${index}`));
        }
        const askers = this.users.map((user, index) => new Asker(server, user, ledger, dice, `r${number}a${index}`));
        const asking = askers.map((asker) => asker.run());
        const quiet = parties.map((one) => makeNoise(one, dice));
        await sleep(dice() * LOAD_MS);
        const killed = performance.now();
        await server.kill();
        quiet.forEach((stop) => stop());
        await Promise.all(asking);
        await Promise.all(parties.flatMap(({ members }) => members.map(({ client }) => client.closed)));
        this.complain('refused', askers.filter(({ refused }) => refused).map(({ refused }) => refused));
        this.checkFile('as it was left');
        await this.startAgain();

        const savedAt = Math.max(...askers.map((asker) => asker.savedAt));
        this.complain('REST', await ledger.broken());
        for (const one of parties) await this.checkParty(one, { savedAt, killed });
        this.checkFile('in use again', this.server.database);
        this.totals.promised += ledger.acknowledged;
        this.texts.push(...askers.flatMap(({ names }) => names));
    }

    async startAgain() {
        if (this.dice() < TWICE) {
            const starting = this.server.start().catch(() => {});
            await sleep(this.dice() * START_MS);
            await this.server.kill();
            await starting;
            this.totals['killed while starting'] += 1;
        }
        await this.server.start();
    }

    // The files of a dead server are looked at as a copy: the server itself is to find them as they were left.
    checkFile(when, database = this.copyFiles()) {
        const answer = sql(database, 'PRAGMA integrity_check; PRAGMA foreign_key_check;');
        if (answer !== 'ok') this.complain(`the database ${when}`, [answer]);
    }

    copyFiles() {
        const folder = join(this.server.folder, 'copy');
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder);
        for (const ending of ['', '-wal']) {
            if (existsSync(this.server.database + ending)) copyFileSync(this.server.database + ending, join(folder, `x.db${ending}`));
        }
        return join(folder, 'x.db');
    }

    async checkParty({ members, code, title, id }, times) {
        const back = [];
        for (const member of members) back.push(await enter(this.server, member, code).catch((error) => this.complain(title, [`${member.name} cannot come back: ${error.message}`])));
        if (back.includes(undefined)) return;
        for (const { client } of back) await client.settle();
        const { entry } = back[0];
        const seated = entry.participants.map(({ user_id }) => user_id);
        const sure = members.filter((member) => member.entry.arrived < times.savedAt - GATHERED_MS);
        if (entry.session.id !== id || entry.session.host_user_id !== members[0].user_id) this.complain(title, ['it is another one']);
        this.complain(title, sure.filter(({ user_id }) => !seated.includes(user_id)).map(({ name }) => `${name} has no seat`));
        if (new Set(seated).size !== seated.length || seated.length > members.length) this.complain(title, ['seats that nobody took']);
        this.checkChat(members, back, title, times);
        this.checkState(members, entry, title, times);
        for (const { client } of back) client.socket.terminate();
    }

    checkChat(members, back, title, { savedAt, killed }) {
        const chats = told(members, 'chat', ({ id }) => id);
        const history = back.at(-1).client.received.filter(({ type, history: isOld }) => type === 'chat' && isOld);
        const has = new Set(history.map(({ id }) => id));
        const lost = chats.filter(({ id }) => !has.has(id));
        const doubled = history.length - new Set(history.map(({ message }) => message)).size;
        if (doubled > 0) this.complain(title, [`${doubled} chats are there twice`]);
        this.complain(title, lost.filter(({ arrived }) => arrived < savedAt).map(({ message }) => `lost: ${message}`));
        const known = new Map(chats.map((chat, index) => [chat.id, index]));
        const order = history.map(({ id }) => known.get(id)).filter((at) => at !== undefined);
        if (order.some((at, index) => index > 0 && chats[at].timestamp < chats[order[index - 1]].timestamp)) this.complain(title, ['chats are in another order']);
        this.texts.push(...history.map(({ message }) => message));
        this.totals.chats += chats.length;
        this.totals['chats lost'] += lost.length;
        this.oldest.chats = Math.max(this.oldest.chats, ...lost.map(({ arrived }) => killed - arrived));
    }

    checkState(members, entry, title, { savedAt, killed }) {
        const commands = told(members, 'command', ({ revision }) => revision);
        const isSaved = ({ arrived }) => arrived < savedAt - GATHERED_MS;
        const sure = commands.filter(isSaved).at(-1);
        if (sure && entry.revision < sure.revision) this.complain(title, [`revision ${entry.revision}, after ${sure.revision}`]);
        const last = commands.findLast(({ revision }) => revision <= entry.revision);
        if (last?.revision === entry.revision && !this.follows(entry, last)) this.complain(title, [`${JSON.stringify(entry)} after ${JSON.stringify(last)}`]);
        const lost = commands.filter(({ revision }) => revision > entry.revision);
        this.oldest.state = Math.max(this.oldest.state, ...lost.map(({ arrived }) => killed - arrived));
        const limits = told(members, 'session', ({ session }) => session.max_participants);
        const least = limits.filter(isSaved).at(-1)?.session.max_participants ?? 0;
        const found = entry.session.max_participants;
        if (found < least) this.complain(title, [`max_participants ${found}, after ${least}`]);
        const missed = limits.filter(({ session }) => session.max_participants > found && found >= 100);
        this.oldest.state = Math.max(this.oldest.state, ...missed.map(({ arrived }) => killed - arrived));
        this.totals.commands += commands.length;
        this.totals.settings += limits.length;
        this.totals['commands lost'] += lost.length;
    }

    // Whether the state is what became of this command.
    follows(state, last) {
        const isNear = Math.abs(state.position_ms - positionAt(last, state.server_time)) <= POSITION_MS;
        return isNear && (state.is_playing === last.is_playing || last.phase === 'waiting');
    }

    // In the end: nothing that was ever promised has got lost later, and nothing in the world is there twice.
    async finish() {
        const { database } = this.server;
        await this.server.stop();
        const columns = [['name', 'users'], ['title', 'syncplay_sessions'], ['message', 'syncplay_messages'], ['code', 'syncplay_sessions']];
        for (const [column, table] of columns) {
            const twice = sql(database, `SELECT ${column} FROM ${table} GROUP BY ${column} HAVING count(*) > 1;`);
            if (twice) this.complain('in the end, twice', twice.split('\n'));
        }
        const all = new Set(columns.map(([column, table]) => sql(database, `SELECT ${column} FROM ${table};`)).join('\n').split('\n'));
        this.complain('in the end, gone', this.texts.filter((text) => !all.has(text)));
        await this.server.start();
        await this.server.finish();
    }
}
