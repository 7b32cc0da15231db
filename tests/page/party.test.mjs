// The page in real browser windows against the real server: everything that people do in a party.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { FILM_SECONDS } from './film.mjs';
import { SLOW, startFilmHost } from './film_host.mjs';
import { house, member, partyOfTwo, shot } from './house.mjs';
import { revisionOf, standTogether } from './member.mjs';
import { startProxy } from './proxy.mjs';

// How far Ana's film is ahead of Ben's, in ms, by the clock they share.
async function difference(ana, ben) {
    const [a, b] = await Promise.all([ana.look(), ben.look()]);
    return a.position - a.at - (b.position - b.at);
}

test('the start page, and a nickname with markup stays text', async () => {
    const ana = await member('<i>Ana</i> & <img src=x>');
    await ana.page.goto(house.server.url);
    await ana.page.locator('#home-film .tile').first().waitFor();
    await ana.page.screenshot({ path: shot('create') });
    await ana.create(house.server.url, { film: 'Test film' });
    await ana.untilText('#people .person-name', ana.name);
    assert.equal(await ana.page.locator('#people i, #people img').count(), 0);
    assert.equal(await ana.page.title(), 'Test film \u2013 SyncPlay');
    assert.match(await ana.page.locator('#party-code').textContent(), /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
});

test('the form says what is missing', async () => {
    const ana = await member('Ana');
    await ana.page.goto(house.server.url);
    await ana.press('Join');
    await ana.untilText('#join-problem', 'Enter the code');
    await ana.page.getByRole('radio', { name: 'A link' }).check();
    await ana.press('Start the party');
    await ana.untilText('#create-problem', 'Enter the address');
    await ana.page.getByLabel('Code or link').fill('ZZZZ-ZZZZ');
    await ana.press('Join');
    await ana.untilText('#join-problem', 'name');
    await ana.page.getByRole('textbox', { name: 'Your name' }).fill('Ana');
    await ana.press('Join');
    await ana.untilText('#door-title', 'No such party');
});

test('play from either moves both, and pause by either stops both at the same place', async () => {
    const [ana, ben] = await partyOfTwo();
    for (const [one, other] of [[ana, ben], [ben, ana]]) {
        const { position } = await one.look();
        await one.play();
        await Promise.all([ana.untilPlaying(position / 1000 + 1), ben.untilPlaying(position / 1000 + 1)]);
        const revision = await revisionOf(other);
        await other.pause();
        const stopped = await standTogether([ana, ben], revision);
        assert.ok(stopped > position, 'it has moved forward');
    }
});

test('seek by either, standing and playing', async () => {
    const [ana, ben] = await partyOfTwo();
    for (const [one, seconds] of [[ana, 12.3], [ben, 40.7]]) {
        const revision = await revisionOf(one);
        await one.seek(seconds);
        const position = await standTogether([ana, ben], revision);
        assert.ok(Math.abs(position - seconds * 1000) < 150, `at ${seconds} s: ${position} ms`);
    }
    await ben.play();
    await Promise.all([ana.untilPlaying(40.7), ben.untilPlaying(40.7)]);
    for (const [one, seconds] of [[ana, 5], [ben, 25]]) {
        await one.seek(seconds);
        for (const each of [ana, ben]) {
            await each.until(`playing on from ${seconds} s`, (from) => {
                const film = document.getElementById('film');
                return document.getElementById('stage').dataset.mode === 'playing' && !film.seeking
                    && film.currentTime > from && film.currentTime < from + 12;
            }, seconds);
        }
    }
    const revision = await revisionOf(ana);
    await ana.page.keyboard.press('Space');
    await standTogether([ana, ben], revision);
});

test('while playing, the windows stay together', async (t) => {
    const [ana, ben] = await partyOfTwo();
    await ana.play();
    await Promise.all([ana.untilPlaying(2), ben.untilPlaying(2)]);
    const seen = [];
    for (let position = 0; position < 9000; { position } = await ana.look()) {
        seen.push(Math.abs(await difference(ana, ben)));
        await ana.page.waitForTimeout(150);
    }
    seen.sort((a, b) => a - b);
    const at = (share) => seen[Math.floor(share * (seen.length - 1))].toFixed(1);
    t.diagnostic(`apart while playing, ms, ${seen.length} looks: median ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)}`);
    assert.ok(seen[Math.floor(seen.length / 2)] < 400, 'not in different places');
});

test('a film that has slipped is brought back: by a seek from far, by its speed from near', async () => {
    const [ana, ben] = await partyOfTwo({ control: 'host' }); // Ben's jumps are nobody's wish
    await ana.play();
    await Promise.all([ana.untilPlaying(1), ben.untilPlaying(1)]);
    for (const slip of [3, -0.2]) {
        await ben.page.evaluate((seconds) => (document.getElementById('film').currentTime += seconds), slip);
        assert.ok(Math.abs(await difference(ana, ben)) > 100, 'it has slipped');
        let apart = Infinity;
        for (let looks = 0; apart > 60 && looks < 200; looks += 1) {
            await ben.page.waitForTimeout(100);
            const { isSeeking, mode } = await ben.look();
            if (mode === 'playing' && !isSeeking) apart = Math.abs(await difference(ana, ben));
        }
        assert.ok(apart <= 60, `still apart: ${apart}`);
    }
});

test('somebody who comes late falls in, and the speed is everyone\u2019s', async (t) => {
    const [ana, ben] = await partyOfTwo();
    await ana.play();
    await ana.untilPlaying(2);
    const chris = await member('Chris');
    await chris.join(ana.link);
    await chris.untilPlaying(2);
    t.diagnostic(`Chris against Ana: ${(await difference(ana, chris)).toFixed(1)} ms`);
    await ben.speed('1.5\u00d7');
    for (const each of [ana, ben, chris]) {
        await each.until('speed 1.5', () => Math.abs(document.getElementById('film').playbackRate - 1.5) < 0.12
            && document.getElementById('speed').textContent === '1.5\u00d7');
    }
    const revision = await revisionOf(chris);
    await chris.pause();
    await standTogether([ana, ben, chris], revision);
});

test('chat goes both ways, is text, and is there for those who come later', async () => {
    const [ana, ben] = await partyOfTwo();
    await ben.say('Hello <b>you</b>');
    await ana.untilText('#lines .line-text', 'Hello <b>you</b>');
    await ana.say('Hi Ben, shall we?');
    await ben.untilText('#lines .line-text', 'Hi Ben, shall we?');
    await ana.say('<img src=x onerror=alert(1)>');
    await ben.untilText('#lines .line-text', '<img');
    assert.equal(await ben.page.locator('#lines b:text("you"), #lines img').count(), 0);
    await ana.untilText('#lines .system', 'Ben joined');
    const chris = await member('Chris', { viewport: { width: 360, height: 740 } });
    await chris.join(ana.link);
    await chris.untilText('#lines .line-text', 'Hello <b>you</b>');
    assert.equal(await chris.page.locator('#lines .message').count(), 3);
    await ana.play();
    await Promise.all([ana.untilPlaying(1), chris.untilPlaying(1)]);
    await ana.page.screenshot({ path: shot('party') });
    await chris.page.screenshot({ path: shot('narrow'), fullPage: true });
    const wide = await chris.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `no sideways scrolling at 360 px: ${wide}`);
});

test('a private party: knock and be let in, knock and be denied', async () => {
    const ana = await member('Ana');
    await ana.create(house.server.url, { film: 'Test film', visibility: 'private' });
    const ben = await member('Ben');
    await ben.follow(ana.link);
    await ben.untilText('#door-title', 'Waiting for the host');
    await ana.untilText('#knocking', 'Ben');
    await ana.page.screenshot({ path: shot('knock') });
    await ana.press('Let in: Ben');
    await ben.page.locator('#party').waitFor();
    await ana.untilText('#people', 'Ben');
    assert.equal(await ana.page.locator('#knocking li').count(), 0);

    const chris = await member('Chris');
    await chris.follow(ana.link);
    await ana.untilText('#knocking', 'Chris');
    await ana.press('Deny: Chris');
    await chris.untilText('#door-title', 'Not this time');
    assert.equal(await ana.page.locator('#people .person').count(), 2);
});

test('everyone\u2019s own file: who has none is waited for, and a second play goes on without', async () => {
    const ana = await member('Ana');
    const ben = await member('Ben');
    await ana.create(house.server.url, { film: 'local' });
    await ben.join(ana.link);
    await ana.untilText('#overlay-text', 'Open your copy');
    await ana.page.locator('#file').setInputFiles(house.film);
    await ana.until('being ready', () => document.querySelector('#people .person').classList.contains('ready'));
    await ana.play();
    await ana.untilText('#overlay-text', 'Waiting for Ben');
    await ana.page.screenshot({ path: shot('waiting') });
    await ana.press('Go on without them');
    await ana.untilPlaying(0.5);
    await ana.until('Ben excused', () => document.querySelector('#people .excused') !== null);
    await ben.page.locator('#file').setInputFiles(house.film);
    await Promise.all([ben.untilPlaying(0.5), ana.untilReady()]);
});

test('somebody whose film loads slowly is waited for, and then all start together', async (t) => {
    const ana = await member('Ana');
    const ben = await member('Ben');
    let letThrough;
    const gate = new Promise((resolve) => (letThrough = resolve));
    await ben.context.route('**/media/**', async (route) => {
        await gate;
        await route.continue();
    });
    await ana.create(house.server.url, { film: 'Test film' });
    await ben.join(ana.link);
    await ana.until('being ready', () => document.querySelector('#people .person').classList.contains('ready'));
    await ana.play();
    await ana.untilText('#overlay-text', 'Waiting for Ben');
    await ben.untilText('#overlay-text', 'Waiting for you');
    assert.equal((await ana.look()).isPaused, true);
    letThrough();
    await Promise.all([ana.untilPlaying(1), ben.untilPlaying(1)]);
    assert.ok(await ana.page.locator('#overlay').isHidden());
    t.diagnostic(`apart after the wait: ${(await difference(ana, ben)).toFixed(1)} ms`);
});

test('a film from elsewhere that stops coming for one stops for all, and goes on for all', async (t) => {
    const films = await startFilmHost(house.film);
    try {
        const ana = await member('Ana');
        const ben = await member('Ben', { userAgent: SLOW });
        await ana.create(house.server.url, { film: films.url });
        await ben.join(ana.link);
        await ana.untilText('#people', 'Ben');
        await Promise.all([ana.untilReady(), ben.untilReady()]);
        await ana.play();
        await Promise.all([ana.untilPlaying(), ben.untilPlaying()]);
        await ana.untilText('#overlay-text', 'Waiting for Ben');
        // Each hears of it, and stops, at a moment of its own.
        await Promise.all([ana, ben].map((one) => one.until('the film standing', () => document.getElementById('film').paused)));
        const { position } = await ana.look();
        films.letThrough();
        await Promise.all([ana, ben].map((one) => one.untilPlaying(position / 1000 + 0.5)));
        t.diagnostic(`apart after the stall: ${(await difference(ana, ben)).toFixed(1)} ms`);
    } finally {
        films.stop();
    }
});

test('only the host controls, until the seat is handed over; removal', async () => {
    const [ana, ben] = await partyOfTwo({ control: 'host' });
    assert.ok(await ben.page.locator('#play').isDisabled());
    await ben.page.keyboard.press('Space');
    await ana.page.getByLabel('More about Ben').click();
    await ana.press('Make host');
    await ana.press('Really make Ben the host?');
    await ana.untilText('#lines .system', 'Ben is the host now');
    await ben.until('may control', () => !document.getElementById('play').disabled);
    await ana.until('to be a controller', () => document.querySelector('#people .controls') !== null);
    await ana.play();
    await Promise.all([ana.untilPlaying(), ben.untilPlaying()]);
    await ben.page.getByLabel('More about Ana').click();
    await ben.press('Remove');
    await ana.untilText('#door-title', 'You were removed');
    await ben.untilText('#lines .system', 'Ana was removed');
});

test('a media key pauses everyone, and a reload leads back to the seat', async () => {
    const [ana, ben] = await partyOfTwo();
    await ana.play();
    await Promise.all([ana.untilPlaying(1), ben.untilPlaying(1)]);
    const revision = await revisionOf(ana);
    await ben.page.evaluate(() => document.getElementById('film').pause());
    await standTogether([ana, ben], revision);

    await ana.play();
    await ana.untilPlaying(1);
    await ben.page.reload();
    await ben.page.locator('#party').waitFor();
    // Without a gesture the browser may refuse sound; then there is a button.
    await ben.until('running or refused', () => {
        const { mode } = document.getElementById('stage').dataset;
        return mode === 'playing' ? document.getElementById('film').currentTime > 1 : mode === 'suspended';
    });
    if ((await ben.look()).mode === 'suspended') await ben.press('Tap to join in');
    await ben.untilPlaying(1);
    assert.equal(await ana.page.locator('#people .person').count(), 2);
    assert.equal(await ana.page.locator('#lines .system:has-text("Ben")').count(), 1, 'only the first join is told');
});

test('at the end everyone stands there, and play begins again', async () => {
    const [ana, ben] = await partyOfTwo();
    await ben.seek(FILM_SECONDS - 2);
    await Promise.all([ana, ben].map((one) => one.until('being there', () => document.getElementById('film').currentTime > 57)));
    await ben.play();
    await ben.untilPlaying();
    const end = await standTogether([ana, ben], await revisionOf(ben));
    assert.ok(end > 1000 * FILM_SECONDS - 500, `at the end: ${end}`);
    await ben.play();
    for (const one of [ana, ben]) {
        await one.untilPlaying();
        assert.ok((await one.look()).position < 30000, 'from the beginning');
    }
});

test('the host changes settings and the film', async () => {
    const [ana, ben] = await partyOfTwo();
    await ana.press('Settings');
    await ana.page.getByRole('checkbox', { name: 'Chat' }).uncheck();
    await ana.page.getByRole('combobox', { name: 'Who controls the film' }).selectOption('host');
    await ben.until('no chat and no control', () => document.getElementById('chat-text').disabled
        && document.getElementById('play').disabled);
    await ana.page.getByText('Change the film').click();
    await ana.page.getByRole('radio', { name: 'Our own files' }).check();
    await ana.press('Change it for everyone');
    await Promise.all([ana, ben].map((one) => one.untilText('#overlay-text', 'Open your copy')));
});

test('behind a proxy, below a path of its own', async () => {
    const proxy = await startProxy(house.server, '/films/');
    try {
        const ana = await member('Ana');
        const ben = await member('Ben');
        await ana.create(proxy.url, { film: 'Test film' });
        assert.ok(ana.link.startsWith(`${proxy.url}join/`));
        await ben.join(ana.link);
        await ana.untilText('#people', 'Ben');
        await ana.untilReady();
        await ben.play();
        await Promise.all([ana.untilPlaying(0.5), ben.untilPlaying(0.5)]);
    } finally {
        proxy.stop();
    }
});

test('the server is killed and comes back: so does everybody, to seat and place', async (t) => {
    const [ana, ben] = await partyOfTwo();
    await ana.say('before');
    await ben.untilText('#lines', 'before');
    await ana.play();
    await Promise.all([ana.untilPlaying(1), ben.untilPlaying(1)]);
    await house.server.kill();
    await Promise.all([ana, ben].map((one) => one.untilText('#connection', 'Connection lost')));
    const gone = await ana.look();
    assert.equal(gone.isPaused, false, 'the film goes on');
    await ana.page.screenshot({ path: shot('lost') });
    await house.server.start();
    for (const one of [ana, ben]) {
        await one.until('being back', () => {
            const banner = document.getElementById('connection');
            return banner.hidden || banner.classList.contains('good');
        });
        await one.until('both connected', () => document.querySelectorAll('#people .person:not(.away)').length === 2);
        await one.untilPlaying(gone.position / 1000);
    }
    t.diagnostic(`apart after the restart: ${(await difference(ana, ben)).toFixed(1)} ms`);
    assert.ok(await ana.page.locator('#people .person:has-text("Ana") .tag.host').isVisible(), 'Ana is still the host');
    assert.equal(await ben.page.locator('#lines .message').count(), 1, 'the chat is there once');
    const now = await ana.look();
    const expected = gone.position + (now.at - gone.at);
    assert.ok(Math.abs(now.position - expected) < 1500, `where it should be: ${now.position}, expected ${expected}`);
    await ben.say('after');
    await ana.untilText('#lines', 'after');
    const revision = await revisionOf(ana);
    await ben.pause();
    await standTogether([ana, ben], revision);
});

test('a second window takes the seat over; the end is seen by all', async () => {
    const [ana, ben] = await partyOfTwo();
    const second = await ben.context.newPage();
    await second.goto(ana.link);
    await ben.untilText('#door-title', 'You are here twice');
    await second.locator('#party').waitFor();
    await ana.press('Settings');
    await ana.page.screenshot({ path: shot('settings') });
    await ana.press('Done');
    // The host is asked, and may stay after all.
    await ana.press('Leave');
    await ana.press('Stay');
    assert.ok(await ana.page.locator('#leaving').isHidden());
    await ana.say('Still here');
    await second.locator('#lines', { hasText: 'Still here' }).waitFor();
    await ana.press('Leave');
    await ana.press('End for everyone');
    await second.locator('#door-title', { hasText: 'The party is over' }).waitFor();
    await ana.untilText('#door-title', 'The party is over');
});
