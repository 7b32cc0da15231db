// Some rubbish (rubbish.mjs) for a server under the address sanitizer.

import { strict as assert } from 'node:assert';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';

process.env.SYNCPLAY_SERVER ??= join(process.env.BUILD ?? 'build', 'asan/syncplay-server');
const { Rubbish } = await import('./rubbish.mjs');

test('rubbish harms nobody', async (t) => {
    const seed = randomInt(1, 1000000);
    const rubbish = new Rubbish({ seed });
    const isWell = await rubbish.run(({ sent }) => sent >= 4000);
    t.diagnostic(`seed ${seed}: ${JSON.stringify(rubbish.answers)}`);
    assert.ok(isWell, `seed ${seed}: ${rubbish.troubles.join('\n')} ${JSON.stringify(rubbish.answers)}`);
    assert.ok(rubbish.answers[200] > 50 && rubbish.answers[400] > 50 && rubbish.answers[101] > 2);
});
