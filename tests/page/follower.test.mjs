// The page's follower: the library's own code as WebAssembly, with the names that server/page/follower.js gives it. What it
// decides is tested where it is written; here it is whether what goes through the door comes out whole.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from './modules.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const wasm = readFileSync(resolve(root, process.env.BUILD ?? 'build', 'page/follower.wasm'));
const { Follower, loadFollower } = await load('follower.js');
const { keep, recall } = await load('learned.js');
await loadFollower(`data:application/wasm;base64,${wasm.toString('base64')}`);

const OFFSET = 5e9;
const WAY_MS = 10;

// A follower, a player that obeys at once, and a server whose clock is OFFSET ahead, in virtual time.
class World {
    constructor(options) {
        Object.assign(this, { now: 1000, said: [], done: [], pongs: [] });
        this.film = { position: 0, isPaused: true, rate: 1, hasFilm: true, canPlay: true, preservesPitch: true };
        this.follower = new Follower(options);
    }

    get server() {
        return this.now + OFFSET;
    }

    join(more) {
        this.follower.connected(this.now);
        this.run(100);
        this.hear({
            type: 'state', revision: 3, phase: 'paused', is_playing: false, position_ms: 5000, server_time: this.server, ...more,
        });
        this.run(3000);
        return this;
    }

    // What a playback always says beside what the tests are about.
    hear(message) {
        this.follower.receive(this.now, { at: message.server_time, playback_speed: 1, ...message });
        this.step();
    }

    command(action, revision, more) {
        const isPlaying = action === 'play';
        this.hear({
            type: 'command', action, revision, phase: isPlaying ? 'playing' : 'paused', is_playing: isPlaying,
            position_ms: 5000, server_time: this.server, ...more,
        });
    }

    step() {
        const { film, follower, now } = this;
        follower.observe(now, {
            ...film, hasSound: true, isSeeking: false, hasEnough: true, isEnded: false, buffered: 30000, duration: 60000,
        });
        for (const message of follower.due(now)) this.send(message);
        let advice = follower.advise(now);
        for (; advice.at <= now; advice = follower.advise(now)) {
            this.done.push({ ...advice, now });
            if (advice.kind === 'pause') film.isPaused = true;
            if (advice.kind === 'play') film.isPaused = false;
            if (advice.kind === 'seek') film.position = advice.position;
            if (advice.kind === 'play' || advice.kind === 'rate') Object.assign(film, { rate: advice.rate });
            follower.acted(now);
        }
        return Math.min(follower.deadline(), advice.at);
    }

    send(message) {
        this.said.push(message);
        if (message.type !== 'ping') return;
        const pong = { type: 'pong', client_timestamp: message.timestamp, server_timestamp: this.server + WAY_MS };
        this.pongs.push({ at: this.now + 2 * WAY_MS, pong });
    }

    run(time) {
        for (const end = this.now + time; this.now < end;) {
            const next = Math.min(end, Math.max(this.now + 0.1, this.step(), this.now), this.pongs[0]?.at ?? Infinity);
            if (!this.film.isPaused) this.film.position += (next - this.now) * this.film.rate;
            this.now = next;
            while (this.pongs[0]?.at <= this.now) this.follower.receive(this.now, this.pongs.shift().pong);
        }
        this.step();
    }

    last(type) {
        return this.said.findLast((one) => one.type === type);
    }
}

test('pings go out before the join, and tell the server\u2019s time', () => {
    const w = new World();
    assert.equal(w.follower.status(w.now).serverTime, 0, 'nothing is known');
    assert.deepEqual([...w.follower.due(w.now)], [], 'nor due without a connection');
    w.follower.connected(w.now);
    w.run(3000);
    assert.equal(w.said.length, 8 + 1);
    assert.ok(w.said.every(({ type }) => type === 'ping'));
    const [first, second] = w.said;
    assert.deepEqual(Object.keys(first).filter((key) => /server|held|revision|drift/.test(key)), [], 'nothing to tell yet');
    assert.equal(first.timestamp, 1000);
    assert.equal(second.server_timestamp, first.timestamp + WAY_MS + OFFSET, 'the last pong, for the server to measure by');
    assert.ok(second.held_ms > 0);
    const { serverTime, clockError, roundTrip } = w.follower.status(w.now);
    assert.ok(Math.abs(serverTime - w.server) < 0.01, `${serverTime - w.server}`);
    assert.ok(clockError >= WAY_MS && clockError < WAY_MS + 2);
    assert.ok(Math.abs(roundTrip - 2 * WAY_MS) < 0.1);
});

test('it goes where the party stands, and says when it is ready', () => {
    const w = new World().join();
    assert.deepEqual(w.done.map(({ kind, position }) => [kind, position]), [['seek', 5000]]);
    assert.deepEqual(w.last('ready'), { type: 'ready', is_ready: true, buffered_ms: 30000, revision: 3 });
    assert.equal(w.last('ping').revision, 3);
    assert.equal(w.follower.status(w.now).mode, 'standing');
    assert.equal(w.follower.status(w.now).position, 5000);
});

test('a start is at its instant, less what this player takes; then it pauses at the party\u2019s place', () => {
    const w = new World({ learned: { start: 40, silentStart: 1, seek: 100, loss: 0 } }).join();
    const at = w.now + 300;
    w.command('play', 4, { at: at + OFFSET });
    assert.equal(w.follower.status(w.now).mode, 'starting');
    w.run(400);
    const play = w.done.at(-1);
    assert.deepEqual([play.kind, play.rate], ['play', 1]);
    assert.ok(Math.abs(play.now - (at - 40)) < 0.2, `${play.now - at}`);
    assert.equal(w.follower.status(w.now).mode, 'playing');
    w.run(2000);
    assert.ok(Math.abs(w.follower.status(w.now).position - (5000 + w.now - at)) < 0.2);
    assert.ok(Number.isFinite(w.follower.status(w.now).drift));
    w.command('pause', 5, { position_ms: 7100.5 });
    w.run(100);
    assert.deepEqual(w.done.slice(-2).map(({ kind }) => kind), ['pause', 'seek']);
    assert.equal(w.film.position, 7100.5);
    assert.equal(w.follower.status(w.now).position, 7100.5);
});

test('a speed and where a state says it is', () => {
    const w = new World().join({ is_playing: true, phase: 'playing', playback_speed: 1.5, position_ms: 1000 });
    assert.ok(w.follower.status(w.now).position > 1000 + 1.5 * 2900);
    const play = w.done.find(({ kind }) => kind === 'play');
    assert.ok(Math.abs(play.rate - 1.5) < 0.001);
    assert.equal(play.preservesPitch, true, 'of a party at another speed');
});

test('a gap asks for the state, and the past is not followed', () => {
    const w = new World().join();
    w.command('play', 9, { at: w.server });
    assert.deepEqual(w.last('state'), { type: 'state' });
    w.command('pause', 8);
    assert.equal(w.follower.status(w.now).revision, 9);
    const large = 2 ** 40 + 1;
    w.command('pause', large);
    assert.equal(w.follower.status(w.now).revision, large);
});

test('back again, what was missed says nothing of the clock', () => {
    const w = new World().join();
    w.follower.disconnected();
    w.pongs.length = 0;
    const missedAt = w.server;
    w.run(30000);
    w.follower.connected(w.now);
    w.hear({ type: 'resumed', server_time: w.server, cursor: 9 });
    w.command('play', 4, { server_time: missedAt });
    assert.ok(Math.abs(w.follower.status(w.now).serverTime - w.server) < 20);
});

test('what the person does to the player is a wish; refused, it is undone', () => {
    const w = new World().join();
    w.command('play', 4, { at: w.server });
    w.run(2000);
    w.film.isPaused = true;
    w.run(20);
    assert.deepEqual(w.last('pause'), { type: 'pause' });
    assert.equal(w.film.isPaused, true, 'it is left so until the party answers');
    w.hear({ type: 'error', code: 'forbidden', in_reply_to: 'pause' });
    w.run(1000);
    assert.equal(w.film.isPaused, false);
    w.film.position += 20000;
    w.run(20);
    const seek = w.last('seek');
    assert.ok(Math.abs(seek.position_ms - w.film.position) < 100);
});

test('apart, nobody waits; together again', () => {
    const w = new World().join();
    w.follower.suspend(w.now, 'apart');
    w.step();
    assert.deepEqual(w.last('wait'), { type: 'wait', excused: true });
    w.film.position = 33000;
    w.run(3000);
    assert.equal(w.film.position, 33000, 'no advice');
    assert.equal(w.follower.status(w.now).mode, 'suspended');
    w.follower.resume(w.now, 'apart');
    w.run(100);
    assert.deepEqual(w.last('wait'), { type: 'wait', excused: false });
    assert.equal(w.film.position, 5000);
});

test('a reason that there is not is no suspension, and they are counted up to a limit', () => {
    const w = new World().join();
    w.follower.suspend(w.now, 'asleep');
    assert.equal(w.follower.status(w.now).mode, 'standing');
    w.follower.resume(w.now, 'asleep');
    w.follower.wasm.suspend(w.now, 5);
    w.follower.wasm.suspend(w.now, NaN);
    assert.equal(w.follower.status(w.now).mode, 'standing');
    for (let count = 0; count < 1002; count += 1) w.follower.suspend(w.now, 'scrubbing');
    for (let count = 0; count < 999; count += 1) w.follower.resume(w.now, 'scrubbing');
    assert.equal(w.follower.status(w.now).mode, 'suspended');
    w.follower.resume(w.now, 'scrubbing');
    assert.equal(w.follower.status(w.now).mode, 'standing');
});

test('what is not told comes as no number', () => {
    const w = new World().join();
    w.follower.suspend(w.now, 'away');
    const [wait] = w.follower.due(w.now);
    assert.equal(wait.type, 'wait');
    const [revision, buffered, , , drift, error, start, position] = w.follower.answers;
    assert.deepEqual([revision, buffered, drift, error, start, position], Array(6).fill(NaN));
});

test('to have done nothing changes nothing: what was asked before is still on its way', () => {
    const w = new World().join();
    const { film, follower } = w;
    const look = () => follower.observe(w.now, { ...film, isSeeking: false, buffered: 30000, duration: 60000 });
    w.pongs.length = 0;
    follower.receive(w.now, {
        type: 'command', action: 'play', revision: 4, phase: 'playing', is_playing: true, position_ms: 5000,
        server_time: w.server - 1000, at: w.server - 1000, playback_speed: 1,
    });
    for (let advice = follower.advise(w.now); advice.kind !== 'none'; advice = follower.advise(w.now)) {
        w.now = Math.max(w.now, advice.at);
        if (advice.kind === 'seek') film.position = advice.position;
        follower.acted(w.now);
        if (advice.kind === 'play') break;
        look();
    }
    assert.equal(follower.advise(w.now).kind, 'none');
    follower.acted(w.now);
    w.now += 20;
    look(); // the player has not begun yet
    assert.deepEqual([...follower.due(w.now)].filter(({ type }) => type === 'pause'), [], 'that is nobody\u2019s wish');
});

test('resync asks, and measures anew', () => {
    const w = new World().join();
    const before = w.said.length;
    w.follower.resync(w.now);
    w.run(3000);
    const said = w.said.slice(before).map(({ type }) => type);
    assert.equal(said.filter((type) => type === 'state').length, 1);
    assert.ok(said.filter((type) => type === 'ping').length >= 8);
});

test('a server that goes down comes back with the party; a party that is over does not', () => {
    const w = new World().join();
    w.hear({ type: 'ended', reason: 'shutdown' });
    w.follower.disconnected();
    assert.equal(w.follower.status(w.now).position, 5000);
    assert.equal(w.follower.status(w.now).mode, 'standing');
    w.hear({ type: 'ended', reason: 'host' });
    assert.equal(w.follower.status(w.now).mode, 'idle');
});

test('what was learned comes out as it went in', () => {
    const learned = { start: 81.5, silentStart: 2, seek: 321, loss: -4.25 };
    assert.deepEqual(new Follower({ learned }).profile(), learned);
    const prior = new Follower().profile();
    assert.deepEqual(new Follower({ learned: { seek: 5 } }).profile(), { ...prior, seek: 5 });
    assert.ok(prior.start > 0 && prior.start < 200);
});

test('what was kept is believed within bounds', () => {
    const storage = (kept) => ({ getItem: () => kept, setItem: (key, value) => (kept = value) });
    const learned = { start: 81.5, silentStart: 2, seek: 321, loss: -4.25 };
    const full = storage(null);
    assert.deepEqual(recall(full), {});
    keep(full, learned);
    assert.deepEqual(recall(full), learned);
    const wild = JSON.stringify({ start: 1e9, silentStart: '2', seek: -1, loss: null, other: 5 });
    for (const nonsense of [wild, '[', 'null', '7', '"x"', '[1]']) assert.deepEqual(recall(storage(nonsense)), {}, nonsense);
    assert.deepEqual(recall(storage('{"start":50,"seek":99999}')), { start: 50 });
    assert.deepEqual(recall(undefined), {}, 'storage forbidden');
    keep(undefined, learned);
});

test('two followers are strangers', () => {
    const [one, other] = [new World().join(), new World()];
    assert.equal(one.follower.status(one.now).mode, 'standing');
    assert.equal(other.follower.status(other.now).mode, 'idle');
});

test('what is no news to it, and nonsense, change nothing', () => {
    const w = new World().join();
    const before = w.follower.status(w.now);
    for (const message of [{ type: 'chat' }, { type: 'pong' }, { type: 'error', in_reply_to: 'chat' }, {}]) w.hear(message);
    assert.deepEqual(w.follower.status(w.now), before);
});
