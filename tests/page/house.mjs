// What every test in real windows stands on: the server with a film in its folder, the browser, and the members that a
// test has opened, which are closed after it.

import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { makeFilm } from './film.mjs';
import { Member } from './member.mjs';
import { Server } from './server.mjs';

const shots = fileURLToPath(new URL('../../build/page/', import.meta.url));
const FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
// A telephone, a tablet, a large screen.
const SIZES = [{ width: 360, height: 740 }, { width: 768, height: 1024 }, { width: 1440, height: 900 }];

// The file's house: { server, film }, from `before` on.
export const house = {};
let folder;
let browser;
let members = [];

before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'syncplay-page-'));
    mkdirSync(join(folder, 'media'));
    mkdirSync(shots, { recursive: true });
    house.film = join(folder, 'media', 'Test film.webm');
    makeFilm(house.film);
    house.server = new Server(folder, join(folder, 'media'));
    await house.server.start();
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
});

after(async () => {
    await browser?.close();
    await house.server?.stop();
    rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
    const open = members;
    members = [];
    for (const member of open) await member.close();
});

export async function member(name, options) {
    const one = await Member.open(browser, name, options);
    members.push(one);
    return one;
}

// Ana's party with Ben in it, both ready.
export async function partyOfTwo(options) {
    const ana = await member('Ana');
    const ben = await member('Ben');
    await ana.create(house.server.url, { film: 'Test film', ...options });
    await ben.join(ana.link);
    await ana.untilText('#people', 'Ben');
    await Promise.all([ana.untilReady(), ben.untilReady()]);
    return [ana, ben];
}

export const shot = (name) => join(shots, `${name}.png`);

// Pictures for people to look at: the same page in all sizes, after `arrange` there; none scrolls sideways.
export async function picture({ page }, name, arrange = () => {}) {
    const before = page.viewportSize();
    for (const viewport of SIZES) {
        await page.setViewportSize(viewport);
        await arrange();
        await page.screenshot({ path: shot(`${name}-${viewport.width}`) });
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= viewport.width, `${name} scrolls sideways at ${viewport.width}: ${width}`);
    }
    await page.setViewportSize(before);
}
