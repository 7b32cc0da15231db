// Attacks on a small scale: the party that lives beside them loses nothing and nobody. See attacks.mjs.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { LIMIT_MS } from '../server/server.mjs';
import { Victims } from './victims.mjs';

let victims;
before(async () => {
    victims = new Victims();
    await victims.start();
});
after(() => victims.finish());

// How the attackers' connections end: with these alone.
const ATTACKS = {
    'messages beyond the rate': [],
    pings: ['1008'],
    'empty fragments': ['1008'],
    'messages that are too long': ['1009'],
    'bad UTF-8': ['1007'],
    'joins by made-up codes': ['1008'],
    'readers that stall': [],
    'WebSockets that say nothing': [],
};

for (const [name, ends] of Object.entries(ATTACKS)) {
    test(`attacked by ${name}`, async (t) => {
        // Attackers who are thrown out are waited for; the others stop by themselves.
        const ms = ends.length > 0 ? LIMIT_MS : 600;
        const { commands, p99, result } = await victims.during(victims.attack(name, { ms, scale: 0.4, connections: 300 }));
        t.diagnostic(`${commands} commands, p99 ${p99.toFixed(1)} ms; ${JSON.stringify(result)}`);
        assert.ok(commands > 0 && result.opened > 5);
        assert.deepEqual(Object.keys(result.ends).filter((end) => end !== 'dropped'), ends);
        assert.ok(victims.areAllThere);
        assert.ok(await victims.server.isHealthy());
    });
}
