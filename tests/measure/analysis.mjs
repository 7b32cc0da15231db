// What the logs of several players, all on one clock, say about how far apart they were. Pure: logs in, figures out.
//
// A log is { name, kind, claims, frames, clicks, events } as recorder.mjs describes them. It holds up to three witnesses:
// what the player claims (fine, but it may not know what it sounds like), the frames on the screen (true, in steps of the
// screen), and the clicks that were heard (true and fine, but for a constant).

import { median, percentile, summary } from './numbers.mjs';

const GRID_MS = 100;
const SETTLED_MS = 5000;
const START_MS = 300;
const LATER_MS = 3000;
const LATER_WIDTH_MS = 250;
const CLICK_MS = 500;
const END_MS = 200;
// Less than this makes up for the crystal of a sound card and is no nudge.
const NUDGE = 0.0005;
const STOP_MS = 3000;
// Between two looks that are further apart nothing is known.
export const GAP_MS = { claim: 250, frame: 250, sound: 1100 };
export const WITNESSES = ['claim', 'frame', 'sound'];

const PLAYING = 0;
const SEEKING = 2;

// A series is [[at, position], ...], both in ms; the place of the first entry that is later than `at`.
function after(series, at) {
    let low = 0;
    let high = series.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (series[middle][0] <= at) low = middle + 1;
        else high = middle;
    }
    return low;
}

// Where the series is at an instant, on the line between its neighbours; NaN where there are none close by.
export function positionAt(series, at, gap) {
    const place = after(series, at);
    if (place === 0 || place === series.length) return NaN;
    const [from, first] = series[place - 1];
    const [to, second] = series[place];
    if (to - from > gap) return NaN;
    return first + ((second - first) * (at - from)) / (to - from);
}

// How much later than the claim says a window's clicks come is the same for the whole life of the window to 0.1 ms, but
// another for each (how its sound is caught is buffered by up to 10 ms, which nobody hears). So that constant is taken out.
function heard(clicks, playing) {
    const found = [];
    for (const [at] of clicks) {
        const claimed = positionAt(playing, at, GAP_MS.claim);
        if (Number.isFinite(claimed)) found.push([at, Math.round(claimed / CLICK_MS) * CLICK_MS, claimed]);
    }
    const constant = median(found.map(([, position, claimed]) => claimed - position));
    return found.map(([at, position]) => [at, position + constant]);
}

// The three series of a log.
export function seriesOf(log) {
    const claim = log.claims.filter(([, , , state]) => state !== SEEKING).map(([at, seconds]) => [at, seconds * 1000]);
    const playing = log.claims.filter(([, , , state]) => state === PLAYING).map(([at, seconds]) => [at, seconds * 1000]);
    const frame = log.frames.map(([at, seconds]) => [at, seconds * 1000]).sort((a, b) => a[0] - b[0]);
    return { claim, frame, sound: heard(log.clicks, playing) };
}

const pairsOf = (list) => list.flatMap((one, index) => list.slice(index + 1).map((other) => [one, other]));

// How far apart each two of the series are, at every tick between two instants: [[at, |difference|, difference, pair]].
export function apart(all, from, to, gap, tick = GRID_MS) {
    const found = [];
    pairsOf(all).forEach(([one, other], pair) => {
        for (let at = Math.ceil(from / tick) * tick; at <= to; at += tick) {
            const difference = positionAt(one, at, gap) - positionAt(other, at, gap);
            if (Number.isFinite(difference)) found.push([at, Math.abs(difference), difference, pair]);
        }
    });
    return found;
}

const within = (list, { from, to }) => list.filter(([at]) => at >= from && at <= to);

// What the page did to its player during a stretch.
function doings(log, stretch) {
    const settled = { from: stretch.from + START_MS, to: stretch.to };
    const events = within(log.events, settled);
    const count = (what) => events.filter(([, name]) => name === what).length;
    const claims = within(log.claims, settled).filter(([, , , state]) => state === PLAYING);
    const beside = (least) => claims.filter(([, , rate]) => Math.abs(rate / (stretch.speed ?? 1) - 1) > least).length;
    const frames = within(log.frames, settled);
    let hidden = 0;
    for (let index = 1; index < frames.length; index += 1) {
        const step = frames[index][2] - frames[index - 1][2];
        if (step > 1 && step < 10 && frames[index - 1][2] >= 0) hidden += step - 1;
    }
    return {
        rates: count('set playbackRate'), seeks: count('seeking'), stalls: count('waiting'), nudged: beside(NUDGE), other: beside(1e-6), looks: claims.length,
        frames: frames.length, hidden,
    };
}

// How long it is from the first player that stops to the last one, at the end of each stretch that the party ended.
function stops(logs, stretches) {
    const found = [];
    for (const { to } of stretches) {
        const all = logs.map((log) => log.events.find(([at, name]) => name === 'pause' && at > to - STOP_MS / 10 && at < to + STOP_MS)?.[0]);
        if (all.length > 1 && all.every(Number.isFinite)) found.push(Math.max(...all) - Math.min(...all));
    }
    return summary(found);
}

// Frames whose number in the pixels is not that of the time the browser names; -1 in the pixels is no reading at all.
export function pixelsAgainstTime(logs, fps) {
    const seen = { read: 0, unread: 0, other: 0 };
    for (const log of logs) {
        for (const [, seconds, number] of log.frames) {
            if (number < 0) seen.unread += 1;
            else seen.read += 1;
            if (number >= 0 && Math.round(seconds * fps) !== number) seen.other += 1;
        }
    }
    return seen;
}

// How far the sound is from what the player claims at the same time, ms, and how much that changes: for each stretch the
// median, and how far single clicks stray from it.
function soundAgainstClaim(log, series, stretches) {
    const medians = [];
    const strays = [];
    for (const stretch of stretches) {
        const all = within(series.sound, { from: stretch.from + START_MS, to: stretch.to })
            .map(([at, position]) => position - positionAt(series.claim, at, GAP_MS.claim)).filter(Number.isFinite);
        if (all.length < 3) continue;
        medians.push(median(all));
        strays.push(...all.map((one) => one - median(all)));
    }
    return { medians, strays };
}

// stretches: { from, to, position, speed }, from the instant at which the party plays until it is told to stop, in ms.
export function analyse(logs, stretches, pauses = []) {
    const series = logs.map(seriesOf);
    const result = { stretches: stretches.length, seconds: 0, apart: {}, start: {}, later: {}, settledBy: {} };
    for (const witness of WITNESSES) {
        const all = series.map((one) => one[witness]);
        const settled = [];
        const start = [];
        const later = [];
        for (const { from, to } of stretches) {
            const end = to - END_MS;
            settled.push(...apart(all, from + SETTLED_MS, end, GAP_MS[witness]));
            // What is not yet moving is as far behind as it is: the first look at both is at the very start.
            start.push(...apart(all, from, Math.min(from + START_MS, end), GAP_MS[witness], 20));
            const middle = from + LATER_MS;
            if (middle + LATER_WIDTH_MS < end) {
                const around = apart(all, middle - LATER_WIDTH_MS, middle + LATER_WIDTH_MS, GAP_MS[witness]);
                for (const pair of new Set(around.map((one) => one[3]))) {
                    later.push([0, median(around.filter((one) => one[3] === pair).map((one) => one[1]))]);
                }
            }
        }
        const figures = (list) => summary(list.map((one) => one[1]));
        result.apart[witness] = figures(settled);
        result.start[witness] = figures(start);
        result.later[witness] = figures(later);
    }
    result.seconds = stretches.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0);
    const own = series.flatMap((one) => stretches.flatMap((stretch) => ownErrors(one.claim, stretch)));
    result.own = summary(own.map(Math.abs));
    result.ownSigned = summary(own);
    const done = logs.flatMap((log) => stretches.map((stretch) => doings(log, stretch)));
    const sum = (key) => done.reduce((total, one) => total + one[key], 0);
    result.done = {
        rates: sum('rates'), seeks: sum('seeks'), stalls: sum('stalls'), nudged: sum('nudged') / Math.max(1, sum('looks')),
        other: sum('other') / Math.max(1, sum('looks')),
        hidden: sum('hidden') / Math.max(1, sum('frames') + sum('hidden')),
    };
    result.stops = stops(logs, stretches);
    const caught = logs.map((log, index) => soundAgainstClaim(log, series[index], stretches));
    result.sound = {
        medians: caught.map((one) => one.medians), strays: summary(caught.flatMap((one) => one.strays).map(Math.abs)),
    };
    result.pauses = { count: pauses.length, same: pauses.filter(isSameFrame).length, all: pauses };
    return result;
}

// A player's claim against the party's own line, after it has settled.
function ownErrors(claim, { from, to, position, speed = 1 }) {
    if (!Number.isFinite(position)) return [];
    return within(claim, { from: from + SETTLED_MS, to: to - END_MS })
        .map(([at, seen]) => seen - (position + (at - from) * speed));
}

// A pause: the frame that each player shows.
export const isSameFrame = (frames) => frames.every((one) => one >= 0 && one === frames[0]);

// For the plot: each player's position against the middle of all, every `tick` ms.
export function lines(logs, stretches, tick = 200) {
    const all = logs.map((log) => seriesOf(log).claim);
    return stretches.map(({ from, to }) => {
        const rows = [];
        for (let at = Math.ceil(from / tick) * tick; at < to - END_MS; at += tick) {
            const here = all.map((one) => positionAt(one, at, GAP_MS.claim));
            const known = here.filter(Number.isFinite);
            if (known.length < 2) continue;
            const middle = percentile(known, 0.5);
            rows.push([at - from, ...here.map((one) => one - middle)]);
        }
        return rows;
    });
}
