// Each attack, and what others noticed of it, as a table.

import { ATTACKS } from './attacks.mjs';
import { Victims } from './victims.mjs';

const SECONDS = { 'WebSockets that say nothing': 15 };

const ms = (time) => (Number.isFinite(time) ? time.toFixed(1) : 'refused').padStart(9);

export async function report({ connections }) {
    const victims = new Victims();
    await victims.start();
    console.log('a party of 10, 20 commands a second; ms until all have one: before, during and after; p99 of its requests; memory, MB');
    console.log(`${''.padEnd(36)}${['p50', 'p99', '| p50', 'p99', 'longest', '| p50', 'p99', '| asking', 'before', '| MB', 'then'].map((head) => head.padStart(9)).join('')}  opened, left, ends`);
    for (const name of Object.keys(ATTACKS)) {
        const { before, during, after } = await victims.suffer(name, { ms: 1000 * (SECONDS[name] ?? 5), connections, persists: true }, 2000);
        const { opened, left, ends } = during.result;
        const times = [before.p50, before.p99, during.p50, during.p99, during.most, after.p50, after.p99, during.rest, before.rest, ...during.memory];
        console.log(`${name.padEnd(36)}${times.map(ms).join('')}  ${opened}, ${left}, ${JSON.stringify(ends)}`);
    }
    const isWell = victims.areAllThere && (await victims.server.isHealthy());
    console.log(`the party was ${victims.areAllThere ? 'there' : 'torn'} to the end; errors in the log: ${victims.server.log.match(/ error .*/g) ?? 'none'}`);
    await victims.finish();
    return isWell;
}
