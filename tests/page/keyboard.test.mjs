// An evening without a mouse: everything is reached by the keyboard, and one always sees where one is. And calm: nothing moves
// away under anybody's eyes.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { house, member, partyOfTwo } from './house.mjs';
import { startProxy } from './proxy.mjs';

const TABS_MOST = 60;

// Where the focus is, and what shows it.
const focused = (page) => page.evaluate(() => {
    const one = document.activeElement;
    const { top, left, width, height } = one.getBoundingClientRect();
    const shown = (label) => label !== null && getComputedStyle(label).outlineStyle !== 'none';
    const isSeen = width > 0 && height > 0 && top < innerHeight && left < innerWidth && top + height > 0;
    if (one === document.body) return null; // on the way round
    return { id: one.id || one.tagName, isSeen, hasRing: getComputedStyle(one).outlineStyle !== 'none' || shown(one.closest('label')) };
});

// Tab until there; each stop on the way can be seen.
async function reach(page, id, key = 'Tab') {
    for (let count = 0; count < TABS_MOST; count += 1) {
        await page.keyboard.press(key);
        const now = await focused(page);
        if (!now) continue;
        assert.ok(now.isSeen, `seen: ${JSON.stringify(now)}`);
        assert.ok(now.hasRing, `a ring: ${JSON.stringify(now)}`);
        if (now.id === id) return;
    }
    assert.fail(`${id} is not reached`);
}

test('create, share, play, chat, react, leave: by the keyboard alone', async () => {
    const ana = await member('Ana', { reducedMotion: 'reduce' });
    const { page } = ana;
    const { keyboard } = page;
    await page.goto(house.server.url);
    await page.locator('#home').waitFor();
    await reach(page, 'nickname');
    await keyboard.type('Ana');
    await reach(page, 'create');
    await keyboard.press('Enter');
    await page.locator('#party').waitFor();
    const ben = await member('Ben');
    await ben.join(page.url());
    await ana.untilText('#people', 'Ben');
    await ana.untilReady();

    await reach(page, 'share-open');
    await keyboard.press('Enter');
    await page.locator('#share .qr').waitFor();
    await assertAccessible(page, 'sharing');
    await reach(page, 'copy-link');
    await keyboard.press('Escape');
    assert.equal((await focused(page)).id, 'share-open', 'back where one was');
    await reach(page, 'play');
    await keyboard.press('Enter');
    await ana.untilPlaying();
    await reach(page, 'chat-text');
    await keyboard.type('Hello');
    await keyboard.press('Enter');
    await ben.untilText('#lines', 'Hello');
    await reach(page, 'palette-open');
    await keyboard.press('Space');
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await ben.untilText('#reactions', 'Ana');
    await keyboard.press('Escape');
    assert.equal((await focused(page)).id, 'chat-text');

    await reach(page, 'leave', 'Shift+Tab');
    await keyboard.press('Enter');
    await page.locator('#leaving').waitFor();
    await assertAccessible(page, 'the host leaves');
    await reach(page, 'leaving-hand-over');
    await keyboard.press('Enter');
    await page.locator('#home').waitFor();
    await ben.untilText('#lines .system', 'You are the host now');
});

test('nothing moves when people come, write, react and go, or when the connection is lost', async () => {
    const [ana, ben] = await partyOfTwo();
    const proxy = await startProxy(house.server, '/');
    try {
        const dan = await member('Dan');
        await dan.join(`${proxy.url}join/${ana.code}`);
        await dan.page.evaluate(() => {
            window.shifts = 0;
            new PerformanceObserver((list) => {
                for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts += one.value;
            }).observe({ type: 'layout-shift', buffered: false });
        });
        const chris = await member('Chris');
        await chris.join(ana.link);
        await dan.untilText('#people', 'Chris');
        await ben.page.getByRole('textbox', { name: 'Message' }).pressSequentially('Hel');
        await dan.untilText('#typing', 'Ben');
        await ben.say('Hello');
        await ben.page.locator('#palette-open').click();
        await ben.page.locator('#palette-react button').first().click();
        await dan.untilText('#reactions', 'Ben');
        await chris.press('Leave');
        await dan.untilText('#lines .system', 'Chris left');
        proxy.cut();
        await dan.untilText('#connection', 'Connection lost');
        proxy.mend();
        await dan.page.locator('#connection-now').click();
        await dan.untilText('#connection', 'Back again');
        const shifts = await dan.page.evaluate(() => window.shifts);
        assert.ok(shifts < 0.01, `moved by ${shifts}`);
    } finally {
        proxy.stop();
    }
});
