// A short storm (see storm.mjs), of this server and, with the races, of one under the thread sanitizer.

import { strict as assert } from 'node:assert';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { Storm } from './storm.mjs';

test('a storm is outlived', async (t) => {
    const seed = randomInt(1, 1000000);
    const storm = await new Storm({ seed, seconds: 2, people: 60 }).run();
    t.diagnostic(`seed ${seed}: ${JSON.stringify(storm.counts)}`);
    assert.equal(storm.isHealthy, true);
    assert.deepEqual([storm.ending.code, storm.ending.signal], [0, null], storm.server.log.slice(-3000));
    assert.doesNotMatch(storm.server.log, / error /);
    assert.ok(storm.counts.said > 100 && storm.counts.reloads > 2);
});
