// Coming back: after a lost connection, after a reload, from a copy of the window.

import { strict as assert } from 'node:assert';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Server } from '../server/server.mjs';
import { assertAccessible } from './axe.mjs';
import { assertFits } from './fits.mjs';
import { house, member, partyOfTwo } from './house.mjs';
import { last } from './member.mjs';
import { startProxy } from './proxy.mjs';

test('a lost connection is resumed: what was missed comes once, and the film is where it is', async () => {
    const server = await Server.start({ AWAY_AFTER: '0s' });
    copyFileSync(house.film, join(server.media, 'Test film.webm'));
    const proxy = await startProxy(server, '/films/');
    try {
        const [ana, ben] = await Promise.all([member('Ana'), member('Ben')]);
        await ana.create(server.url, { film: 'Test film' });
        await ben.join(`${proxy.url}join/${ana.code}`);
        await ana.untilText('#people', 'Ben');
        await Promise.all([ana.untilReady(), ben.untilReady()]);
        // With so much told already, what is missed is less than the whole truth.
        for (const letter of 'abcd') await ana.say(letter.repeat(500));
        await ben.untilText('#lines', 'dddd');
        proxy.cut();
        await ben.untilText('#connection', 'Connection lost');
        await ana.untilText('#people .away', 'Ben');
        await ana.say('missed');
        await ana.untilText('#lines', 'missed');
        await ana.seek(20);
        await ana.play();
        await ana.untilPlaying(20.2);
        proxy.mend();
        await ben.untilText('#lines', 'missed');
        await ben.untilPlaying(20.2);
        const { cursor, resume_token: token } = last(ben.said, 'join');
        assert.ok(cursor > 0 && token);
        assert.ok(last(ben.heard, 'resumed'), 'no whole state');
        assert.equal(ben.heard.filter((one) => one.type === 'state').length, 1);
        assert.equal(await ben.page.locator('.message').count(), 5, 'each message once');
        for (const one of [ana, ben]) await one.until('nobody away', () => document.querySelector('#people .away') === null);
        let apart = Infinity;
        for (let looks = 0; apart > 60 && looks < 100; looks += 1) {
            await ben.page.waitForTimeout(50);
            const [a, b] = await Promise.all([ana.look(), ben.look()]);
            if (b.mode === 'playing' && !b.isSeeking) apart = Math.abs(a.position - a.at - (b.position - b.at));
        }
        assert.ok(apart <= 60, `still apart: ${apart}`);

        await ben.page.reload();
        await ben.page.locator('#party').waitFor();
        await ben.untilText('#lines', 'missed');
        const again = last(ben.said, 'join');
        assert.ok(again.resume_token && again.resume_token !== token, 'the token of the last join');
        assert.equal(again.cursor, undefined, 'a new page has seen nothing yet');
    } finally {
        proxy.stop();
        await server.finish();
    }
});

test('who likes it so has the film stand while the connection is lost; for the others it goes on', async () => {
    const proxy = await startProxy(house.server, '/films/');
    try {
        const [ana, ben] = await Promise.all([member('Ana'), member('Ben', { reducedMotion: 'reduce' })]);
        await ana.create(house.server.url, { film: 'Test film' });
        await ben.join(`${proxy.url}join/${ana.code}`);
        await ben.press('Settings');
        await ben.page.getByLabel('When the connection is lost').selectOption('Pause the film');
        await ben.press('Done');
        await ana.untilText('#people', 'Ben');
        await Promise.all([ana.untilReady(), ben.untilReady()]);
        await ana.play();
        await Promise.all([ana.untilPlaying(), ben.untilPlaying()]);
        proxy.cut();
        await ben.untilText('#connection', 'Connection lost. The film waits here.');
        await ben.until('the film standing', () => document.getElementById('film').paused);
        const { position } = await ben.look();
        await assertAccessible(ben.page, 'a lost connection');
        await assertFits(ben.page, 'a lost connection');
        await ana.untilPlaying(position / 1000 + 0.5);
        assert.equal((await ben.look()).position, position, 'it has not moved since');
        proxy.mend();
        await ben.press('Try now');
        await ben.untilPlaying(position / 1000 + 0.5);
        assert.equal((await ana.look()).isPaused, false);
    } finally {
        proxy.stop();
    }
});

test('a copy of the window asks before it takes the seat', async () => {
    const [ana, ben] = await partyOfTwo();
    // A copied tab begins with a copy of its storage; the first one moves on to another token.
    const [copy] = await Promise.all([ben.context.waitForEvent('page'), ben.page.evaluate(() => window.open('about:blank') && null)]);
    await ben.page.reload();
    await ben.page.locator('#party').waitFor();
    await copy.goto(ana.link);
    await copy.locator('#door-text', { hasText: 'open in another window. Use it here instead?' }).waitFor();
    assert.ok(await ben.page.locator('#party').isVisible());
    await copy.getByRole('button', { name: 'Use it here' }).click();
    await copy.locator('#party').waitFor();
    await ben.untilText('#door-title', 'You are here twice');
    assert.equal(await ana.page.locator('#people .person').count(), 2);
    await ben.press('Try again');
    await ben.page.locator('#party').waitFor();
});

test('a token of a seat that was given up is no obstacle', async () => {
    const [ana, ben] = await Promise.all([member('Ana'), member('Ben')]);
    await ana.create(house.server.url, { film: 'Test film' });
    await ben.page.goto(house.server.url);
    await ben.page.evaluate((code) => sessionStorage.setItem(`syncplay.seat.${code}`, 'A'.repeat(24)), ana.code);
    await ben.join(ana.link);
    assert.equal(last(ben.heard, 'error').code, 'bad_resume_token');
    await ana.untilText('#people', 'Ben');
});

test('a connection that is lost before it is known who has the seat leaves the question to the next one', async () => {
    const proxy = await startProxy(house.server, '/films/');
    try {
        const [ana, ben] = await Promise.all([member('Ana'), member('Ben')]);
        await ana.create(house.server.url, { film: 'Test film' });
        const held = [];
        await ben.page.route(`**/sessions/${ana.code}/participants`, (route) => held.push(route));
        await ben.page.goto(proxy.url);
        await ben.page.evaluate((code) => sessionStorage.setItem(`syncplay.seat.${code}`, 'A'.repeat(24)), ana.code);
        const asked = async (count) => {
            while (held.length < count) await ben.page.waitForTimeout(20);
        };
        await ben.follow(`${proxy.url}join/${ana.code}`);
        await asked(1);
        proxy.cut();
        await ben.untilText('#connection', 'No connection');
        proxy.mend();
        await asked(2);
        await held[0].fulfill({ json: { participants: [] } });
        await held[1].fulfill({ json: { participants: [] } });
        await ben.page.locator('#party').waitFor();
        await ana.untilText('#people', 'Ben');
        const joins = ben.said.filter(({ type }) => type === 'join');
        assert.deepEqual(joins.map((join) => join.resume_token !== undefined), [true, true, false]);
    } finally {
        proxy.stop();
    }
});
