// Kills under load, and what came of them, as a table.

import { Crash } from './crash.mjs';

const SHOWN = 20;

export async function report({ rounds, seed }) {
    const crash = new Crash(seed);
    const began = performance.now();
    await crash.start();
    for (let round = 1; round <= rounds; round += 1) {
        await crash.round();
        if (round % SHOWN === 0) console.log(`${String(round).padStart(5)} kills, ${crash.wrong.length} promises broken, ${((performance.now() - began) / 1000).toFixed(0)} s`);
    }
    await crash.finish();
    for (const [what, count] of Object.entries(crash.totals)) console.log(`${what.padEnd(44)}${String(count).padStart(9)}`);
    console.log(`${'oldest chat lost, told before the kill'.padEnd(44)}${crash.oldest.chats.toFixed(0).padStart(9)} ms`);
    console.log(`${'oldest command or setting lost, the same'.padEnd(44)}${crash.oldest.state.toFixed(0).padStart(9)} ms`);
    for (const one of crash.wrong) console.log(`BROKEN: ${one}`);
    console.log(crash.wrong.length === 0 ? 'all that was acknowledged is there, once' : `${crash.wrong.length} promises were broken`);
    return crash.wrong.length === 0;
}
