// The page's face: in the language, and the theme, of whoever looks at it.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { house, member, partyOfTwo, picture } from './house.mjs';

const german = (name) => member(name, { locale: 'de-AT' });

test('the page speaks as the browser asks, or as was chosen, and remembers it', async () => {
    const ana = await german('Ana');
    const loaded = [];
    ana.page.on('request', (request) => /messages_/.test(request.url()) && loaded.push(request.url()));
    await ana.page.goto(house.server.url);
    await ana.page.getByRole('button', { name: 'Party starten' }).waitFor();
    assert.equal(await ana.page.locator('html').getAttribute('lang'), 'de');
    assert.deepEqual(loaded.map((url) => url.split('/').at(-1)), ['messages_de.js'], 'and loads no other language');
    await picture(ana, 'home-de');
    await ana.page.locator('#language').selectOption('English');
    await ana.page.getByRole('button', { name: 'Start the party' }).waitFor();
    await ana.page.reload();
    await ana.page.locator('#language').selectOption('Deutsch');
    await ana.page.getByRole('button', { name: 'Party starten' }).waitFor();
});

test('a party in German: what is done, and what the server refuses', async () => {
    const [ana, ben] = await Promise.all([german('Ana'), german('Ben')]);
    const { page } = ana;
    await page.goto(house.server.url);
    await page.getByRole('textbox', { name: 'Dein Name' }).fill('Ana');
    await page.getByRole('radio', { name: 'Eigene Dateien' }).check();
    await page.getByText('Wer den Link hat, darf kommen.').click();
    await page.getByRole('combobox', { name: 'Wer darf kommen?' }).selectOption('private');
    await ana.press('Party starten');
    await ana.untilText('#overlay-text', 'Öffne deine Kopie des Films');
    await ben.page.goto(page.url());
    await ben.page.getByRole('textbox', { name: 'Dein Name' }).fill('Ben');
    await ben.press('Mitmachen');
    await ana.press('Hereinlassen: Ben');
    await ben.page.locator('#party').waitFor();
    await ana.untilText('#lines .system', 'Ben ist jetzt dabei');
    await page.locator('#file').setInputFiles(house.film);
    await ana.until('being ready', () => document.querySelector('#people .person').classList.contains('ready'));
    await ana.play('Abspielen');
    await ana.untilText('#overlay-text', 'Wir warten auf Ben');
    await picture(ana, 'party-de');
    await page.getByLabel('Mehr zu Ben').click();
    await ana.press('Entfernen');
    await ben.untilText('#door-title', 'Du wurdest entfernt');
    await ben.page.reload();
    await ben.untilText('#door-text', 'darfst in 5 Minuten wiederkommen');
});

test('the theme is dark, or as was chosen, or as the system likes it, from the first paint on', async () => {
    const ana = await member('Ana', { colorScheme: 'light' });
    const { page } = ana;
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    // As the document is when its body begins, before any module has run.
    await page.addInitScript(() => {
        new MutationObserver((_, observer) => {
            if (!document.body) return;
            window.firstTheme = document.documentElement.dataset.theme;
            observer.disconnect();
        }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(house.server.url);
    const themes = [await page.evaluate(() => window.firstTheme)];
    const dark = await ground();
    await page.locator('#theme').selectOption('As the system');
    const light = await ground();
    assert.notEqual(light, dark);
    await picture(ana, 'home-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await ana.until('dark', () => document.documentElement.dataset.theme === 'dark');
    assert.equal(await ground(), dark);
    await page.locator('#theme').selectOption('Light');
    assert.equal(await ground(), light);
    await page.reload();
    themes.push(await page.evaluate(() => window.firstTheme));
    assert.deepEqual(themes, ['dark', 'light']);
    await page.locator('#theme').selectOption('As the system');
    assert.equal(await ground(), dark);
});

test('a party in the light: the film stays dark', async () => {
    const [ana, ben] = await partyOfTwo();
    await ana.page.evaluate(() => window.theme.choose('light'));
    await ben.say('Hello! Shall we begin?');
    await ana.say('Yes, one moment');
    await ana.untilText('#lines', 'Hello!');
    const grounds = await ana.page.evaluate(() => ['.stage', '#player-menu .menu-list', '.side'].map((one) =>
        getComputedStyle(document.querySelector(one)).backgroundColor));
    assert.deepEqual(grounds.slice(0, 2), ['rgb(0, 0, 0)', 'rgb(27, 30, 36)']);
    assert.equal(grounds[2], 'rgb(255, 253, 248)');
    await picture(ana, 'party-light');
    await ana.press('Settings');
    await picture(ana, 'settings-light');
    await ana.press('Done');
    await picture(ana, 'menu-light', () => ana.menu('Ben'));
});
