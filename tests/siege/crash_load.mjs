// Parties under load, until the server is gone: people who talk and press buttons by WebSocket, and others who ask for things
// by REST. All that was asked for by REST is written into a ledger; what was told by WebSocket, the clients keep.

import { randomUUID } from 'node:crypto';
import { Client } from '../server/client.mjs';
import { settle } from '../server/gather.mjs';
import { FILM, guest, party } from '../server/rest.mjs';

const TALK_MS = 30;
// Of a party's messages, each so-many-th is followed by a press of a button or a change of the settings.
const PRESS_EVERY = 4;
// Limits of seats that the settings count up through: to be told apart, and never reached.
const LEAST_SEATS = 100;

// As a player does: tells readiness whenever the party waits for it.
function watchAlong(client) {
    client.socket.on('message', (data) => {
        const message = JSON.parse(data);
        if (message.type === 'command' && message.phase === 'waiting') {
            client.send({ type: 'ready', buffered_ms: 5000, revision: message.revision });
        }
    });
    client.send({ type: 'ready', buffered_ms: 5000 });
}

export async function enter(server, user, code) {
    const client = await Client.open(server, { token: user.token });
    const entry = await client.join(code);
    watchAlong(client);
    return { ...user, client, entry };
}

// One party of these users, all of them there.
export async function meet(server, users, title) {
    const session = await party(users[0], { title });
    const members = [];
    for (const user of users) members.push(await enter(server, user, session.code));
    await settle(members);
    return { ...session, title, members, seats: LEAST_SEATS };
}

function randomCommand(dice) {
    const commands = [{ type: 'play' }, { type: 'play' }, { type: 'pause' }, { type: 'seek', position_ms: Math.floor(7200000 * dice()) }, { type: 'speed', playback_speed: 1.25 }];
    return commands[Math.floor(commands.length * dice())];
}

// Everyone of the party talks, presses buttons and changes settings until told to stop. Each text is said once in the world.
export function makeNoise(party, dice) {
    const timers = party.members.map(({ client, name }, index) => {
        let count = 0;
        return setInterval(() => {
            if (client.socket.readyState !== client.socket.OPEN) return;
            client.send({ type: 'chat', message: `${party.title}, ${name}: ${(count += 1)}`, id: randomUUID() });
            if (count % PRESS_EVERY === index) client.send(randomCommand(dice));
            if (index === 0 && count % PRESS_EVERY === 1) client.send({ type: 'settings', max_participants: (party.seats += 1) });
        }, TALK_MS + index).unref(); // a test that fails leaves it running
    });
    return () => timers.forEach(clearInterval);
}

// One who asks for things by REST, one after the other, until the server is gone; `name` begins all the names.
export class Asker {
    constructor(server, user, ledger, dice, name) {
        Object.assign(this, { server, user, ledger, dice, name, count: 0, made: [], names: [], savedAt: 0 });
    }

    // The answer's body; what is asked for is promised with it.
    async ask(thing, outcome, method, path, { body, by = this.user, look } = {}) {
        this.ledger.ask(thing, outcome, look);
        const answer = await by.rest.request(method, `/api/v1${path}`, { body });
        if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
        this.ledger.promise(thing);
        return answer.body;
    }

    async makeSession() {
        const title = `${this.name}, session ${(this.count += 1)}`;
        const asked = performance.now();
        const session = await this.ask(title, 'going on', 'POST', '/syncplay/sessions', { body: { ...FILM, visibility: 'public', title } });
        // When this is on disk, so is all that was told before it was asked for.
        this.savedAt = asked;
        const look = async () => ({ 200: 'going on', 410: 'over' })[(await this.user.rest.session(session.code)).status];
        this.ledger.things.get(title).look = look;
        this.made.push({ ...session, title });
        this.names.push(title);
    }

    async endSession() {
        const { code, title } = this.made.shift() ?? {};
        if (!code) return;
        for (const thing of this.ledger.things.keys()) if (thing.endsWith(`of ${title}`)) this.ledger.ask(thing, 'over');
        await this.ask(title, 'over', 'DELETE', `/syncplay/sessions/${code}`);
    }

    async newGuest() {
        const name = `${this.name}, guest ${(this.count += 1)}`.slice(-32);
        this.ledger.ask(name, 'here');
        const made = await guest(this.server, name);
        this.ledger.promise(name, async () => ((await made.rest.request('GET', '/api/v1/users/me')).body.name === name ? 'here' : 'unknown'));
        this.names.push(name);
        this.guest = made;
        this.isSeated = false;
    }

    // The newest guest comes into one's own newest session, or goes again.
    async seatGuest() {
        const session = this.made.at(-1);
        if (!this.guest || !session) return;
        if (this.isSeated !== session.code) this.isSeated = false;
        const { user_id: id } = this.guest;
        const look = async () => {
            const { status, body } = await this.user.rest.participants(session.code);
            if (status === 410) return 'over';
            return body.participants?.filter((one) => one.user_id === id).length === 1 ? 'in' : 'out';
        };
        const way = this.isSeated ? 'leave' : 'join';
        await this.ask(`a seat for ${this.guest.name} of ${session.title}`, this.isSeated ? 'out' : 'in', 'POST',
            `/syncplay/sessions/${session.code}/${way}`, { by: this.guest, look });
        this.isSeated = this.isSeated ? false : session.code;
    }

    async invite() {
        const session = this.made.at(-1);
        if (!session) return;
        const thing = `an invitation ${(this.count += 1)} of ${session.title}`;
        const { id } = await this.ask(thing, 'valid', 'POST', `/syncplay/sessions/${session.code}/invitations`, { body: { role: 'controller' } });
        this.ledger.things.get(thing).look = async () => {
            const { status, body } = await this.user.rest.of(session.code, 'GET', '/invitations');
            if (status === 410) return 'over';
            return body.invitations?.filter((one) => one.id === id).length === 1 ? 'valid' : 'gone';
        };
    }

    async befriend() {
        if (!this.guest) return;
        const { user_id: id, name } = this.guest;
        const look = async () => (await this.user.rest.request('GET', `/api/v1/syncplay/friends/${id}`)).body.status;
        await this.ask(`friendship with ${name}`, 'requested', 'PUT', `/syncplay/friends/${id}`, { look });
    }

    async changeSettings() {
        const session = this.made.at(-1);
        if (!session) return;
        session.seats = (session.seats ?? LEAST_SEATS) + 1;
        const look = async () => {
            const { status, body } = await this.user.rest.session(session.code);
            return status === 410 ? 'over' : body.max_participants;
        };
        await this.ask(`seats of ${session.title}`, session.seats, 'PATCH', `/syncplay/sessions/${session.code}`, { body: { max_participants: session.seats }, look });
    }

    // Until the server is gone. What is refused, not just cut off, is a failure.
    async run() {
        const deeds = ['makeSession', 'makeSession', 'newGuest', 'newGuest', 'seatGuest', 'seatGuest', 'invite', 'befriend', 'changeSettings', 'changeSettings', 'endSession'];
        for (;;) {
            try {
                await this[deeds[Math.floor(deeds.length * this.dice())]]();
            } catch (error) {
                if (!(error instanceof TypeError)) this.refused = error.message; // fetch's own, of a connection, is a TypeError
                return;
            }
        }
    }
}
