// The page's face: in the language of whoever looks at it.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { house, member, picture } from './house.mjs';

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
    await ana.page.getByLabel('Sprache').selectOption('English');
    await ana.page.getByRole('button', { name: 'Start the party' }).waitFor();
    await ana.page.reload();
    await ana.page.getByLabel('Language').selectOption('Deutsch');
    await ana.page.getByRole('button', { name: 'Party starten' }).waitFor();
});

test('a party in German: what is done, and what the server refuses', async () => {
    const [ana, ben] = await Promise.all([german('Ana'), german('Ben')]);
    const { page } = ana;
    await page.goto(house.server.url);
    await page.getByRole('textbox', { name: 'Dein Name' }).fill('Ana');
    await page.getByRole('radio', { name: 'Eine Datei, die alle haben' }).check();
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
