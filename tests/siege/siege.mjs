// The server under siege, printed: `make siege`, or a part of it: `make siege ARGS="crash --rounds 50 --seed 7"`.

import { parseArgs } from 'node:util';

const PARTS = ['crash'];
const { values, positionals } = parseArgs({ allowPositionals: true, options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
} });
const options = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Number(value)]));

for (const part of positionals.length ? positionals : PARTS) {
    if (!PARTS.includes(part)) throw new Error(`there is no part ${part}, but ${PARTS}`);
    const { report } = await import(`./${part}_report.mjs`);
    console.log(`\n--- ${part}`);
    if (!(await report(options))) process.exitCode = 1;
}
