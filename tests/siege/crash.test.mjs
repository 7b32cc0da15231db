// Some kills under load, of the many that `make siege` makes; see crash.mjs for what has to hold.

import { strict as assert } from 'node:assert';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { Crash } from './crash.mjs';

const ROUNDS = 6;

test(`killed ${ROUNDS} times under load: nothing that was acknowledged is lost or doubled`, async (t) => {
    const seed = randomInt(1, 1000000);
    const crash = new Crash(seed);
    await crash.start();
    for (let round = 0; round < ROUNDS; round += 1) await crash.round();
    await crash.finish();
    t.diagnostic(`seed ${seed}: ${JSON.stringify(crash.totals)}`);
    assert.deepEqual(crash.wrong, []);
    assert.ok(crash.totals.promised > 3 * ROUNDS && crash.totals.chats > 10 * ROUNDS, 'there was something to lose');
});
