// The evening of transcript.c from Node.js, through an addon of plain C: node_addon.c, whose first lines say how it is
// built.
//
//     node transcript.mjs

import { createRequire } from 'node:module';

const addon = createRequire(import.meta.url)('./syncplay.node');

const SECOND = 1_000_000;
const [ANA, BEN] = [1, 2];
const STORY = [ // seconds that pass before it is said, the connection, the message
    [0, ANA, (code) => ({ type: 'join', session_code: code })],
    [1, BEN, (code) => ({ type: 'join', session_code: code })],
    [1, ANA, () => ({ type: 'ready', buffered_ms: 5000 })],
    [0, BEN, () => ({ type: 'ready', buffered_ms: 5000 })],
    [1, ANA, () => ({ type: 'play' })],
    [60, BEN, () => ({ type: 'seek', position_ms: 600000 })],
    [15, BEN, () => ({ type: 'chat', message: 'Schön! ❤' })],
    [1, BEN, () => ({ type: 'leave' })],
];

// A hub whose time is told to it. In a real host `now` is Number(process.hrtime.bigint() / 1000n), and after each call
// a timer is set to the deadline, to tick then.
class Hub {
    constructor(now, unixTime, deliver, entropy) {
        this.now = now;
        this.hub = addon.newHub(now, unixTime, deliver, entropy); // freed when nobody holds it any more
    }

    create(host, film) {
        return addon.create(this.hub, this.now, host.id, host.name, film.type, film.id, film.title);
    }

    connect(connection, user) { addon.connect(this.hub, this.now, connection, user.id, user.name); }

    receive(connection, message) { addon.receive(this.hub, this.now, connection, JSON.stringify(message)); }

    wait(duration) {
        const until = this.now + duration;
        for (let deadline; (deadline = addon.deadline(this.hub)) <= until;) {
            this.now = Math.max(this.now, deadline);
            addon.tick(this.hub, this.now);
        }
        this.now = until;
    }

    save(session) { return addon.save(this.hub, this.now, session); }
}

const lines = [];
const deliver = (connections, message) => lines.push(...connections.map((to) => `to ${to}: ${message}`));

// For a transcript only: a real host leaves this callback out.
let nextByte = 0;
const countUp = (length) => Uint8Array.from({ length }, () => nextByte++);

const id = (number) => `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;
const ana = { id: id(1), name: 'Ana' };
const ben = { id: id(2), name: 'Ben' };

const hub = new Hub(10 * SECOND, 1_795_000_000 * SECOND, deliver, countUp);
const session = hub.create(ana, { type: 'movie', id: id(7), title: 'Big Buck Bunny' });
hub.connect(ANA, ana);
hub.connect(BEN, ben);
for (const [seconds, connection, message] of STORY) {
    hub.wait(seconds * SECOND);
    hub.receive(connection, message(session.code));
}
const saved = hub.save(session.id);
lines.push(`saved, ${Buffer.byteLength(saved)} bytes: ${saved}`);
console.log(lines.join('\n'));
