// The page under its own Content-Security-Policy, over http and https: what it does is allowed, what is slipped in is not.

import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { LIMIT_MS, Server } from '../server/server.mjs';
import { TlsServer } from '../server/tls.mjs';
import { makeFilm } from './film.mjs';
import { startFilmHost } from './film_host.mjs';
import { Member } from './member.mjs';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
const servers = {};
let browser;

before(async () => {
    servers.http = await Server.start();
    servers.https = await TlsServer.start({ HSTS: 'true' });
    for (const server of Object.values(servers)) makeFilm(join(server.media, 'Test film.webm'));
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
});

after(async () => {
    await browser?.close();
    for (const server of Object.values(servers)) await server.finish();
});

// A member whose page's violations are noted, from its first instant on.
async function open(name) {
    const member = await Member.open(browser, name, { ignoreHTTPSErrors: true });
    member.violations = [];
    await member.context.exposeFunction('noteViolation', (text) => member.violations.push(text));
    await member.context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
            window.noteViolation(`${event.effectiveDirective}: ${event.blockedURI}`);
        });
    });
    return member;
}

async function close(member) {
    assert.deepEqual(member.violations, [], `${member.name}'s page does nothing that is not allowed`);
    await member.close();
}

for (const name of ['http', 'https']) {
    test(`a party over ${name}: film, chat, settings, icon, seats`, async () => {
        const [ana, ben] = [await open('Ana'), await open('Ben')];
        await ana.create(`${servers[name].url}/`, { film: 'Test film' });
        await ben.join(ana.link);
        await Promise.all([ana.untilReady(), ben.untilReady()]);
        await ana.play();
        await Promise.all([ana.untilPlaying(1), ben.untilPlaying(1)]);
        await ben.say('Hello!');
        await ana.untilText('#lines', 'Hello!');
        await ana.press('Settings');
        await ana.press('Done');
        await ben.press('Full screen');
        await ben.until('the full screen', () => document.fullscreenElement !== null);
        await Promise.all([close(ana), close(ben)]);
    });

    test(`a file that everyone has, over ${name}`, async () => {
        const ana = await open('Ana');
        await ana.create(`${servers[name].url}/`, { film: 'local' });
        await ana.page.locator('#file').setInputFiles(join(servers[name].media, 'Test film.webm'));
        await ana.untilReady();
        await ana.play();
        await ana.untilPlaying(0.5);
        await close(ana);
    });
}

test('a film of another host', async () => {
    const films = await startFilmHost(join(servers.http.media, 'Test film.webm'));
    const ana = await open('Ana');
    await ana.create(`${servers.http.url}/`, { film: films.url });
    await ana.untilReady();
    await ana.play();
    await ana.untilPlaying(0.5);
    await close(ana);
    films.stop();
});

// Each must be noticed, or the tests above prove nothing.
for (const [directive, what, slipIn] of [
    ['script-src-elem', 'a script in the text', () => {
        document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.wasRun = true' }));
    }],
    ['script-src-attr', 'a handler in an attribute', () => {
        const element = document.createElement('button');
        element.setAttribute('onclick', 'window.wasRun = true');
        document.body.append(element);
        element.click();
    }],
    ['connect-src', 'a connection that is none of HTTP', () => fetch('data:,x').catch(() => {})],
    ['connect-src', 'a WebSocket elsewhere', () => {
        try {
            new WebSocket('ws://127.0.0.2:1/');
        } catch {
            // some say it so
        }
    }],
    ['img-src', 'a picture from elsewhere', () => {
        new Image().src = 'http://127.0.0.2:1/x.png';
    }],
    ['frame-src', 'a frame', () => {
        document.body.append(Object.assign(document.createElement('iframe'), { src: '/healthz' }));
    }],
    ['base-uri', 'another base', () => {
        document.head.append(Object.assign(document.createElement('base'), { href: 'http://127.0.0.2:1/' }));
    }],
]) {
    test(`not allowed: ${what}`, { timeout: LIMIT_MS }, async () => {
        const eve = await open('Eve');
        await eve.page.goto(`${servers.http.url}/`);
        const noticed = eve.page.evaluate(() => new Promise((resolve) => {
            document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
        }));
        await eve.page.evaluate(slipIn);
        assert.equal(await noticed, directive);
        assert.equal(await eve.page.evaluate(() => window.wasRun), undefined);
        await eve.context.close();
    });
}
