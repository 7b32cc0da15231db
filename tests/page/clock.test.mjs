// The page's clock and timeline, in virtual time.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { Clock, pingDelay } = await load('clock.js');
const { positionAt, timelineOf } = await load('timeline.js');

// A server whose clock is `offset` ahead; each way takes what it is told.
function world(offset) {
    const world = { now: 1000, offset };
    world.clock = new Clock(() => world.now);
    world.ping = (forth, back) => {
        const sent = world.now;
        const serverTime = sent + forth + world.offset;
        world.now += forth + back;
        world.clock.sample(sent, serverTime, world.now);
    };
    world.error = () => world.clock.now() - (world.now + world.offset);
    return world;
}

test('the sample with the shortest round trip counts', () => {
    const w = world(5e9);
    w.ping(10, 12);
    for (let index = 0; index < 10; index += 1) w.ping(30 + 40 * index, 15);
    assert.equal(w.error(), -1);
    assert.equal(w.clock.roundTrip, 22);
});

test('old samples are forgotten', () => {
    const w = world(0);
    w.ping(10, 10);
    w.offset = 3; // a slow drift
    for (let index = 0; index < 16; index += 1) w.ping(20, 20);
    assert.equal(w.error(), 0);
});

test('a clock that has jumped is believed at once', () => {
    const w = world(0);
    for (let index = 0; index < 8; index += 1) w.ping(10, 10);
    w.offset = 400;
    w.ping(60, 60);
    assert.equal(w.error(), 0);
});

test('a first message gives a guess, and pongs replace it', () => {
    const w = world(700);
    assert.equal(w.clock.synchronised, false);
    w.clock.hint(w.now + 700 - 80);
    assert.equal(w.error(), -80);
    w.ping(5, 5);
    w.clock.hint(12345);
    assert.equal(w.error(), 0);
    w.clock.reset();
    w.clock.hint(w.now + 700 - 100);
    assert.equal(w.error(), 0, 'a guess that fits what is known changes nothing');
    w.clock.hint(w.now + 5000);
    assert.equal(w.error(), 4300, 'another timeline does');
});

test('nonsense is not a sample', () => {
    const w = world(0);
    w.clock.sample(undefined, 5, 7);
    w.clock.sample(9, 5, 7);
    assert.equal(w.clock.synchronised, false);
});

test('eight pings in the first seconds, at least 100 ms apart, then one in five', () => {
    const delays = Array.from({ length: 12 }, (_, index) => pingDelay(index));
    assert.ok(delays.slice(1, 8).every((delay) => delay >= 100 && delay <= 500));
    assert.ok(Math.abs(delays.slice(0, 8).reduce((a, b) => a + b) - 2500) < 200);
    assert.deepEqual(delays.slice(8), [5000, 5000, 5000, 5000]);
});

test('the position by the formula of the wire', () => {
    const playing = timelineOf({
        is_playing: true, position_ms: 1000, server_time: 50000, at: 50100, playback_speed: 1.5, revision: 7, phase: 'playing',
    });
    assert.equal(positionAt(playing, 49000), 1000);
    assert.equal(positionAt(playing, 50100), 1000);
    assert.equal(positionAt(playing, 50300), 1300);
    const later = timelineOf({ is_playing: true, position_ms: 1000, server_time: 50000, at: 40000 });
    assert.equal(positionAt(later, 50200), 1200, 'a state says where it is at server_time');
    const standing = timelineOf({ action: 'pause', position_ms: 1234.5, server_time: 1 });
    assert.equal(positionAt(standing, 99999), 1234.5);
    assert.equal(standing.phase, 'paused');
    assert.equal(timelineOf({ action: 'play', position_ms: 0 }).isPlaying, true, 'a server of few words');
});
