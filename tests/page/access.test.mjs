// The page for everybody: axe-core finds nothing wrong with any part of it, in no language and no theme, and a small window has
// room for all of it.

import { test } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { assertFits } from './fits.mjs';
import { house, member } from './house.mjs';

async function look({ page }, what) {
    await assertAccessible(page, what);
    await assertFits(page, what);
}

// German with fingers: its words are the longest.
for (const [locale, hasTouch] of [['en-GB', false], ['de-DE', true]]) {
    test(`start, invited, door, party and its dialogs: ${locale}`, async () => {
        const options = { locale, hasTouch, reducedMotion: 'reduce' };
        const [ana, ben, chris] = await Promise.all(['Ana', 'Ben', 'Chris'].map((name) => member(name, options)));
        const { page } = ana;
        const check = (what) => look(ana, what);

        await page.goto(house.server.url);
        await page.locator('#home-film .tile').first().waitFor();
        await check('the start page');
        await page.locator('#join').click();
        await page.locator('#join-problem:not(:empty)').waitFor();
        await check('the start page with a problem');
        await page.locator('#nickname').fill('Ana');
        await page.locator('#rules summary').click();
        await page.locator('#visibility').selectOption('private');
        await page.locator('#create').click();
        await page.locator('#party').waitFor();
        await check('a party of one');

        await ben.page.goto(page.url());
        await ben.page.locator('#invited-name').waitFor();
        await look(ben, 'the question for a name');
        for (const guest of [ben, chris]) {
            if (guest === chris) await guest.page.goto(page.url());
            await guest.page.locator('#invited-name').fill(guest.name);
            await guest.page.locator('#invited-form button').click();
            await ana.untilText('#knocking', guest.name);
        }
        await look(ben, 'a door');
        await check('the lobby');
        await page.locator('#knocking li', { hasText: 'Ben' }).locator('.primary').click();
        await ben.page.locator('#party').waitFor();
        await ben.page.locator('#chat-text').fill('Hello');
        await ben.page.locator('#chat-send').click();
        await ana.untilText('#lines', 'Hello');
        await check('a party of two');
        // Where there is room for one part beside the film, it is the people's now.
        await page.evaluate(() => document.getElementById('tab-people').click());
        await page.locator('#people .person', { hasText: 'Ben' }).locator('summary').click();
        await check('the menu about somebody');
        await page.keyboard.press('Escape');
        await page.locator('#settings-open').click();
        await check('the settings');
        await page.keyboard.press('Escape');
        await page.locator('#share-open').click();
        await check('the share dialog');
        await page.locator('#invite-open').click();
        await page.locator('#invite-make').click();
        await page.locator('#invite-list li').waitFor();
        await check('the invitations');
        for (const _ of ['invitations', 'sharing']) await page.keyboard.press('Escape');
        await page.locator('#leave').click();
        await check('the host leaves');
    });
}
