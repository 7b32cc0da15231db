// A storm over a server under the thread sanitizer, and what it and the sanitizer have said.

import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Storm } from './storm.mjs';

export async function report({ seconds, seed }) {
    const storm = await new Storm({ seed, seconds }).run();
    for (const [what, count] of Object.entries(storm.counts)) console.log(`${what.padEnd(44)}${String(count).padStart(9)}`);
    const path = /log_path=(\S+)/.exec(process.env.TSAN_OPTIONS ?? '')?.[1];
    const name = path && `${basename(path)}.${storm.server.child.pid}`;
    const races = path ? readdirSync(dirname(path)).filter((file) => file === name) : [];
    for (const file of races) console.log(readFileSync(`${dirname(path)}/${file}`, 'utf8'));
    const errors = storm.server.log.split('\n').filter((line) => / error /.test(line));
    for (const line of errors) console.log(`LOG: ${line}`);
    const { code, signal } = storm.ending;
    console.log(`the server was ${storm.isHealthy ? 'well' : 'ill'} at its end, which was ${code ?? signal}; reports of races: ${path ? races.length : 'nobody looked'}`);
    return storm.isHealthy && code === 0 && races.length === 0 && errors.length === 0;
}
