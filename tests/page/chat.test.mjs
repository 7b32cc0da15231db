// The chat: what is said, by whom it is being written, what was missed, and what floats over the film.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { partyOfTwo, picture } from './house.mjs';
import { load } from './modules.mjs';

const { pieces } = await load('links.js');

test('addresses in a text: where they end, and which are none', () => {
    const links = (text) => pieces(text).filter((one) => one.href).map((one) => one.href);
    const whole = (text) => assert.equal(pieces(text).map((one) => one.text).join(''), text);
    const cases = {
        'see https://films.example/a?b=c#d.': ['https://films.example/a?b=c#d'],
        '(http://films.example/Train_(2024)), or': ['http://films.example/Train_(2024)'],
        'HTTPS://Films.example and https://two.example!': ['https://films.example/', 'https://two.example/'],
        'javascript:alert(1) data:text/html,x //films.example': [],
        'https://bank.example@evil.example/ http:// https://': [],
        '"https://films.example/"><img src=x>': ['https://films.example/'],
        'https://films.example/\u202egpj.exe': ['https://films.example/'],
        '': [],
    };
    for (const [text, wanted] of Object.entries(cases)) {
        assert.deepEqual(links(text), wanted, text);
        whole(text);
    }
});

test('a message over lines with an address; who is typing; what was missed is counted and found', async () => {
    const [ana, ben] = await partyOfTwo();
    const { page } = ben;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const field = page.getByRole('textbox', { name: 'Message' });
    await field.pressSequentially('One');
    await ana.untilText('#typing', 'Ben is typing');
    await field.press('Shift+Enter');
    await field.pressSequentially('two');
    assert.equal(await field.evaluate((one) => one.rows), 2, 'the field grows');
    await field.pressSequentially(': https://films.example/x.');
    await field.press('Enter');
    assert.equal(await field.inputValue(), '');
    await ana.untilText('#lines .line-text', 'One\ntwo');
    await ana.until('nobody typing', () => document.getElementById('typing').textContent === '');
    const link = ana.page.locator('#lines a');
    assert.deepEqual(await link.evaluate((one) => [one.textContent, one.href, one.target, one.rel]),
        ['https://films.example/x', 'https://films.example/x', '_blank', 'noopener noreferrer']);

    await field.fill('x'.repeat(470));
    assert.equal(await page.locator('#chat-left').textContent(), '30 left');
    await field.fill('');

    // With the side put away it is counted there; back again, all has been seen.
    const toggle = page.locator('#side-toggle');
    await toggle.click();
    for (const text of ['first', 'second']) await ana.say(text);
    await ben.untilText('#side-news', '2');
    assert.match(await page.title(), /^\(2\) /);
    await toggle.click();
    await ben.until('no news', () => document.getElementById('side-news').hidden);
    assert.equal(await page.locator('#lines .divider.new + .message .line-text').textContent(), 'first');
    await assertAccessible(page, 'what is new in the chat');

    // Who has scrolled up stays there, and is told.
    for (let line = 0; line < 4; line += 1) await ana.say('long\n'.repeat(12));
    await ben.until('four long ones', () => [...document.querySelectorAll('.line-text')].filter((one) => one.textContent.startsWith('long')).length === 4);
    await page.locator('#lines').evaluate((one) => (one.scrollTop = 0));
    await ben.until('scrolled up', () => document.getElementById('lines').scrollTop === 0);
    await page.waitForFunction(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))));
    await ana.say('third');
    await ben.untilText('#chat-newer', '1 new');
    assert.equal(await page.locator('#lines').evaluate((one) => one.scrollTop), 0);
    await page.locator('#chat-newer').click();
    await ben.until('the end', () => document.getElementById('chat-newer').hidden);
});

test('reactions float over the film for all, with the name; the palette by keyboard', async () => {
    const [ana, ben] = await partyOfTwo();
    const { page } = ben;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('textbox', { name: 'Message' }).fill('Look ');
    await page.getByRole('button', { name: 'Emoji and reactions' }).press('Enter');
    await assertAccessible(page, 'the palette');
    await picture(ben, 'palette');
    await page.keyboard.press('Enter');
    for (const one of [ana, ben]) await one.untilText('#reactions .reaction', 'Ben');
    for (let row = 0; row < 2; row += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('textbox', { name: 'Message' }).inputValue(), 'Look \u{1F644}');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'chat-text');
    await ben.until('it gone again', () => document.getElementById('reactions').childElementCount === 0);

    // On a full screen: from over the film.
    await page.locator('#chat-text').blur();
    await page.keyboard.press('f');
    await ben.until('full screen', () => document.fullscreenElement !== null);
    const own = page.locator('#react-menu summary');
    await own.click();
    await assertAccessible(page, 'reacting on a full screen');
    await page.locator('#react-menu').getByRole('button', { name: '\u{1F44F}' }).click();
    await ana.untilText('#reactions .reaction', '\u{1F44F}');
    await page.keyboard.press('r');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await ana.untilText('#reactions .reaction', '\u2764');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY', 'nothing keeps the controls there');
    await page.keyboard.press('f');
    await own.waitFor({ state: 'hidden' });
    await page.keyboard.press('r');
    assert.ok(await page.locator('#palette').isVisible(), 'in the chat again');
});
