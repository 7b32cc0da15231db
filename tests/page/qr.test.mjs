// QR codes: that what is drawn is one; what it says is the library's business.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { qrCode } = await load('qr.js');

const EYE = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];
const eyeAt = (code, row, column) => EYE.map((_, y) => EYE.map((__, x) => (code[row + y][column + x] ? '#' : '.')).join(''));

test('a link as a code: square, an eye in each corner but one, and no larger than it has to be', async () => {
    const code = await qrCode('https://watch.example/join/K7MPX2QD');
    const { length } = code;
    assert.equal(length, 29, 'version 3 holds 42 bytes');
    assert.ok(code.every((row) => row.length === length && row.every((one) => typeof one === 'boolean')));
    for (const [row, column] of [[0, 0], [0, length - 7], [length - 7, 0]]) assert.deepEqual(eyeAt(code, row, column), EYE);
    assert.notDeepEqual(eyeAt(code, length - 7, length - 7), EYE);
    assert.notDeepEqual(code, await qrCode('https://watch.example/join/K7MPX2QE'));
});
