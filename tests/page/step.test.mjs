// In step, in real windows: how near, out of step on purpose and back, and what browsers put in the way.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { house, member, partyOfTwo, picture } from './house.mjs';
import { last, revisionOf, standTogether } from './member.mjs';

const TAP = 'Tap to join in';

async function apart(ana, ben) {
    const [a, b] = await Promise.all([ana.shown(), ben.shown()]);
    return Math.abs(a - b);
}

// Both are asked again for a while: a window that the machine has no time for is late without a fault of the page's.
async function untilTogether(ana, ben, most = 40) {
    let seen = Infinity;
    for (let looks = 0; seen > most && looks < 20; looks += 1) seen = await apart(ana, ben);
    assert.ok(seen <= most, `still apart: ${seen} ms`);
    return seen;
}

const sent = (one, type) => one.said.filter((message) => message.type === type).length;

test('three seconds after the start the pictures are within a frame, and pause lands on the same one', async (t) => {
    const [ana, ben] = await partyOfTwo();
    await ana.play();
    await Promise.all([ana.untilPlaying(3), ben.untilPlaying(3)]);
    t.diagnostic(`pictures apart: ${(await untilTogether(ana, ben)).toFixed(1)} ms`);
    for (const [one, other] of [[ana, ben], [ben, ana]]) {
        const revision = await revisionOf(one);
        await one.pause();
        await standTogether([ana, ben], revision);
        assert.equal(await one.still(), await other.still());
        await other.play();
        await Promise.all([ana.untilPlaying(), ben.untilPlaying()]);
    }
    const { drift, clockError } = await ana.page.evaluate(() => ({ ...document.getElementById('stage').dataset }));
    assert.match(clockError, /^\d+\.\d$/);
    assert.match(drift, /^(NaN|-?\d+\.\d)$/);
});

test('one watches apart, is not waited for, does as they like, and comes back', async () => {
    const [ana, ben] = await partyOfTwo({ control: 'host' });
    await ana.play();
    await Promise.all([ana.untilPlaying(1), ben.untilPlaying(1)]);
    await picture(ben, 'menu', () => ben.menu('playing'));
    await ben.choose('playing', 'Watch apart');
    await ben.untilText('#apart-text', 'You watch apart');
    await ana.until('Ben not waited for', () => document.querySelector('#people .excused') !== null);
    const revision = await revisionOf(ana);
    assert.equal((await ben.look()).rate, 1, 'no nudge stays');
    const before = sent(ben, 'seek') + sent(ben, 'pause') + sent(ben, 'play') + sent(ben, 'speed');
    await ben.seek(40);
    await ben.until('the own place', () => document.getElementById('film').currentTime >= 40);
    await ben.speed('0.5\u00d7');
    assert.equal((await ben.look()).rate, 0.5);
    await ben.pause();
    assert.equal((await ben.look()).isPaused, true);
    await picture(ben, 'apart', () => ben.menu('playing'));
    await ben.page.setViewportSize({ width: 360, height: 740 });
    const tops = await ben.page.evaluate(() => ['play', 'player-menu', 'full'].map((id) => {
        const { top, height } = document.getElementById(id).getBoundingClientRect();
        return top + height / 2;
    }));
    assert.ok(Math.max(...tops) - Math.min(...tops) < 4, `the controls are one row: ${tops}`);
    await ben.page.setViewportSize({ width: 1280, height: 800 });
    await ben.page.keyboard.press('Escape');
    await ana.untilPlaying(3);
    assert.equal((await ben.look()).isPaused, true, 'left alone');
    assert.equal(sent(ben, 'seek') + sent(ben, 'pause') + sent(ben, 'play') + sent(ben, 'speed'), before);
    assert.equal(await revisionOf(ana), revision);
    await ben.press('Back in step');
    await ben.untilPlaying(3);
    await untilTogether(ana, ben);
    assert.ok(await ben.page.locator('#apart').isHidden());
    assert.equal((await ben.look()).rate > 0.9, true);
    await ana.untilReady();
    await ana.pause();
    await standTogether([ana, ben], revision);
});

test('resync asks for the state, measures the clock anew, and brings a slipped film back', async () => {
    const [ana, ben] = await partyOfTwo();
    await ana.play();
    await Promise.all([ana.untilPlaying(1), ben.untilPlaying(1)]);
    const before = [sent(ben, 'state'), sent(ben, 'ping')];
    await ben.page.evaluate(() => (document.getElementById('film').currentTime -= 0.3));
    await ben.choose('playing', 'Resync');
    await ben.untilText('#toast', 'Getting in step');
    await ben.untilPlaying(2);
    await untilTogether(ana, ben);
    assert.equal(sent(ben, 'state'), before[0] + 1);
    assert.ok(sent(ben, 'ping') - before[1] >= 5, 'a burst of pings');
    assert.equal(await revisionOf(ana), await revisionOf(ben));
});

test('who may not control and pauses their player stands alone, and a tap leads back', async () => {
    const [ana, ben] = await partyOfTwo({ control: 'host' });
    await ana.play();
    await Promise.all([ana.untilPlaying(1), ben.untilPlaying(1)]);
    await ben.page.evaluate(() => document.getElementById('film').pause());
    await ben.untilText('#overlay-button', TAP);
    await ana.untilPlaying(2);
    assert.equal(sent(ben, 'pause'), 0);
    assert.equal((await ben.look()).isPaused, true);
    await ben.press(TAP);
    await ben.untilPlaying(2);
    await untilTogether(ana, ben);
    await ben.page.evaluate(() => (document.getElementById('film').currentTime += 20));
    await untilTogether(ana, ben);
    assert.equal(sent(ben, 'seek'), 0);
    const revision = await revisionOf(ana);
    await ana.pause();
    await standTogether([ana, ben], revision);
    await ben.page.evaluate(() => document.getElementById('film').play());
    await ben.until('standing again', () => document.getElementById('film').paused);
    assert.equal(sent(ben, 'play'), 0);
});

test('who may control and jumps in their player takes the others along', async () => {
    const [ana, ben] = await partyOfTwo();
    await ana.play();
    await Promise.all([ana.untilPlaying(1), ben.untilPlaying(1)]);
    await ben.page.evaluate(() => (document.getElementById('film').currentTime = 35));
    await Promise.all([ana.untilPlaying(35), ben.untilPlaying(35)]);
    await untilTogether(ana, ben);
    assert.equal(sent(ben, 'seek'), 1);
});

test('a device that cannot keep up is told so, quietly', async () => {
    const ana = await member('Ana');
    await ana.page.route('**/follower.js', async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace('cannotKeepUp === 1', 'window.isSlow === true');
        await route.fulfill({ response, body });
    });
    await ana.create(house.server.url, { film: 'Test film' });
    await ana.untilReady();
    assert.ok(await ana.page.locator('#apart').isHidden());
    await ana.page.evaluate(() => (window.isSlow = true));
    await ana.untilText('#apart-text', 'cannot keep up');
    assert.ok(await ana.page.locator('#apart-back').isHidden());
    await ana.page.evaluate(() => (window.isSlow = false));
    await ana.until('no notice', () => document.getElementById('apart').hidden);
});

// A browser that lets a film play only after a tap.
function strict() {
    const { play } = HTMLMediaElement.prototype;
    let isAllowed = false;
    window.refusals = 0;
    HTMLMediaElement.prototype.play = function () {
        isAllowed ||= window.event?.type === 'click';
        if (isAllowed) return play.call(this);
        window.refusals += 1;
        return Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
    };
}

test('a browser that wants a tap first: the others go on, and the tap leads in', async () => {
    const [ana, ben] = [await member('Ana'), await member('Ben')];
    await ben.page.addInitScript(strict);
    await ana.create(house.server.url, { film: 'Test film' });
    await ben.join(ana.link);
    await ana.untilText('#people', 'Ben');
    await Promise.all([ana.untilReady(), ben.untilReady()]);
    await ana.play();
    await ben.untilText('#overlay-button', TAP);
    await ana.untilPlaying(1);
    // Going elsewhere takes no tap, and so nobody waits for it.
    await ana.seek(30);
    await ana.untilPlaying(31);
    await ben.until('a second refusal', () => window.refusals > 1);
    await ben.until('being there', () => document.getElementById('film').currentTime >= 30);
    await ben.untilText('#overlay-button', TAP);
    await ben.press(TAP);
    await ben.untilPlaying(31);
    await untilTogether(ana, ben);
    assert.ok(await ben.page.locator('#overlay').isHidden());
});

test('what was learned of the player is there after another load', async () => {
    const [ana, ben] = await partyOfTwo();
    await ana.play();
    await Promise.all([ana.untilPlaying(2), ben.untilPlaying(2)]);
    const known = Math.round(7 + last(ben.said, 'ping').start_ms);
    await ben.page.evaluate(() => addEventListener('pagehide', () => window.atPageHide?.()));
    await ben.page.reload();
    await ben.page.locator('#party').waitFor();
    const kept = await ben.page.evaluate(() => JSON.parse(localStorage.getItem('syncplay.player')));
    assert.ok(kept.start >= 0 && kept.start < 1000 && kept.seek > 0, JSON.stringify(kept));
    // Another value, to know it again.
    await ben.page.goto(house.server.url);
    await ben.page.evaluate((start) => localStorage.setItem('syncplay.player', JSON.stringify({ start })), known);
    ben.said.length = 0;
    await ben.page.goto(ana.link);
    await ben.page.locator('#party').waitFor();
    await ben.until('the film', () => document.getElementById('film').readyState > 2);
    for (let looks = 0; looks < 100 && last(ben.said, 'ping')?.start_ms === undefined; looks += 1) {
        await ben.page.waitForTimeout(50);
    }
    assert.equal(ben.said.find((one) => one.start_ms !== undefined).start_ms, known);
});

// Out of sight, timers come once a second, as browsers do it to save the battery.
function outOfSight() {
    const later = window.setTimeout;
    Object.defineProperty(document, 'hidden', { get: () => window.isOut === true });
    window.setTimeout = (call, delay, ...more) => {
        const soonest = 1000 - (performance.now() % 1000);
        return later(call, window.isOut ? Math.max(delay, soonest) : delay, ...more);
    };
    window.goOut = (isOut) => {
        window.isOut = isOut;
        document.dispatchEvent(new Event('visibilitychange'));
    };
    const { play } = HTMLMediaElement.prototype;
    window.plays = [];
    HTMLMediaElement.prototype.play = function () {
        window.plays.push(performance.timeOrigin + performance.now());
        return play.call(this);
    };
}

test('a tab in the background starts with the others', async (t) => {
    const [ana, ben] = [await member('Ana'), await member('Ben')];
    for (const one of [ana, ben]) await one.page.addInitScript(outOfSight);
    await ana.create(house.server.url, { film: 'Test film' });
    await ben.join(ana.link);
    await ana.untilText('#people', 'Ben');
    await Promise.all([ana.untilReady(), ben.untilReady()]);
    await ben.page.evaluate(() => window.goOut(true));
    for (let count = 0; count < 4; count += 1) {
        const revision = await revisionOf(ana);
        await ana.play();
        await Promise.all([ana.untilPlaying(count / 2), ben.untilPlaying(count / 2)]);
        await ana.pause();
        await standTogether([ana, ben], revision + 1);
    }
    const [a, b] = await Promise.all([ana, ben].map((one) => one.page.evaluate(() => window.plays)));
    const late = b.map((at, index) => at - a[index]);
    t.diagnostic(`later than in front, ms: ${late.map((one) => one.toFixed(1)).join(', ')}`);
    assert.equal(b.length, 4, 'each start at the first attempt');
    assert.ok(late.every((one) => Math.abs(one) < 150), String(late));
});

test('another network, or a sleep, and the clock is measured anew', async () => {
    const [ana, ben] = await partyOfTwo();
    const burst = async (what) => {
        // The burst of the join is over when pings have become rare.
        for (let seen = -1; seen !== sent(ben, 'ping');) {
            seen = sent(ben, 'ping');
            await ben.page.waitForTimeout(700);
        }
        const before = sent(ben, 'ping');
        await ben.page.evaluate(what);
        for (let looks = 0; looks < 100 && sent(ben, 'ping') < before + 6; looks += 1) await ben.page.waitForTimeout(40);
        assert.ok(sent(ben, 'ping') >= before + 6, 'a burst');
    };
    await burst(() => window.dispatchEvent(new Event('online')));
    await burst(() => {
        const { now } = Date;
        Date.now = () => now() + 60000;
    });
    assert.equal(await revisionOf(ana), await revisionOf(ben));
});
