// The instrument against itself: two windows without server or page start at the same instant, the film of one of them
// 50 ms further on. Claim, frames and sound must all say so; where they differ is what the instrument cannot see.

import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { startFilmHost } from '../page/film_host.mjs';
import { apart, seriesOf, WITNESSES } from './analysis.mjs';
import { median, summary } from './numbers.mjs';
import { install } from './recorder.mjs';
import { now, openBrowser } from './window.mjs';
import { sleep } from './evening.mjs';

const OFFSETS_MS = [0, 50, 0, 50, 0, 50, 0, 50];
const PLAY_MS = 6000;

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
    for (const [index, offset] of OFFSETS_MS.entries()) {
        const seconds = 40 + index * 61;
        const at = now() + 1500;
        await Promise.all(windows.map((one, which) => one.start(seconds + (which === 0 ? offset / 1000 : 0), at)));
        await sleep(at - now() + PLAY_MS);
        await Promise.all(windows.map((one) => one.stop()));
        const series = (await Promise.all(windows.map((one) => one.take()))).map(seriesOf);
        const seen = { offset };
        for (const witness of WITNESSES) {
            const gap = witness === 'sound' ? 1100 : 250;
            const all = apart(series.map((one) => one[witness]), at + 1000, at + PLAY_MS - 300, gap).map((one) => one[2]);
            seen[witness] = median(all);
            noise[witness].push(...all.map((one) => one - seen[witness]));
        }
        starts.push(seen);
        log(`two windows ${offset} ms apart: ${WITNESSES.map((one) => `${one} ${seen[one].toFixed(2)}`).join(', ')}`);
    }
    for (const one of windows) await one.browser.close();
    blank.stop();
    const against = (witness) => summary(starts.map((one) => Math.abs(one[witness] - one.claim)));
    const mean = (offset) => summary(starts.filter((one) => one.offset === offset).map((one) => one.claim)).mean;
    return {
        starts, zero: mean(0), fifty: mean(50),
        noise: Object.fromEntries(WITNESSES.map((one) => [one, summary(noise[one].map(Math.abs))])),
        frameAgainstClaim: against('frame'), soundAgainstClaim: against('sound'),
        clockBounds: windows.map((one) => one.clock.bound),
    };
}
