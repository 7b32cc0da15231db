// Rubbish for so many seconds, and what was answered.

import { Rubbish } from './rubbish.mjs';

export async function report({ seconds, seed }) {
    const rubbish = new Rubbish({ seed });
    const until = performance.now() + 1000 * seconds;
    const isWell = await rubbish.run(() => performance.now() > until);
    console.log(`${rubbish.sent} connections with rubbish, seed ${seed}; answers by status: ${JSON.stringify(rubbish.answers)}`);
    for (const line of rubbish.troubles) console.log(`LOG: ${line}`);
    console.log(`the server was ${isWell ? 'well' : 'ill'} at its end`);
    return isWell;
}
