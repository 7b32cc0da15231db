// The instrument against itself: two windows without server or page play the same film, and one of them is moved by a known
// way: five per cent faster for a second, which is 50 ms. Claim, frames and sound must all say so, and they must agree on
// how far apart the two are at all; where they differ is what the instrument cannot see.

import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { startFilmHost } from '../page/film_host.mjs';
import { apart, GAP_MS, seriesOf, WITNESSES } from './analysis.mjs';
import { median, summary } from './numbers.mjs';
import { install } from './recorder.mjs';
import { now, openBrowser } from './window.mjs';
import { sleep } from './evening.mjs';

const STARTS = 5;
const PLAY_MS = 5000;
const RATE = 1.05;
const MOVE_MS = 1000;
const SETTLE_MS = 600;

// A page with nothing but the film. It has to come from a server: one that is made up in the browser may open no connection
// to this machine.
async function startBlank(film) {
    const host = await startFilmHost(film);
    const server = createServer((request, response) => {
        if (request.url === '/film.webm') {
            get(host.url, { headers: request.headers }, (film) => {
                response.writeHead(film.statusCode, film.headers);
                film.pipe(response);
                response.on('close', () => film.destroy());
            });
            return;
        }
        response.writeHead(200, { 'Content-Type': 'text/html' });
        response.end('<!doctype html><video id="film" src="film.webm" preload="auto"></video>');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
        url: `http://127.0.0.1:${server.address().port}/`,
        stop() {
            host.stop();
            server.close();
            server.closeAllConnections();
        },
    };
}

async function bare(blank, clocks) {
    const browser = await openBrowser();
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 400, height: 300 } });
    await install(context);
    const page = await context.newPage();
    await page.goto(blank);
    await page.waitForFunction(() => document.getElementById('film').readyState >= 4);
    await page.evaluate(() => recorder.listen());
    const clock = await clocks.measure(page);
    return {
        browser, page, clock,
        // Stands at `seconds` and calls play() at `at` of the machine's clock.
        start: (seconds, at) => page.evaluate(async ([place, when]) => {
            const film = document.getElementById('film');
            film.preservesPitch = false;
            film.currentTime = place;
            await new Promise((resolve) => film.addEventListener('seeked', resolve, { once: true }));
            await new Promise((resolve) => setTimeout(resolve, when - recorder.now() - 15));
            while (recorder.now() < when);
            film.play();
        }, [seconds, at - clock.offset]),
        // Goes further ahead; says by how many ms.
        move: () => page.evaluate(async ([rate, time]) => {
            const film = document.getElementById('film');
            const began = performance.now();
            film.playbackRate = rate;
            await new Promise((resolve) => setTimeout(resolve, time - 10));
            while (performance.now() < began + time);
            const ended = performance.now();
            film.playbackRate = 1;
            return (ended - began) * (rate - 1);
        }, [RATE, MOVE_MS]),
        stop: () => page.evaluate(() => document.getElementById('film').pause()),
        async take() {
            const log = await page.evaluate(() => recorder.take());
            for (const list of Object.values(log)) for (const one of list) one[0] += clock.offset;
            return log;
        },
    };
}

export async function checkInstrument(film, clocks, log) {
    const blank = await startBlank(film);
    const windows = [await bare(blank.url, clocks), await bare(blank.url, clocks)];
    const starts = [];
    const noise = { claim: [], frame: [], sound: [] };
    for (let start = 0; start < STARTS; start += 1) {
        const at = now() + 1500;
        await Promise.all(windows.map((one) => one.start(40 + start * 61, at)));
        await sleep(at - now() + PLAY_MS);
        const from = now();
        const moved = await windows[0].move();
        const until = now() + SETTLE_MS;
        await sleep(SETTLE_MS + PLAY_MS);
        const end = now() - SETTLE_MS;
        await Promise.all(windows.map((one) => one.stop()));
        const series = (await Promise.all(windows.map((one) => one.take()))).map(seriesOf);
        const seen = { moved };
        for (const witness of WITNESSES) {
            const between = (first, last) => apart(series.map((one) => one[witness]), first, last, GAP_MS[witness]).map((one) => one[2]);
            const before = between(at + 1000, from);
            const after = between(until, end);
            seen[witness] = { before: median(before), after: median(after) };
            seen[witness].error = seen[witness].after - seen[witness].before - moved;
            for (const list of [before, after]) noise[witness].push(...list.map((one) => one - median(list)));
        }
        starts.push(seen);
        log(`moved by ${moved.toFixed(2)}; seen to move by, and apart before: `
            + WITNESSES.map((one) => `${one} ${(seen[one].after - seen[one].before).toFixed(2)}, ${seen[one].before.toFixed(2)}`).join('; '));
    }
    for (const one of windows) await one.browser.close();
    blank.stop();
    const sizes = (values) => summary(values.map(Math.abs));
    const each = (how) => Object.fromEntries(WITNESSES.map((witness) => [witness, sizes(how(witness))]));
    return {
        starts,
        noise: each((witness) => noise[witness]),
        moveError: each((witness) => starts.map((one) => one[witness].error)),
        againstClaim: each((witness) => starts.map((one) => one[witness].before - one.claim.before)),
        clockBounds: windows.map((one) => one.clock.bound),
    };
}
