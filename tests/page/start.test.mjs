// The start page: the server's films to look through, and what is asked of somebody who comes for the first time.

import { strict as assert } from 'node:assert';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { house, member, picture } from './house.mjs';

// One transparent point.
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

before(() => {
    const media = dirname(house.film);
    mkdirSync(join(media, 'Series', 'Season 1'), { recursive: true });
    for (let number = 1; number <= 9; number += 1) copyFileSync(house.film, join(media, 'Series', 'Season 1', `Episode ${number}.webm`));
    writeFileSync(join(media, 'Series', 'Season 1', 'Episode 2.png'), PNG);
    writeFileSync(join(media, 'Series', 'Season 1', 'Episode 2.de.srt'), '1\n00:00:01,000 --> 00:00:02,000\nJa\n');
    writeFileSync(join(media, 'Broken.webm'), 'no film');
});

const titles = (page) => page.locator('#home-film .tile-title').allTextContents();

test('films are found by folder and by name, with a picture each, and the one that was chosen is what the party watches', async () => {
    const ana = await member('Ana', { reducedMotion: 'reduce' });
    const { page } = ana;
    await page.goto(house.server.url);
    const tile = page.locator('#home-film .tile');
    await tile.first().waitFor();
    assert.deepEqual(await titles(page), ['Series', 'Broken', 'Test film']);
    // A frame of the film itself; one that is none leaves the initial.
    await page.locator('.tile:has(input[aria-label="Test film"]) canvas').waitFor();
    assert.equal(await page.locator('.tile:has(input[aria-label="Broken"]) .poster').textContent(), 'B');
    await assertAccessible(page, 'the shelf');

    await tile.filter({ hasText: 'Series' }).click();
    await tile.filter({ hasText: 'Season 1' }).click();
    assert.equal((await titles(page)).length, 9);
    await page.locator('.tile:has(input[aria-label="Episode 2"]) img').waitFor();
    assert.match(await tile.filter({ hasText: 'Episode 2' }).textContent(), /subtitles/);
    await picture(ana, 'shelf');
    await page.getByRole('navigation', { name: 'Folder' }).getByRole('button', { name: 'All films' }).click();
    assert.deepEqual(await titles(page), ['Series', 'Broken', 'Test film']);

    await page.getByRole('searchbox', { name: 'Search' }).fill('season 7');
    assert.deepEqual(await titles(page), ['Episode 7']);
    await page.getByRole('searchbox', { name: 'Search' }).fill('nothing like it');
    await ana.untilText('.shelf [role=status]', 'No film is called so');
    await page.getByRole('searchbox', { name: 'Search' }).fill('');

    await page.getByRole('textbox', { name: 'Your name' }).fill('Ana');
    await ana.press('Start the party');
    await ana.untilText('#create-problem', 'Choose a film first');
    await tile.filter({ hasText: 'Series' }).click();
    await tile.filter({ hasText: 'Season 1' }).click();
    await page.getByRole('radio', { name: 'Episode 3' }).check();
    await ana.press('Start the party');
    await ana.untilText('#party-title', 'Episode 3');
});

// What goes over the wire, heads and all; films, and what only streams and pictures of codes need, are not of the page.
test('the first load is small: of the start page, and of a whole party', async () => {
    const [ana, ben] = await Promise.all([member('Ana'), member('Ben')]);
    const sizes = new Map([[ana, []], [ben, []]]);
    for (const [one, list] of sizes) {
        one.page.on('requestfinished', (request) => !/\/(media|api)\//.test(request.url()) && list.push(request.sizes()));
    }
    const loaded = async (one) => {
        await one.page.waitForLoadState('networkidle');
        const all = await Promise.all(sizes.get(one));
        return all.reduce((sum, { responseBodySize, responseHeadersSize }) => sum + responseBodySize + responseHeadersSize, 0) / 1024;
    };
    await ana.page.goto(house.server.url);
    const start = await loaded(ana);
    await ana.create(house.server.url, { film: 'local' });
    await ben.join(ana.link);
    const party = await loaded(ben);
    console.log(`# the start page ${start.toFixed(1)} KB; a party ${party.toFixed(1)} KB in ${sizes.get(ben).length} files`);
    assert.ok(start < 80, `${start} KB`);
    assert.ok(party < 150, `${party} KB`);
});

test('who comes for the first time is asked for a name, and sees it as the others will', async () => {
    const ana = await member('Ana');
    const { page } = ana;
    await page.goto(house.server.url);
    await ana.until('the name being asked for', () => document.activeElement.id === 'nickname');
    assert.equal(await page.locator('#nickname-avatar .avatar').count(), 0);
    await page.keyboard.type('zoë');
    assert.equal(await page.locator('#nickname-avatar .avatar').textContent(), 'Z');
    assert.equal(await page.locator('#rules-text').textContent(), 'Anyone with the link may come. Everyone controls the film.');
    await page.locator('#rules summary').click();
    await page.getByRole('combobox', { name: 'Who controls the film' }).selectOption('host');
    assert.match(await page.locator('#rules-text').textContent(), /Only you control the film/);
});
