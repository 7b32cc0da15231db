// The discs that stand for people: one of the colours that there are, the same one for the same person.

import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { hueOf } = await load('avatar.js');

test('every id has one of eight colours, and all are used', () => {
    const hues = Array.from({ length: 500 }, () => hueOf(randomUUID()));
    assert.deepEqual([...new Set(hues)].sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.equal(hueOf('Ana'), hueOf('Ana'));
});
