// The rows of the table: who sits at which network, and what is asked of them.

const LINE = { delay: 100, jitter: 30, loss: 0.01, shape: 'uniform' };
const still = (delay) => ({ delay, jitter: 0, loss: 0, shape: 'uniform' });
const both = (way) => ({ up: way, down: way });
const NONE = both(still(0));

// players: who is there, each with a network of their own. goal: p95 and p99 of how far any two are apart once settled, ms.
export const SCENARIOS = [
    {
        key: 'chromium-clean', title: '4 Chromium, loopback', goal: { p95: 5, p99: 10 },
        players: Array(4).fill({ kind: 'chromium', net: NONE }),
    },
    {
        key: 'chromium-lossy', title: '4 Chromium, 100 ms +-30, 1 % loss', goal: { p95: 10 },
        players: Array(4).fill({ kind: 'chromium', net: both(LINE) }),
    },
    {
        key: 'mpv-0', title: '2 mpv, loopback', goal: { p95: 10 }, peers: 'mpv-0',
        players: Array(2).fill({ kind: 'mpv', net: NONE }),
    },
    {
        key: 'mpv-100', title: '2 mpv, 100 ms one way', goal: { p95: 10 }, peers: 'mpv-100',
        players: Array(2).fill({ kind: 'mpv', net: both(still(100)) }),
    },
    {
        key: 'mpv-300', title: '2 mpv, 300 ms one way', goal: { p95: 10 }, peers: 'mpv-300',
        players: Array(2).fill({ kind: 'mpv', net: both(still(300)) }),
    },
    {
        key: 'mixed', title: '2 Chromium and mpv, loopback', goal: { p95: 10 },
        players: [{ kind: 'chromium', net: NONE }, { kind: 'chromium', net: NONE }, { kind: 'mpv', net: NONE }],
    },
    {
        key: 'chromium-far', title: '2 Chromium, one at 100 ms +-30, 1 % loss',
        players: [{ kind: 'chromium', net: NONE }, { kind: 'chromium', net: both(LINE) }],
    },
    {
        key: 'chromium-skewed', title: '2 Chromium, one at 120 ms up and 80 ms down',
        floor: 20,
        players: [{ kind: 'chromium', net: NONE }, { kind: 'chromium', net: { up: still(120), down: still(80) } }],
    },
    {
        key: 'stall', title: '3 Chromium, one stalls 3 s', stall: { rate: 14 }, // bytes a millisecond; the film has 9
        players: Array(3).fill({ kind: 'chromium', net: NONE }),
    },
];

// Two mpv with Syncplay 1.7 over the same delays, measured by us (p50 in ms): standing error while playing, and from
// the pause of the one to the pause of the other.
export const PEERS = {
    'mpv-0': { standing: 120, pause: 200 },
    'mpv-100': { standing: 180, pause: 320 },
    'mpv-300': { standing: 380, pause: 524 },
};
