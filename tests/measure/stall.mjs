// One member's film does not come for three seconds, then one member's connection is dead for three seconds: what the
// others lose by it, and how long it is until all are together again.

import { apart, positionAt, seriesOf } from './analysis.mjs';
import { now } from './window.mjs';
import { sleep } from './evening.mjs';

const STALL_MS = 3000;
const EMPTY_MS = 60000;
const BEFORE_SECONDS = 10;
const AFTER_MS = 15000;
const TOGETHER_MS = 40;
const GAP_MS = 5000;

const isStarved = ({ member }) => member.page.evaluate(() => document.getElementById('film').readyState < 3);

async function untilStarved(window) {
    const deadline = now() + EMPTY_MS;
    while (!(await isStarved(window))) {
        if (now() > deadline) throw new Error('the film never ran dry');
        await sleep(20);
    }
}

// What each lost between two instants: the time that went by less the film that was seen.
function losses(logs, from, to) {
    return logs.map((log) => {
        const claim = log.claims.map(([at, seconds]) => [at, seconds * 1000]);
        const lost = to - from - (positionAt(claim, to, GAP_MS) - positionAt(claim, from, GAP_MS));
        const count = (what) => log.events.filter(([at, name]) => at > from && at < to && name === what).length;
        return { name: log.name, lost, pauses: count('pause'), seeks: count('seeking') };
    });
}

function togetherAfter(logs, over, end) {
    const all = logs.map((log) => seriesOf(log).claim);
    const far = apart(all, over, end, 250, 50).filter(([, difference]) => difference > TOGETHER_MS);
    return far.length === 0 ? 0 : far.at(-1)[0] + 50 - over;
}

export async function runStall(evening, house) {
    const { players } = evening;
    const victim = players.length - 1;
    const kept = [];
    await evening.play(BEFORE_SECONDS);
    for (const [what, relay, wait] of [
        [`${players[victim].name}'s film stops for 3 s`, house.opened.mediaRelays[victim], () => untilStarved(players[victim])],
        [`${players[victim].name}'s connection is dead for 3 s`, house.opened.relays[victim], async () => {}],
    ]) {
        relay.hold();
        try {
            await wait();
            const from = now() - 500;
            await sleep(STALL_MS);
            relay.release();
            const over = now();
            await sleep(AFTER_MS);
            kept.push({ what, from, over, end: now() - 300 });
        } finally {
            relay.release();
        }
    }
    await evening.pause();
    // Taken by the caller once more: what is taken here is put back.
    const logs = await Promise.all(players.map((one) => one.take()));
    players.forEach((one, index) => {
        const { take } = one;
        one.take = async () => {
            const rest = await take.call(one);
            for (const key of ['claims', 'frames', 'clicks', 'events']) rest[key] = [...logs[index][key], ...rest[key]];
            return rest;
        };
    });
    return kept.map(({ what, from, over, end }) => ({ what, who: losses(logs, from, end), together: togetherAfter(logs, over, end) }));
}
