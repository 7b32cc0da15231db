// One direction of a network path, as TCP shows it to a program: when bytes that are sent now arrive. Pure: a seed and
// times in, times out.
//
// Nothing overtakes anything, so a late segment holds up what follows it. A lost segment is sent again: after a round trip
// if enough follows it to notice (three segments), else after the timeout of the sender, which is 200 ms at least.
// What was sent meanwhile waits, but its own losses are noticed meanwhile, too.

import { random } from './random.mjs';

export const SEGMENT = 1448;
const RTO_LEAST_MS = 200;
const FAST_SEGMENTS = 3;
const TAIL_SHAPE = 1.8;
const TAIL_MOST = 20;

export const CLEAN = { delay: 0, jitter: 0, loss: 0, shape: 'uniform' };

// what: delay and jitter in ms, loss as a share of the segments, shape 'uniform' (delay +- jitter) or 'heavy' (delay + a
// Pareto tail whose median is the jitter); back: the delay of the other direction.
export function path(seed, what, back = what.delay) {
    const { delay, jitter, loss, shape } = { ...CLEAN, ...what };
    const draw = random(seed);
    let last = -Infinity;

    function spread() {
        if (jitter === 0) return 0;
        if (shape === 'uniform') return (2 * draw() - 1) * jitter;
        const tail = (1 - draw()) ** (-1 / TAIL_SHAPE) - 1;
        return (jitter * Math.min(tail, TAIL_MOST)) / (2 ** (1 / TAIL_SHAPE) - 1);
    }

    // When the segment arrives that `following` others follow at once.
    function segment(now, following) {
        const jittered = Math.max(0, delay + spread());
        let arrival = now + jittered;
        const again = delay + back;
        let wait = following >= FAST_SEGMENTS ? again + 1 : Math.max(RTO_LEAST_MS, again + 4 * jitter);
        while (loss > 0 && draw() < loss) {
            arrival += wait;
            wait = Math.max(RTO_LEAST_MS, 2 * wait);
        }
        last = Math.max(last, arrival);
        return last;
    }

    // When `length` bytes that are sent at `now` arrive: [[bytes, at], ...], in order.
    return {
        send(now, length) {
            const parts = [];
            for (let left = length; left > 0; left -= SEGMENT) {
                const bytes = Math.min(left, SEGMENT);
                const at = segment(now, Math.ceil(left / SEGMENT) - 1);
                const before = parts.at(-1);
                if (before?.[1] === at) before[0] += bytes;
                else parts.push([bytes, at]);
            }
            return parts;
        },
    };
}
