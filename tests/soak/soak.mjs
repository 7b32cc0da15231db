// A day in fast motion, printed: `make soak`, or `make soak ARGS="--seconds 600 --parties 500 --seed 7"`.

import { parseArgs } from 'node:util';
import { Day, grown } from './day.mjs';

const { values } = parseArgs({ options: {
    seconds: { type: 'string', default: '240' },
    parties: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
} });
const [seconds, parties, seed] = ['seconds', 'parties', 'seed'].map((key) => Number(values[key]));

const COLUMNS = { hour: 8, 'memory, MB': 12, descriptors: 13, threads: 9, 'database, KB': 14, parties: 9 };
const line = (cells) => console.log(Object.entries(COLUMNS).map(([name, width]) => String(cells[name]).padStart(width)).join(''));
const shown = (value) => (typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(1) : value);

console.log(`24 hours in ${seconds} s, ${parties} parties, seed ${seed}; an evening to warm up before`);
line(Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, name])));
const day = new Day({ seconds, parties, seed });
const result = await day.run((seen) => line(Object.fromEntries(Object.entries(seen).map(([key, value]) => [key, shown(value)]))));
console.log(JSON.stringify(result.counts));
const log = result.log.split('\n').filter((one) => / (warn|error) /.test(one));
console.log(`warnings and errors in the log: ${log.length}`);
for (const one of new Set(log.map((text) => text.slice(25)))) console.log(`    ${one}`);
const more = grown(result);
for (const one of more) console.log(`GROWN: ${one}`);
console.log(more.length === 0 ? 'after it the server holds what it held before' : 'it has grown');
process.exitCode = more.length === 0 ? 0 : 1;
