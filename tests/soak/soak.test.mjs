// A short day in fast motion (see day.mjs): the server holds no more after it than before.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Day, grown } from './day.mjs';

test('a day of evenings, with restarts, leaves nothing behind', async () => {
    const day = new Day({ seconds: 6, parties: 24, seed: 5 });
    const result = await day.run();
    assert.equal(result.counts.restarts, 4);
    assert.ok(result.counts.parties >= 24 && result.counts.heard > 300, JSON.stringify(result.counts));
    // Memory is the business of longer days: a young process still grows into its pools.
    assert.deepEqual(grown(result).filter((one) => !one.startsWith('memory')), []);
    assert.doesNotMatch(result.log, / error /);
});
