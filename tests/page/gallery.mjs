// Pictures of the page to look at: each scene of an evening at three widths, dark and light, into build/gallery/.
//
//     make gallery                                  all scenes
//     make gallery ARGS="party waiting"             some of them; the names are those in SCENES
//
// Nothing is asserted here but that no scene scrolls sideways: whether it is a page that one likes to look at is for people to say.

import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Member } from './member.mjs';
import { startProxy } from './proxy.mjs';
import { Server } from './server.mjs';

const out = fileURLToPath(new URL('../../build/gallery/', import.meta.url));
const SIZES = [{ width: 360, height: 740 }, { width: 768, height: 1024 }, { width: 1440, height: 900 }];
const THEMES = ['dark', 'light'];
const FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
// Film, and the three colours that it is made of.
const FILMS = {
    'Night Train': ['0x10131f', '0x7a3b2e', '0xe8a860'],
    'The Lighthouse Keeper': ['0x0c1b2a', '0x2d6a7a', '0xd9e2d0'],
    'Harvest': ['0x2a1a0c', '0xa8792c', '0xf0d8a0'],
    'Letters from the North': ['0x121a2e', '0x4a5a9a', '0xc8d0e8'],
    'A Garden in June': ['0x0f2216', '0x4c8a4a', '0xf2c4c8'],
};
const FILM_SECONDS = 40;

const ffmpeg = (...parts) => execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...parts]);

const gradient = ([first, second, third], size, seed) =>
    `gradients=size=${size}:rate=24:duration=${FILM_SECONDS}:nb_colors=3:c0=${first}:c1=${second}:c2=${third}:seed=${seed}:speed=0.008`;

function makeFilms(folder) {
    Object.entries(FILMS).forEach(([title, colours], index) => {
        const sound = ['-f', 'lavfi', '-i', `anullsrc=duration=${FILM_SECONDS}`];
        const codecs = ['-pix_fmt', 'yuv420p', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '400k', '-g', '24', '-c:a', 'libopus'];
        const picture = ['-f', 'lavfi', '-i', gradient(colours, '640x360', index + 1)];
        ffmpeg(...picture, ...sound, ...codecs, '-shortest', '-cues_to_front', '1', join(folder, `${title}.webm`));
        // Some have a poster beside them; of the others the browser shows a frame.
        if (index % 2 === 0) ffmpeg('-f', 'lavfi', '-i', gradient(colours, '300x450', index + 7), '-frames:v', '1', join(folder, `${title}.jpg`));
    });
    writeFileSync(join(folder, 'Night Train.en.srt'), '1\n00:00:00,000 --> 00:00:40,000\nNext stop: the end of the line.\n');
}

class Gallery {
    members = [];
    taken = [];

    async open() {
        this.folder = mkdtempSync(join(tmpdir(), 'syncplay-gallery-'));
        const media = join(this.folder, 'media');
        mkdirSync(media);
        mkdirSync(out, { recursive: true });
        makeFilms(media);
        this.server = new Server(this.folder, media);
        await this.server.start();
        this.browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
    }

    async close() {
        await this.closeMembers();
        await this.browser?.close();
        await this.server?.stop();
        rmSync(this.folder, { recursive: true, force: true });
    }

    async closeMembers() {
        for (const member of this.members) await member.context.close();
        this.members = [];
    }

    async member(name) {
        const member = await Member.open(this.browser, name, { viewport: SIZES[2], locale: 'en-GB', reducedMotion: 'reduce' });
        this.members.push(member);
        return member;
    }

    // `names` in the party of the first of them, with the film.
    async party(names, options = {}) {
        const members = [];
        for (const name of names) members.push(await this.member(name));
        const [host, ...others] = members;
        await host.create(this.server.url, { film: 'Night Train', ...options });
        for (const one of others) await one.join(host.link);
        await (options.film === 'local' ? host.untilText('#people', host.name) : host.untilReady());
        return members;
    }

    sheet() {
        const pictures = this.taken.map((one) => `<figure><img src="${one}.png" alt=""><figcaption>${one}</figcaption></figure>`);
        const style = 'body{display:flex;flex-wrap:wrap;gap:1rem;font-family:sans-serif}img{height:28rem}figure{margin:0}';
        return `<!DOCTYPE html><meta charset="utf-8"><title>Gallery</title><style>${style}</style>${pictures.join('\n')}\n`;
    }

    async take({ page }, name, arrange = () => {}) {
        for (const viewport of SIZES) {
            for (const colorScheme of THEMES) {
                await page.setViewportSize(viewport);
                await page.evaluate((theme) => window.theme.choose(theme), colorScheme);
                await arrange();
                // Two frames: the layout has settled, and what is drawn is on the screen.
                await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
                await page.screenshot({ path: join(out, `${name}-${viewport.width}-${colorScheme}.png`) });
                const width = await page.evaluate(() => document.documentElement.scrollWidth);
                this.taken.push(`${name}-${viewport.width}-${colorScheme}`);
                assert.ok(width <= viewport.width, `${name} scrolls sideways at ${viewport.width}: ${width}`);
            }
        }
    }
}

const SCENES = {
    async visit(gallery) {
        const ana = await gallery.member('Ana');
        await ana.page.goto(gallery.server.url);
        await ana.page.locator('#home').waitFor();
        await ana.page.waitForLoadState('networkidle');
        await gallery.take(ana, 'visit');
    },

    async invited(gallery) {
        const [ana] = await gallery.party(['Ana']);
        const ben = await gallery.member('Ben');
        await ben.page.goto(ana.link);
        await ben.page.locator('#invited').waitFor();
        await gallery.take(ben, 'invited');
    },

    async lobby(gallery) {
        const [ana] = await gallery.party(['Ana'], { visibility: 'private' });
        for (const name of ['Ben', 'Chris']) {
            const guest = await gallery.member(name);
            await guest.follow(ana.link);
            await ana.untilText('#knocking', name);
        }
        await gallery.take(gallery.members.at(-1), 'knocking');
        await gallery.take(ana, 'lobby');
    },

    async party(gallery) {
        const [ana, ben, chris, dora] = await gallery.party(['Ana', 'Ben', 'Chris', 'Dora']);
        await ana.play();
        await ben.untilPlaying(1);
        await ben.say('Is everybody comfortable?');
        await chris.say('Popcorn is ready');
        await dora.say('One moment, the cat is on the remote control.');
        await dora.say('Now!');
        await ana.say('Then here we go \u{1F37F}');
        await ben.untilText('#lines', 'here we go');
        await ben.page.mouse.move(500, 500);
        await gallery.take(ben, 'party');
        await ana.pause();
        await ben.untilStanding();
        await gallery.take(ana, 'paused');
    },

    async dialogs(gallery) {
        const [ana, ben] = await gallery.party(['Ana', 'Ben']);
        await ana.press('Share');
        await ana.page.locator('.qr').waitFor();
        await gallery.take(ana, 'share');
        await ana.page.keyboard.press('Escape');
        await ana.press('Settings');
        await gallery.take(ana, 'settings');
        await ana.page.keyboard.press('Escape');
        await ana.press('Leave');
        await gallery.take(ana, 'leave');
        await ben.press('Settings');
        await gallery.take(ben, 'own-settings');
    },

    async waiting(gallery) {
        const [ana, ben, chris] = await gallery.party(['Ana', 'Ben', 'Chris', 'Dora']);
        await ana.play();
        await ana.untilPlaying(1);
        // Their films get nothing more from here on.
        for (const one of [ben, chris]) {
            await one.page.route('**/media/**', () => {});
            await one.page.evaluate(() => {
                const film = document.getElementById('film');
                film.src = film.currentSrc;
                film.load();
            });
        }
        await ana.untilText('#overlay-text', 'Ben');
        await gallery.take(ana, 'waiting');
    },

    // The controls, their menus, and what stands over the film.
    async player(gallery) {
        const [ana, ben] = await gallery.party(['Ana', 'Ben']);
        const { page } = ana;
        await gallery.take(ana, 'ready');
        await ana.play();
        await ben.untilPlaying(1);
        await page.keyboard.press('c');
        await page.locator('.caption').waitFor();
        await gallery.take(ana, 'playing', () => page.locator('#seek').hover({ position: { x: 150, y: 14 } }));
        for (const [id, name] of [['subtitles-menu', 'subtitles'], ['player-menu', 'more']]) {
            await gallery.take(ana, name, async () => {
                await page.keyboard.press('Escape');
                await page.locator(`#${id} summary`).click();
            });
            await page.keyboard.press('Escape');
        }
        await page.locator('#toast p').last().waitFor({ state: 'detached' });
        await ben.choose('playing', 'Watch apart');
        await gallery.take(ben, 'apart');
        await ben.press('Back in step');
        await page.keyboard.press('?');
        await gallery.take(ana, 'keys');
        await page.keyboard.press('Escape');
        await ana.seek(FILM_SECONDS - 1);
        await ana.untilText('#overlay-text', 'The end');
        await gallery.take(ben, 'the-end');
    },

    async films(gallery) {
        const [ana] = await gallery.party(['Ana'], { film: 'local' });
        await gallery.take(ana, 'own-file');
        const ben = await gallery.member('Ben');
        await ben.create(gallery.server.url, { film: `${gallery.server.url}media/none.webm` });
        await ben.untilText('#overlay-text', 'cannot be played');
        await gallery.take(ben, 'broken');
    },

    async lost(gallery) {
        const proxy = await startProxy(gallery.server, '/');
        try {
            const [ana] = await gallery.party(['Ana', 'Ben']);
            const chris = await gallery.member('Chris');
            await chris.join(`${proxy.url}join/${ana.code}`);
            await ana.play();
            await chris.untilPlaying(1);
            proxy.cut();
            await chris.until('it said so', () => !document.getElementById('connection').hidden);
            await gallery.take(chris, 'lost');
        } finally {
            proxy.stop();
        }
    },

    async ended(gallery) {
        const [ana, ben] = await gallery.party(['Ana', 'Ben']);
        await ana.press('Settings');
        await ana.press('End the party');
        await ana.press('Really end it for everyone?');
        await ben.untilText('#door-title', 'over');
        await gallery.take(ben, 'ended');
    },
};

const wanted = process.argv.slice(2);
const gallery = new Gallery();
try {
    await gallery.open();
    for (const [name, scene] of Object.entries(SCENES)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        await scene(gallery);
        await gallery.closeMembers();
        console.log(name);
    }
    writeFileSync(join(out, 'index.html'), gallery.sheet());
    console.log(`pictures are in ${out}; all of them on one page: index.html`);
} finally {
    await gallery.close();
}
