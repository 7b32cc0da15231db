// The player of a party in real windows: its controls, keys and subtitles, and what stands over the film.

import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { violations } from './axe.mjs';
import { assertFits } from './fits.mjs';
import { house, member, partyOfTwo } from './house.mjs';
import { revisionOf, standTogether } from './member.mjs';

const SRT = '1\n00:00:00,000 --> 00:00:58,000\n<i>Guten</i> Abend\n';
const VTT = 'WEBVTT\n\n00:00.000 --> 00:58.000\n<c.overlay>Good evening</c>\n\n00:00.000 --> 00:58.000 line:0\nAbove\n';
const TELEPHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

before(() => writeFileSync(join(dirname(house.film), 'Test film.de.srt'), SRT));

const captions = ({ page }) => page.locator('.caption').allTextContents();
const sent = (one, type) => one.said.filter((message) => message.type === type).length;

test('the seek bar shows every piece that is loaded, and the time under pointer and keyboard', async () => {
    const ana = await member('Ana');
    // Two pieces, as after a leap.
    await ana.page.addInitScript(() => Object.defineProperty(HTMLMediaElement.prototype, 'buffered', {
        get: () => ({ length: 2, start: (index) => 30 * index, end: (index) => 30 * index + 15 }),
    }));
    await ana.create(house.server.url, { film: 'Test film' });
    const { page } = ana;
    await ana.until('two pieces', () => (document.getElementById('seek-track').style.getPropertyValue('--loaded')
        .match(/var\(--track-loaded\)/g) ?? []).length === 2);
    const loaded = await page.evaluate(() => document.getElementById('seek-track').style.getPropertyValue('--loaded'));
    assert.match(loaded, /--track-loaded\) 0\.00% (24\.9|25\.0).*--track-loaded\) (49\.9|50\.0)\d% 7[45]\./);
    const bubble = page.locator('#seek-bubble');
    assert.ok(await bubble.isHidden());
    const { width } = await page.locator('#seek').boundingBox();
    await page.locator('#seek').hover({ position: { x: width / 2, y: 10 } });
    assert.equal(await bubble.textContent(), '0:30');
    await page.mouse.move(300, 300);
    assert.ok(await bubble.isHidden());
    // The keyboard: the bubble is where the film stands, and goes along.
    for (let count = 0; count < 60; count += 1) {
        if (await page.evaluate(() => document.activeElement.id === 'seek')) break;
        await page.keyboard.press('Tab');
    }
    assert.equal(await bubble.textContent(), '0:00');
    await page.keyboard.press('ArrowRight');
    await ana.untilText('#seek-bubble', '0:05');
    await page.locator('#time-toggle').click();
    await ana.untilText('#time', '\u22120:55');
    await page.reload();
    await ana.untilText('#time', '\u22120:55');
});

test('steps of ten seconds: by button and key, many in one; every key, but not while writing', async () => {
    const [ana, ben] = await partyOfTwo();
    const { page } = ana;
    const stand = async (seconds) => {
        await ana.until(`at ${seconds} s`, (place) => document.getElementById('stage').dataset.mode === 'standing'
            && Math.abs(document.getElementById('film').currentTime - place) < 0.2, seconds);
    };
    await ana.press('Forward 10 seconds');
    await stand(10);
    for (let count = 0; count < 4; count += 1) await page.keyboard.press('l');
    await stand(50);
    assert.ok(sent(ana, 'seek') < 5, `gathered: ${sent(ana, 'seek')}`);
    await page.keyboard.press('j');
    await stand(40);
    await page.keyboard.press('ArrowLeft');
    await stand(35);
    await page.keyboard.press('Shift+ArrowLeft');
    await stand(5);
    await ben.until('there, too', () => document.getElementById('film').currentTime === 5);
    await ben.untilText('#toast', 'Ana went to 0:05');

    await page.keyboard.press('m');
    assert.equal(await page.evaluate(() => document.getElementById('film').muted), true);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await ana.untilText('#toast', 'Volume 5 %');
    await page.reload();
    await ana.until('the volume of before', () => document.getElementById('film').volume === 0.05);
    assert.equal(await ben.page.evaluate(() => document.getElementById('film').volume), 1);

    await ana.untilReady();
    await page.keyboard.press('f');
    await ana.until('full screen', () => document.fullscreenElement?.id === 'stage');
    await page.keyboard.press('f');
    await ana.until('no full screen', () => !document.fullscreenElement);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(await page.locator('#keys kbd').allTextContents(),
        ['Space', 'K', '\u2190', '\u2192', 'J', 'L', '\u2191', '\u2193', 'M', 'F', 'P', 'C', 'R', '?']);
    await page.keyboard.press('Escape');
    assert.ok(await page.locator('#keys').isHidden());
    await ana.choose('playing', 'Keyboard');
    await ana.press('Done');

    const revision = await revisionOf(ana);
    await page.locator('#chat-text').focus();
    await page.keyboard.type('jklm? fc');
    assert.equal(await page.locator('#chat-text').inputValue(), 'jklm? fc');
    assert.ok(await page.locator('#keys').isHidden());
    assert.equal(await revisionOf(ana), revision);
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('k');
    await Promise.all([ana.untilPlaying(5), ben.untilPlaying(5)]);
    await page.keyboard.press('k');
    await standTogether([ana, ben], revision + 1);
});

test('subtitles from beside the film and from a file, above the controls, and of one\u2019s own choice', async () => {
    const [ana, ben] = await partyOfTwo();
    const { page } = ana;
    const menu = page.locator('#subtitles-menu');
    await menu.locator('summary').click();
    assert.deepEqual(await menu.locator('.menu-choices button').allTextContents(), ['Off', 'German']);
    assert.deepEqual(await violations(page), []);
    await menu.getByRole('button', { name: 'German' }).click();
    await ana.untilText('.caption', 'Guten Abend');
    assert.equal(await page.locator('.caption i').textContent(), 'Guten');
    const [words, controls] = await page.evaluate(() => ['.caption', '#seek-track'].map((one) =>
        document.querySelector(one).getBoundingClientRect()));
    assert.ok(words.bottom <= controls.top + 2, `${words.bottom} above ${controls.top}`);

    const mine = { name: 'mine.vtt', mimeType: 'text/vtt', buffer: Buffer.from(VTT) };
    await page.locator('#subtitles-file').setInputFiles(mine);
    await ana.untilText('.caption', 'Good evening');
    await ana.untilText('#toast', 'Subtitles: mine.vtt');
    assert.deepEqual((await captions(ana)).sort(), ['Above', 'Good evening']);
    assert.equal(await page.locator('.caption .overlay').count(), 0, 'a file names no classes of the page');
    const above = await page.locator('.at-top').boundingBox();
    assert.ok(above.y + above.height < words.top, 'what belongs above is there');
    await menu.locator('summary').click();
    await menu.getByRole('button', { name: 'Large' }).click();
    assert.equal(await page.locator('#captions').getAttribute('data-size'), 'large');

    await page.keyboard.press('c');
    await ana.until('none', () => !document.querySelector('.caption'));
    await page.keyboard.press('c');
    await ana.untilText('.caption', 'Good evening');
    const wrong = { name: 'wrong.srt', mimeType: 'text/plain', buffer: Buffer.from('nothing') };
    await page.locator('#subtitles-file').setInputFiles(wrong);
    await ana.untilText('#toast', 'There are no subtitles in wrong.srt');
    assert.deepEqual(await captions(ben), []);
    assert.ok(!JSON.stringify(ana.said).includes('subtitle'), 'the party hears nothing of it');

    // Another load of the page remembers language and size.
    await menu.locator('summary').click();
    await menu.getByRole('button', { name: 'German' }).click();
    await page.reload();
    await ana.untilText('.caption', 'Guten Abend');
    assert.equal(await page.locator('#captions').getAttribute('data-size'), 'large');
});

test('controls fade while it plays and nobody moves, and stay while they are needed', async () => {
    const ana = await member('Ana');
    // Three seconds pass when the test says so.
    await ana.page.addInitScript(() => {
        const later = window.setTimeout;
        window.setTimeout = (call, delay, ...more) => {
            if (delay !== 3000) return later(call, delay, ...more);
            window.pass = call;
            return 0;
        };
    });
    await ana.create(house.server.url, { film: 'Test film' });
    await ana.untilReady();
    const { page } = ana;
    const isIdle = () => page.evaluate(() => document.getElementById('stage').classList.contains('idle'));
    const isIdleLater = async () => {
        await page.evaluate(() => window.pass());
        return isIdle();
    };
    await ana.play();
    await ana.untilPlaying();
    for (const isFull of [false, true]) {
        if (isFull) await page.keyboard.press('f');
        await page.locator(`#full[aria-label="${isFull ? 'Leave full screen' : 'Full screen'}"]`).waitFor();
        assert.equal(await isIdleLater(), true);
        await ana.until('gone', () => getComputedStyle(document.getElementById('controls')).opacity === '0');
        assert.equal(await page.evaluate(() => getComputedStyle(document.getElementById('stage')).cursor), 'none');
        await page.mouse.move(300, isFull ? 310 : 300);
        assert.equal(await isIdle(), false, 'a movement brings them back');
    }
    await page.keyboard.press('f');
    await page.locator('#player-menu summary').click();
    assert.equal(await isIdleLater(), false, 'while a menu is open');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    assert.equal(await isIdleLater(), false, 'while the keyboard is there');
    await page.locator('#chat-text').focus();
    assert.equal(await isIdleLater(), true);
    await page.mouse.click(300, 300); // on the film: pauses
    await ana.untilStanding();
    assert.equal(await isIdleLater(), false, 'while it stands');
    await ana.until('seen', () => getComputedStyle(document.getElementById('controls')).opacity === '1');
});

test('on a telephone a tap shows and hides the controls, and all of them are within reach', async () => {
    const ana = await member('Ana', { ...TELEPHONE, reducedMotion: 'reduce' });
    await ana.create(house.server.url, { film: 'Test film' });
    await ana.untilReady();
    const { page } = ana;
    await page.locator('#overlay-button').tap();
    await ana.untilPlaying();
    await page.touchscreen.tap(40, 120);
    await ana.until('hidden', () => document.getElementById('stage').classList.contains('idle'));
    await page.touchscreen.tap(40, 120);
    await ana.until('shown', () => !document.getElementById('stage').classList.contains('idle'));
    assert.equal((await ana.look()).isPaused, false, 'a tap does not pause');
    const rows = await page.evaluate(() => {
        const parts = [...document.querySelectorAll('.controls > :not(.spring)')].filter((one) => one.offsetWidth > 0);
        return parts.map((one) => Math.round(one.getBoundingClientRect().top + one.getBoundingClientRect().height / 2));
    });
    assert.ok(new Set(rows).size <= 2, `two rows: ${rows}`);
    await page.locator('#player-menu summary').tap();
    const more = await page.locator('#player-menu button:visible').allTextContents();
    for (const one of ['Watch apart', 'Resync', 'Keyboard', '1.5\u00d7']) assert.ok(more.includes(one), `${more}`);
    const small = await page.evaluate(() => [...document.querySelectorAll(':is(.controls, .centre) :is(button, summary)')]
        .filter((one) => one.offsetWidth > 0).map((one) => one.getBoundingClientRect())
        .filter(({ width, height }) => width < 40 || height < 40).length);
    assert.equal(small, 0, 'nothing is smaller than a finger');
    await page.locator('#player-menu').getByRole('button', { name: '1.5\u00d7' }).tap();
    await ana.untilText('#speed', '1.5');
    await assertFits(page, 'a film that plays');
    await page.locator('#centre-play').tap();
    await ana.untilStanding();
    assert.deepEqual(await violations(page), []);
});

test('who may not control sees why', async () => {
    const [ana, ben] = await partyOfTwo({ control: 'host' });
    const { page } = ben;
    const REASON = 'The host controls the film';
    for (const id of ['play', 'back', 'forward', 'seek']) assert.ok(await page.locator(`#${id}`).isDisabled(), id);
    for (const id of ['play', 'back', 'forward', 'seek-track']) {
        assert.equal(await page.locator(`#${id}`).getAttribute('title'), REASON);
    }
    assert.equal(await page.locator('#play').getAttribute('aria-description'), REASON);
    await page.locator('#speed-menu summary').click();
    assert.ok(await page.locator('#speed-menu button').first().isDisabled());
    await page.keyboard.press('Escape');
    await ben.untilText('#overlay-text', 'The host starts the film');
    await page.keyboard.press('k');
    await ben.untilText('#toast', REASON);
    assert.equal(sent(ben, 'play'), 0);
    await ana.play();
    await ben.untilPlaying();
    await ben.choose('playing', 'Watch apart');
    await ben.until('own controls', () => !document.querySelector('#play:disabled, #seek:disabled'));
    await ben.press('Back in step');
    await ben.until('none again', () => document.getElementById('play').disabled);
});

test('a small window on top: its button, its key, and none where the browser has none', async () => {
    const ana = await member('Ana');
    await ana.page.addInitScript(() => {
        window.small = null;
        Object.defineProperty(document, 'pictureInPictureEnabled', { get: () => !location.search.includes('none') });
        Object.defineProperty(document, 'pictureInPictureElement', { get: () => window.small });
        const turn = (film, isSmall) => {
            window.small = isSmall ? film : null;
            const name = isSmall ? 'enterpictureinpicture' : 'leavepictureinpicture';
            document.getElementById('film').dispatchEvent(new Event(name));
        };
        HTMLVideoElement.prototype.requestPictureInPicture = async function () { turn(this, true); };
        document.exitPictureInPicture = async () => turn(null, false);
    });
    await ana.create(house.server.url, { film: 'Test film' });
    const { page } = ana;
    await page.locator('#pip').click();
    assert.equal(await page.locator('#pip').getAttribute('aria-pressed'), 'true');
    assert.equal(await page.evaluate(() => window.small?.id), 'film');
    await page.keyboard.press('p');
    await ana.until('large again', () => document.getElementById('pip').getAttribute('aria-pressed') === 'false');
    await page.goto(`${page.url()}?none`);
    await page.locator('#party').waitFor();
    assert.ok(await page.locator('#pip').isHidden());
    assert.ok(!(await ana.menu('playing')).includes('Small window on top'));
});

// A browser that lets a film be heard only after a tap, but play without a sound.
function hush() {
    const { play } = HTMLMediaElement.prototype;
    let isAllowed = false;
    addEventListener('click', () => (isAllowed = true), true);
    HTMLMediaElement.prototype.play = function () {
        if (isAllowed || this.muted) return play.call(this);
        return Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
    };
}

test('a browser that wants a tap for sound: the film begins without, and a tap anywhere on it is heard', async () => {
    const [ana, ben] = [await member('Ana'), await member('Ben')];
    await ben.page.addInitScript(hush);
    await ana.create(house.server.url, { film: 'Test film' });
    await ben.join(ana.link);
    await ben.page.reload();
    await ana.untilText('#people', 'Ben');
    await Promise.all([ana.untilReady(), ben.untilReady()]);
    await ana.play();
    await Promise.all([ana.untilPlaying(1), ben.untilPlaying(1)]);
    await ben.page.getByRole('button', { name: 'Tap for sound' }).waitFor();
    await ben.page.locator('#film').click({ position: { x: 200, y: 200 } });
    await ben.until('sound', () => !document.getElementById('film').muted && document.getElementById('hushed').hidden);
    await ben.untilPlaying(1.2);
    assert.equal(sent(ben, 'pause'), 0, 'the tap pauses nobody');
});

test('a film that is not there, is tried again, and ends', async () => {
    const ana = await member('Ana');
    let isThere = false;
    const answer = (route) => (isThere ? route.continue() : route.fulfill({ status: 404 }));
    await ana.page.route('**/media/Test%20film.webm', answer);
    await ana.create(house.server.url, { film: 'Test film' });
    await ana.untilText('#overlay-hint', 'There is no film at its address.');
    const { page } = ana;
    ana.problems.splice(0); // what the browser itself says about it
    isThere = true;
    await ana.press('Try again');
    await ana.untilText('#overlay-text', 'Ready when you are');
    await ana.untilReady();
    assert.equal(await page.evaluate(() => navigator.mediaSession.metadata.title), 'Test film');
    await ana.seek(59);
    await page.locator('#overlay').click({ position: { x: 20, y: 20 } }); // the whole picture is the button
    await ana.untilText('#overlay-text', 'The end');
    await ana.press('Watch again');
    await ana.until('from the beginning', () => {
        const film = document.getElementById('film');
        return film.currentTime < 30 && !film.paused;
    });
});
