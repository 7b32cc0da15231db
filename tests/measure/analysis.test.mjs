// The arithmetic of the proving ground, on players that are made up: what is put in must come out.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { analyse, apart, isSameFrame, pixelsAgainstTime, positionAt, seriesOf } from './analysis.mjs';
import { stretchesOf } from './evening.mjs';
import { summary } from './numbers.mjs';
import { plot, table } from './report.mjs';
import { decode, encode } from './timecode.mjs';

const START = 1000000;
const FPS = 30;

// A player that has been playing since START and is `ahead` ms further than the party; it sounds `sound` ms later.
function player({ ahead = 0, rate = 1, late = 0, sound = 0, seconds = 20 } = {}) {
    const place = (at) => Math.max(0, at - START - late) * rate + ahead;
    const log = { name: 'x', kind: 'chromium', claims: [], frames: [], clicks: [], events: [] };
    for (let at = START - 500; at < START + seconds * 1000; at += 40) log.claims.push([at, place(at) / 1000, rate, at < START ? 1 : 0]);
    for (let number = 1; number < seconds * FPS; number += 1) {
        const shown = START + late + ((number * 1000) / FPS - ahead) / rate;
        log.frames.push([Math.ceil(shown * 0.06) / 0.06, number / FPS, number]);
    }
    for (let click = 500; click < seconds * 1000; click += 500) log.clicks.push([START + late + (click - ahead) / rate + sound]);
    return log;
}

const stretch = { from: START, to: START + 20000, position: 0, speed: 1 };
const near = (seen, wanted, reach = 0.01) => assert.ok(Math.abs(seen - wanted) <= reach, `${seen} is not ${wanted}`);

test('the position between two looks, and none where nobody looked', () => {
    const series = [[0, 0], [100, 50], [900, 850]];
    assert.equal(positionAt(series, 50, 200), 25);
    assert.ok(Number.isNaN(positionAt(series, 500, 200)));
    assert.ok(Number.isNaN(positionAt(series, -1, 200)));
    assert.ok(Number.isNaN(positionAt(series, 901, 200)));
});

test('players that are 7 ms apart are found 7 ms apart, by the frames to a step of the screen', () => {
    const { apart: seen, own } = analyse([player(), player({ ahead: 7 })], [stretch]);
    for (const key of ['p50', 'p95', 'max']) near(seen.claim[key], 7);
    near(seen.frame.p50, 7, 17);
    near(own.max, 7);
    assert.ok(seen.claim.count > 100);
});

test('one that drifts is further away at the end than at the beginning', () => {
    const { apart: seen, later } = analyse([player(), player({ rate: 1.001 })], [stretch]);
    near(seen.claim.max, 19.8, 0.2);
    near(later.claim.p50, 3, 0.1);
});

test('a late start is seen in the first moments', () => {
    const { start } = analyse([player(), player({ late: 80 })], [stretch]);
    near(start.claim.max, 80, 0.5);
});

test('a constant of the sound is taken out, what changes is kept', () => {
    const still = player({ sound: 9 });
    near(analyse([player(), still], [stretch]).apart.sound.max, 0);
    const wandering = player();
    wandering.clicks.forEach((click, index) => (click[0] += index >= 30 ? 12 : 0));
    const { apart: seen, sound } = analyse([player(), wandering], [stretch]);
    near(seen.claim.max, 0);
    near(seen.sound.max, 12, 0.1);
    near(sound.strays.max, 12, 0.1);
});

test('looks while seeking say nothing', () => {
    const log = player();
    for (const claim of log.claims) if (claim[0] > START + 8000 && claim[0] < START + 9000) claim[3] = 2;
    assert.equal(apart([seriesOf(log).claim, seriesOf(player()).claim], START + 8200, START + 8800, 250).length, 0);
});

test('what was done to the player is counted after its start only', () => {
    const log = player();
    log.events.push([START + 10, 'set playbackRate', 1], [START + 4000, 'set playbackRate', 1.01], [START + 6000, 'seeking'], [START + 7000, 'waiting']);
    for (const claim of log.claims) if (claim[0] > START + 10000) claim[2] = 1.01;
    const { done } = analyse([log], [stretch]);
    assert.deepEqual([done.rates, done.seeks, done.stalls], [1, 1, 1]);
    near(done.nudged, 0.5, 0.02);
});

test('from the first to stop to the last, where all have stopped', () => {
    const three = [0, 35, 20].map((later) => {
        const log = player();
        log.events.push([stretch.to + 10 + later, 'pause', 20]);
        return log;
    });
    assert.deepEqual(analyse(three, [stretch]).stops.max, 35);
    assert.equal(analyse([...three, player()], [stretch]).stops.count, 0);
});

test('frames: all alike, one else, one unread', () => {
    assert.ok(isSameFrame([597, 597, 597]));
    assert.ok(!isSameFrame([597, 598]));
    assert.ok(!isSameFrame([-1, -1]));
    const log = player();
    log.frames[3][2] = -1;
    log.frames[5][2] += 1;
    assert.deepEqual(pixelsAgainstTime([log], FPS), { read: log.frames.length - 1, unread: 1, other: 1 });
});

test('the time code is read back, neighbours mixed give one of the two, and damage is noticed', () => {
    const levels = (number) => encode(number).map((bit) => (bit ? 235 : 16));
    for (const number of [0, 1, 597, 35999, 65535]) assert.equal(decode(levels(number)), number);
    let noticed = 0;
    const code = levels(597);
    for (let block = 0; block < code.length; block += 1) {
        const broken = code.map((level, index) => (index === block ? 251 - level : level));
        noticed += decode(broken) === -1 ? 1 : 0;
    }
    assert.equal(noticed, code.length);
    assert.equal(decode(code.map(() => 16)), -1);
});

test('the party plays from each play to the next command', () => {
    const play = (at, more) => ({ action: 'play', phase: 'playing', is_playing: true, at, server_time: at - 100, position_ms: 0, playback_speed: 1, ...more });
    const stop = (at, phase = 'paused') => ({ action: 'pause', phase, is_playing: false, at, server_time: at, position_ms: 5 });
    const seen = stretchesOf([play(100), stop(600), stop(700, 'waiting'), play(900, { playback_speed: 1.5 })], 2000, 1);
    assert.deepEqual(seen, [{ from: 101, position: 0, speed: 1, to: 601 }, { from: 901, position: 0, speed: 1.5, to: 2000 }]);
});

test('percentiles', () => {
    const { p50, p95, max, count } = summary([...Array(101).keys()]);
    assert.deepEqual([p50, p95, max, count], [50, 95, 100, 101]);
    assert.ok(Number.isNaN(summary([]).p50));
});

test('the table says when a goal was missed, and when nothing was measured', () => {
    const row = (logs, goal) => table([{ scenario: { title: 'Two', goal }, analysis: analyse(logs, [stretch], [[3, 3], [3, 4]]) }]).split('\n')[2];
    const two = [player(), player({ ahead: 7 })];
    assert.match(row(two, { p95: 8 }), /7\.0 \/ 7\.0 .* 1 of 2 .*yes/);
    assert.match(row(two, { p95: 6 }), /NO/);
    assert.match(row([player()], { p95: 6 }), /nothing measured/);
    const drawn = plot([{ scenario: { title: 'a < b' }, names: ['x'], lines: [[[0, 1], [200, 2]]], analysis: analyse(two, [stretch]) }]);
    assert.match(drawn, /a &lt; b/);
    assert.match(drawn, /<polyline points="[\d., ]+"/);
});
