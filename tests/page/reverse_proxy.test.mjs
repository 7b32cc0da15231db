// The page behind nginx with server/nginx.conf: TLS, HTTP/2, a path of its own, in a real browser.

import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Nginx } from '../server/reverse_proxy.mjs';
import { LIMIT_MS, Server } from '../server/server.mjs';
import { makeFilm } from './film.mjs';
import { Member, revisionOf, standTogether } from './member.mjs';

const FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
];
let server;
let proxy;
let browser;

before(async () => {
    server = await Server.start({ TRUSTED_PROXIES: '127.0.0.1', HSTS: 'true' });
    makeFilm(join(server.media, 'Test film.webm'));
    // Films alone are slow, so that none is there as a whole before somebody seeks in it. (A WebSocket under limit_rate is
    // not closed by nginx 1.22 when its client is gone.)
    proxy = await Nginx.start(server, '/party/', 'map $uri $rate { default 0; ~/media/ 100k; } limit_rate $rate;');
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
});

after(async () => {
    await browser?.close();
    await proxy?.stop();
    await server?.finish();
});

// A member, with the addresses that their page asks for.
async function open(name) {
    const member = await Member.open(browser, name, { ignoreHTTPSErrors: true });
    member.asked = [];
    member.page.on('request', (request) => member.asked.push(request.url()));
    member.page.on('websocket', (socket) => member.asked.push(socket.url()));
    return member;
}

test('a party below a path: link, invitation, play, seek, chat, and coming back', async () => {
    const [ana, ben, chris] = await Promise.all(['Ana', 'Ben', 'Chris'].map(open));
    await ana.create(`${proxy.url}/`, { film: 'Test film' });
    assert.equal(ana.link, `${proxy.url}/join/${ana.code}`);
    await ana.press('Share');
    await ana.press('Invitations');
    await ana.press('Make an invitation');
    await ana.until('the link', () => document.getElementById('invite-link').value.includes('#invite='));
    const invitation = await ana.page.locator('#invite-link').inputValue();
    assert.ok(invitation.startsWith(`${ana.link}#invite=`), invitation);
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('Escape');
    await ben.join(ana.link);
    await chris.join(invitation);
    const all = [ana, ben, chris];
    await Promise.all(all.map((one) => one.untilReady()));

    await ana.play();
    await Promise.all(all.map((one) => one.untilPlaying(1)));
    const revision = await revisionOf(ben);
    await ben.pause();
    await standTogether(all, revision);
    await ana.seek(50);
    await standTogether(all, revision + 1);
    await ana.say('Hello from below!');
    await Promise.all([ben, chris].map((one) => one.untilText('#lines', 'Hello from below!')));

    await ben.page.reload();
    await ben.page.locator('#party').waitFor();
    assert.equal(ben.page.url(), ana.link);
    await ben.untilReady();

    for (const url of all.flatMap(({ asked }) => asked).filter((one) => !/^(blob|data):/.test(one)))
        assert.ok([`${proxy.url}/`, proxy.socketUrl].some((base) => url.startsWith(base)), url);
    assert.ok(ana.asked.includes(proxy.socketUrl));
    for (const one of all) await one.close();
});

// Of the three, and the one who came back, each WebSocket is over.
test('what the proxy has seen of it', { timeout: LIMIT_MS }, async () => {
    const isSocket = ({ uri }) => uri.startsWith('/party/api/v1/syncplay/ws');
    const seen = await proxy.seen((requests) => requests.filter(isSocket).length === 4);
    for (const { status, upgrade, protocol } of seen.filter(isSocket)) {
        assert.deepEqual([status, upgrade, protocol], [101, 'websocket', 'HTTP/1.1']);
    }
    assert.deepEqual(seen.filter(({ status }) => status >= 400 && status !== 499), []); // 499: the browser has enough of the film
    assert.deepEqual(seen.filter(({ uri, scheme }) => !uri.startsWith('/party/') || scheme !== 'https'), []);
    assert.ok(seen.some(({ uri, protocol }) => uri.startsWith('/party/join/') && protocol === 'HTTP/2.0'));
    const parts = seen.filter(({ uri }) => uri.startsWith('/party/media/'));
    assert.ok(parts.some(({ range, status }) => status === 206 && /^bytes=[1-9]/.test(range)), JSON.stringify(parts));
});
