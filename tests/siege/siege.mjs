// The server under siege, printed: `make siege`, or a part of it: `make siege ARGS="crash --rounds 50 --seed 7"`.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const build = resolve(root, process.env.BUILD ?? 'build');
const races = join(build, 'siege');
// Each part is a process of its own: they want different servers.
const PARTS = {
    crash: {},
    attack: {},
    rubbish: { SYNCPLAY_SERVER: join(build, 'asan/syncplay-server') },
    storm: { SYNCPLAY_SERVER: join(build, 'tsan/syncplay-server'), TSAN_OPTIONS: `halt_on_error=0 exitcode=66 log_path=${races}/race` },
};
const { values, positionals } = parseArgs({ allowPositionals: true, options: {
    rounds: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    report: { type: 'string' },
} });

if (values.report) {
    const { report } = await import(`./${values.report}_report.mjs`);
    const numbers = Object.entries(values).map(([key, value]) => [key, Number(value)]);
    process.exit((await report(Object.fromEntries(numbers))) ? 0 : 1);
}

rmSync(races, { recursive: true, force: true });
mkdirSync(races, { recursive: true });
for (const part of positionals.length ? positionals : Object.keys(PARTS)) {
    if (!PARTS[part]) throw new Error(`there is no part ${part}, but ${Object.keys(PARTS)}`);
    console.log(`\n--- ${part}`);
    const options = Object.entries(values).flatMap(([key, value]) => [`--${key}`, value]);
    const env = { ...process.env, ...PARTS[part] };
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--report', part, ...options], { env, stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
}
