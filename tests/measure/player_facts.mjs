// What Chromium's player really does on this machine: how long it takes to start, to seek, to obey a rate, and what each of
// these loses. Starting values for whoever drives a player. Writes build/measure/player_facts.json.
//
//     node tests/measure/player_facts.mjs

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startFilmHost } from '../page/film_host.mjs';
import { makeFilm } from './film.mjs';
import { summary } from './numbers.mjs';
import { FLAGS } from './window.mjs';

const out = fileURLToPath(new URL('../../build/measure/', import.meta.url));
const film = `${out}media/Measure.webm`;
mkdirSync(`${out}media`, { recursive: true });
await makeFilm(film);
const host = await startFilmHost(film);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
const page = await browser.newPage({ bypassCSP: true });
await page.route('**/blank', (route) => route.fulfill({
    contentType: 'text/html', body: '<video id="film" src="film.webm" preload="auto"></video>',
}));
await page.goto(host.url.replace('film.webm', 'blank'));

// Runs in the window: helpers that measure by the claim (currentTime read in its own task).
await page.evaluate(() => {
    const film = document.getElementById('film');
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const once = (name) => new Promise((resolve) => film.addEventListener(name, resolve, { once: true }));
    // position - time, ms: the median of looks over `ms`, with the rate taken out.
    async function lag(ms = 300, rate = 1) {
        const looks = [];
        const begin = performance.now();
        while (performance.now() - begin < ms) {
            await sleep(10);
            const before = performance.now();
            const position = film.currentTime * 1000;
            looks.push(position - rate * (before + performance.now()) / 2);
        }
        looks.sort((a, b) => a - b);
        return looks[looks.length >> 1];
    }
    async function seek(seconds) {
        const begin = performance.now();
        const done = once('seeked');
        film.currentTime = seconds;
        await done;
        while (film.readyState < 3) await sleep(1);
        return performance.now() - begin;
    }
    async function stop(ms = 150) {
        film.pause();
        await sleep(ms);
    }
    window.facts = {
        sleep, seek, stop, lag,
        // From play() to where the position line begins.
        async start(settle = 400) {
            const position = film.currentTime * 1000;
            const at = performance.now();
            await film.play();
            const promise = performance.now() - at;
            await sleep(settle);
            return { latency: position - at - (await lag()), promise };
        },
        // What a change and its way back lose against the rate times the time.
        async nudge(rate, ms) {
            const before = await lag(400);
            const began = performance.now();
            film.playbackRate = rate;
            while (performance.now() - began < ms) await sleep(1);
            const ended = performance.now();
            film.playbackRate = 1;
            await sleep(400);
            return before + (ended - began) * (rate - 1) - (await lag(400));
        },
        // How long the old rate goes on: the new line, drawn back to the old one.
        async dead(rate) {
            const before = await lag(400);
            const began = performance.now();
            film.playbackRate = rate;
            await sleep(500);
            const after = (await lag(400, rate)) + (rate - 1) * began;
            film.playbackRate = 1;
            await sleep(500);
            return (before - after) / (rate - 1) ;
        },
        async toggle(to) {
            const before = await lag(400);
            film.preservesPitch = to;
            await sleep(400);
            return before - (await lag(400));
        },
        async seekPlaying(by) {
            const before = await lag(300);
            const at = performance.now();
            const done = once('seeked');
            const from = film.currentTime;
            film.currentTime = from + by;
            await done;
            const seeked = performance.now() - at;
            await sleep(700);
            return { lost: before + by * 1000 - (await lag(300)), seeked };
        },
        async pause() {
            const before = await lag(300);
            const at = performance.now();
            film.pause();
            const said = film.currentTime * 1000;
            await sleep(200);
            return { overshoot: film.currentTime * 1000 - (before + at), afterwards: film.currentTime * 1000 - said };
        },
    };
});
await page.waitForFunction(() => document.getElementById('film').readyState >= 4);

const facts = { chromium: browser.version(), film: '320x180, 30 fps, VP8 and Opus, key frame every 2 s' };
const run = (what, ...all) => page.evaluate(([name, args]) => window.facts[name](...args), [what, all]);
const set = (name, value) => page.evaluate(([key, to]) => (document.getElementById('film')[key] = to), [name, value]);
function tell(name, values) {
    facts[name] = summary(values);
    const { p50, p95, min, max, sd, count } = facts[name];
    const text = [p50, p95, min, max, sd].map((one) => one.toFixed(2).padStart(9)).join('');
    console.log(`${name.padEnd(64)}${text}${String(count).padStart(5)}`);
}
console.log(`${'ms'.padEnd(64)}      p50      p95      min      max       sd    n`);

for (const pitch of [true, false]) {
    const kind = `preservesPitch ${pitch}`;
    await set('preservesPitch', pitch);
    const latencies = [];
    const promises = [];
    const pauses = [];
    const moves = [];
    const seeks = [];
    for (let count = 0; count < 20; count += 1) {
        seeks.push(await run('seek', 100 + ((count * 37.37) % 900)));
        await run('sleep', 200);
        const { latency, promise } = await run('start');
        latencies.push(latency);
        promises.push(promise);
        const { overshoot, afterwards } = await run('pause');
        pauses.push(overshoot);
        moves.push(afterwards);
    }
    tell(`${kind}: start after play()`, latencies);
    tell(`${kind}: play() promise`, promises);
    tell(`${kind}: pause beyond the line`, pauses);
    tell(`${kind}: position moves after pause() said it`, moves);
    tell(`${kind}: seek while paused, to where it can play`, seeks);
    for (const [wait, times] of [[150, 10], [2000, 6], [12000, 4]]) {
        const again = [];
        for (let count = 0; count < times; count += 1) {
            await run('stop', wait);
            again.push((await run('start')).latency);
        }
        tell(`${kind}: start again after a pause of ${wait} ms, no seek`, again);
    }
    await run('stop');
    await run('seek', 200);
    await run('start');
    for (const [rate, ms] of [[1.02, 500], [0.98, 500], [1.005, 500], [1.0008, 1000], [1.05, 100]]) {
        const lost = [];
        for (let count = 0; count < 8; count += 1) lost.push(await run('nudge', rate, ms));
        tell(`${kind}: lost by ${rate} for ${ms} ms and back`, lost);
    }
    const dead = [];
    for (let count = 0; count < 8; count += 1) dead.push(await run('dead', count % 2 ? 0.9 : 1.1));
    tell(`${kind}: dead time of a rate of 10 %`, dead);
    for (const by of [5, 30, -30]) {
        const lost = [];
        const said = [];
        for (let count = 0; count < 8; count += 1) {
            const one = await run('seekPlaying', by + count * 0.3);
            lost.push(one.lost);
            said.push(one.seeked);
        }
        tell(`${kind}: lost by a seek of ${by} s while playing`, lost);
        tell(`${kind}: seeked after, the same`, said);
    }
    await run('stop');
}
await run('start');
const off = [];
const on = [];
for (let count = 0; count < 8; count += 1) {
    on.push(await run('toggle', true));
    off.push(await run('toggle', false));
}
tell('lost by preservesPitch true -> false at rate 1', off);
tell('lost by preservesPitch false -> true at rate 1', on);
const noise = [];
for (let count = 0; count < 20; count += 1) noise.push(await run('lag', 100));
tell('line of the claim, 100 ms looks, against their median', noise.map((one) => one - summary(noise).p50));
await run('stop');
await set('muted', true);
const muted = [];
for (let count = 0; count < 10; count += 1) {
    muted.push((await run('start')).latency);
    await run('stop');
}
tell('muted: start after play()', muted);

writeFileSync(`${out}player_facts.json`, `${JSON.stringify(facts, null, 1)}\n`);
await browser.close();
host.stop();
