// One person at the page: a browser context of their own, and the words of the tests for what people do and see.

import { strict as assert } from 'node:assert';

const TIMEOUT_MS = 20000;

export class Member {
    static async open(browser, name, options = {}) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark', ...options });
        context.setDefaultTimeout(TIMEOUT_MS);
        const page = await context.newPage();
        const member = new Member(name, context, page);
        page.on('websocket', (socket) => member.listen(socket));
        page.on('pageerror', (error) => member.problems.push(String(error)));
        page.on('console', (message) => {
            // What the network does is the business of the tests, as is what the API refuses; everything else is a mistake
            // in the page.
            const isNetwork = /net::ERR|WebSocket connection/.test(message.text());
            const isRefusal = /status of 4\d\d/.test(message.text()) && message.location().url.includes('/api/');
            if (message.type() === 'error' && !isNetwork && !isRefusal) member.problems.push(message.text());
        });
        return member;
    }

    constructor(name, context, page) {
        Object.assign(this, { name, context, page, problems: [], said: [], heard: [] });
    }

    // Everything on the wire, so that a test can look it up: `said` by the page, `heard` from the server.
    listen(socket) {
        socket.on('framesent', ({ payload }) => this.said.push(JSON.parse(payload)));
        socket.on('framereceived', ({ payload }) => this.heard.push(JSON.parse(payload)));
    }

    async close() {
        await this.context.close();
        assert.deepEqual(this.problems, [], `${this.name}'s page reports no errors`);
    }

    // --- Doing

    // Starts a party; options: film (its title in the server's folder, its address, or 'local'),
    // visibility, strangers, control.
    async create(url, { film, visibility = 'public', strangers, control = 'everyone' }) {
        const { page } = this;
        await page.goto(url);
        await page.getByRole('textbox', { name: 'Your name' }).fill(this.name);
        if (film === 'local') {
            await page.getByRole('radio', { name: 'Our own files' }).check();
        } else if (/^https?:/.test(film)) {
            await page.getByRole('radio', { name: 'A link' }).check();
            await page.getByRole('textbox', { name: 'The address of a video' }).fill(film);
        } else {
            await page.getByRole('radio', { name: film, exact: true }).check();
        }
        await page.locator('#rules summary').click();
        await page.getByRole('combobox', { name: 'Who may come' }).selectOption(visibility);
        if (strangers) await page.getByRole('combobox', { name: 'Everybody else' }).selectOption(strangers);
        await page.getByRole('combobox', { name: 'Who controls the film' }).selectOption(control);
        await page.getByRole('button', { name: 'Start the party' }).click();
        await page.locator('#party').waitFor();
        this.code = (await page.locator('#party-code').textContent()).replace('-', '');
        this.link = page.url();
    }

    // Opens the link and tells the name; whether that leads in is for the test to see.
    async follow(link) {
        await this.page.goto(link);
        await this.page.getByRole('textbox', { name: 'Your name' }).fill(this.name);
        await this.page.getByRole('button', { name: 'Join' }).click();
    }

    async join(link) {
        await this.follow(link);
        await this.page.locator('#party').waitFor();
    }

    press(name) {
        return this.page.getByRole('button', { name, exact: true }).click();
    }

    // What the menu about somebody offers; it stays open.
    async menu(name) {
        // Where there is room for one part beside the film, it is the people's now.
        const tab = this.page.locator('#tab-people[aria-selected=false]');
        if (await tab.isVisible()) await tab.click();
        const summary = this.page.getByLabel(`More about ${name}`);
        if (!(await summary.evaluate((one) => one.parentElement.open))) await summary.click();
        return this.page.locator('.menu[open] button').allTextContents();
    }

    // Chooses from the menu about somebody, and confirms it where that is asked for.
    async choose(name, ...texts) {
        await this.menu(name);
        for (const text of texts) await this.press(text);
    }

    play(label = 'Play') {
        return this.page.locator(`#play[aria-label=${label}]`).click();
    }

    pause() {
        return this.page.locator('#play[aria-label=Pause]').click();
    }

    // As with the mouse: where the thumb is let go, one `change` comes.
    seek(seconds) {
        return this.page.locator('#seek').evaluate((seek, value) => {
            seek.value = value;
            seek.dispatchEvent(new Event('input', { bubbles: true }));
            seek.dispatchEvent(new Event('change', { bubbles: true }));
        }, seconds * 1000);
    }

    async speed(text) {
        await this.page.locator('#speed-menu summary').click();
        await this.page.locator('#speed-menu').getByRole('button', { name: text, exact: true }).click();
    }

    async say(text) {
        await this.page.getByRole('textbox', { name: 'Message' }).fill(text);
        await this.press('Send');
    }

    // --- Seeing

    // What the player does, on the clock that all windows of this machine share.
    look() {
        return this.page.evaluate(() => {
            const film = document.getElementById('film');
            const { mode, phase, revision, standsAt } = document.getElementById('stage').dataset;
            return {
                at: performance.timeOrigin + performance.now(),
                position: film.currentTime * 1000,
                isPaused: film.paused,
                isSeeking: film.seeking,
                rate: film.playbackRate,
                revision: Number(revision),
                standsAt: Math.min(Number(standsAt), film.duration * 1000),
                mode,
                phase,
            };
        });
    }

    // How far ahead of the clock that all windows share its picture is, in ms: the median of some frames as they are shown.
    shown(frames = 15) {
        return this.page.evaluate((count) => new Promise((resolve) => {
            const film = document.getElementById('film');
            const seen = [];
            const look = (now, { mediaTime, expectedDisplayTime }) => {
                seen.push(1000 * mediaTime - performance.timeOrigin - expectedDisplayTime);
                if (seen.length < count) film.requestVideoFrameCallback(look);
                else resolve(seen.sort((a, b) => a - b)[Math.floor(count / 2)]);
            };
            film.requestVideoFrameCallback(look);
        }), frames);
    }

    // The picture that stands there, in one number.
    still() {
        return this.page.evaluate(() => {
            const film = document.getElementById('film');
            const { videoWidth: width, videoHeight: height } = film;
            const canvas = Object.assign(document.createElement('canvas'), { width, height });
            const context = canvas.getContext('2d');
            context.drawImage(film, 0, 0);
            const { data } = context.getImageData(0, 0, width, height);
            return data.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 0);
        });
    }

    async until(what, holds, argument) {
        try {
            await this.page.waitForFunction(holds, argument, { polling: 30, timeout: TIMEOUT_MS });
        } catch (error) {
            const seen = JSON.stringify(await this.look().catch(() => null));
            throw new Error(`${this.name} never saw: ${what}; now ${seen}; ${error.message}`);
        }
    }

    untilReady() {
        return this.until('all ready', () => {
            const rows = [...document.querySelectorAll('#people .person')];
            return rows.length > 0 && rows.every((row) => row.classList.contains('ready'));
        });
    }

    // The film is moving, in the playing phase, beyond `beyond` seconds.
    untilPlaying(beyond = 0) {
        return this.until('the film playing', (least) => {
            const film = document.getElementById('film');
            const { mode, phase } = document.getElementById('stage').dataset;
            return phase === 'playing' && mode === 'playing' && !film.paused && !film.seeking && film.currentTime > least;
        }, beyond);
    }

    // The player has landed where the party stands, and no earlier than `revision`.
    async untilStanding(revision = 0) {
        await this.until('the film standing', (least) => {
            const film = document.getElementById('film');
            const { mode, phase, revision: now } = document.getElementById('stage').dataset;
            return ['paused', 'idle'].includes(phase) && mode === 'standing' && film.paused && !film.seeking
                && Number(now) >= least;
        }, revision);
        return this.look();
    }

    untilText(selector, text) {
        return this.until(`"${text}" in ${selector}`, ([where, wanted]) => {
            return [...document.querySelectorAll(where)].some((one) => one.textContent.includes(wanted));
        }, [selector, text]);
    }
}

// Waits until all stand at the same revision, after `revision`; asserts that it is the same place; returns it in ms.
export async function standTogether(members, revision) {
    const seen = await Promise.all(members.map((member) => member.untilStanding(revision + 1)));
    const positions = seen.map((one) => one.position);
    for (const one of seen) {
        assert.ok(Math.abs(one.position - one.standsAt) < 2, `exactly where the party stands: ${JSON.stringify(one)}`);
    }
    const spread = Math.max(...positions) - Math.min(...positions);
    assert.equal(new Set(seen.map((one) => one.revision)).size, 1, 'all have seen the same command');
    assert.ok(spread < 50, `standing within 50 ms of each other: ${positions}`);
    return positions[0];
}

// The last message of a type among those that a member said or heard.
export const last = (messages, type) => messages.findLast((one) => one.type === type);

export async function revisionOf(member) {
    return (await member.look()).revision;
}
