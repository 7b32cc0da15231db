// Who comes in, and who may do what about whom: the lobby, invitations, roles, removing, the rules of a party.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Client } from '../server/client.mjs';
import { guest } from '../server/rest.mjs';
import { Server } from '../server/server.mjs';
import { house, member, partyOfTwo, picture } from './house.mjs';
import { last } from './member.mjs';
import { startProxy } from './proxy.mjs';

const FILM = { film: 'Test film' };

test('the lobby: a knock is counted in the title, and answered in three ways', async () => {
    const [ana, ben, chris, dan] = await Promise.all(['Ana', 'Ben', 'Chris', 'Dan'].map((name) => member(name)));
    await ana.create(house.server.url, { ...FILM, visibility: 'private' });
    for (const guest of [ben, chris, dan]) {
        await guest.follow(ana.link);
        await guest.untilText('#door-title', 'Waiting for the host');
        await ana.untilText('#knocking', guest.name);
    }
    assert.match(await ana.page.title(), /^\(3\) /);
    await picture(ben, 'waiting');
    await picture(ana, 'lobby');
    await ana.press('Let in: Ben');
    await ben.page.locator('#party').waitFor();
    await ana.press('Deny: Chris');
    await chris.untilText('#door-title', 'Not this time');
    await ana.press('Never again: Dan');
    await dan.untilText('#door-text', 'for good');
    await ana.until('nobody knocking', () => document.getElementById('lobby').hidden && !document.title.startsWith('('));
    assert.ok(await ben.page.locator('#lobby').isHidden(), 'not the business of a viewer');
});

test('a guest stops waiting; one whose connection is lost knocks again; the end is told to those who wait', async () => {
    const proxy = await startProxy(house.server, '/films/');
    try {
        const [ana, ben, chris] = await Promise.all(['Ana', 'Ben', 'Chris'].map((name) => member(name)));
        await ana.create(house.server.url, { ...FILM, visibility: 'private' });
        await ben.follow(ana.link);
        await ana.untilText('#knocking', 'Ben');
        await ben.press('Stop waiting');
        await ben.page.locator('#home').waitFor();
        await ana.until('nobody knocking', () => document.getElementById('lobby').hidden);

        await chris.follow(`${proxy.url}join/${ana.code}`);
        await ana.untilText('#knocking', 'Chris');
        proxy.cut();
        await ana.until('nobody knocking', () => document.getElementById('lobby').hidden);
        await chris.untilText('#connection', 'No connection');
        proxy.mend();
        await ana.untilText('#knocking', 'Chris');
        await chris.until('no banner', () => document.getElementById('connection').hidden);

        await ana.press('Settings');
        await ana.press('End the party');
        await ana.press('Really end it for everyone?');
        await chris.untilText('#door-text', 'The host has ended the party');
    } finally {
        proxy.stop();
    }
});

test('a knock that nobody answers ends, and may be tried again', async () => {
    const server = await Server.start({ KNOCK_TIMEOUT: '1s' });
    try {
        const [ana, ben] = await Promise.all([member('Ana'), member('Ben')]);
        await ana.create(server.url, { film: 'local', visibility: 'private' });
        await ben.follow(ana.link);
        await ben.untilText('#door-title', 'Nobody answered');
        await ana.until('nobody knocking', () => document.getElementById('lobby').hidden);
        await ben.press('Try again');
        await ana.untilText('#knocking', 'Ben');
    } finally {
        await server.finish();
    }
});

test('wrong codes, and more windows than the server allows: it says so', async () => {
    const server = await Server.start({ GUESS_FREE: 1, GUESS_DELAY: '2s', MAX_CONNECTIONS_PER_USER: 1 });
    try {
        const [ana, ben] = await Promise.all([member('Ana'), member('Ben')]);
        await ana.create(server.url, { film: 'local' });
        const second = await ana.context.newPage();
        await second.goto(ana.link);
        await second.locator('#connection', { hasText: 'Too many connections of one user.' }).waitFor();
        await ana.page.close();
        await second.locator('#party').waitFor();

        await ben.follow(`${server.url}/join/ZZZZZZZ2`);
        await ben.untilText('#door-title', 'No such party');
        await ben.page.goto(`${server.url}/join/ZZZZZZZ3`);
        await ben.untilText('#door-title', 'No such party');
        await ben.page.goto(ana.link);
        await ben.untilText('#door-text', 'Too many wrong codes');
    } finally {
        await server.finish();
    }
});

test('an invitation leads in without knocking, once, with its role, and leaves no trace in the address', async () => {
    const [ana, ben, chris, dan] = await Promise.all(['Ana', 'Ben', 'Chris', 'Dan'].map((name) => member(name)));
    await ana.create(house.server.url, { ...FILM, visibility: 'private', control: 'host' });
    await ana.press('Share');
    await ana.press('Invitations');
    await ana.page.getByLabel('They come in as').selectOption('Controller');
    await ana.page.getByLabel('Valid for').selectOption('1 hour');
    await ana.page.getByLabel('How many people').selectOption('1');
    await ana.press('Make an invitation');
    await ana.until('the link', () => document.getElementById('invite-link').value.includes('#invite='));
    const link = await ana.page.locator('#invite-link').inputValue();
    await ana.untilText('#invite-list', 'used 0 of 1, expires in 1 hour');
    await picture(ana, 'invitations');
    assert.ok(link.startsWith(`${ana.link}#invite=`), link);

    await ben.join(link);
    assert.equal(ben.page.url(), ana.link);
    assert.ok(last(ben.said, 'join').invitation);
    assert.ok(await ben.page.locator('#play').isEnabled(), 'a controller');
    await ana.untilText('#invite-list', 'used 1 of 1');

    // A link is as good as a code in the field for it; what cannot be either goes nowhere.
    await chris.page.goto(house.server.url);
    await chris.page.locator('#nickname').fill('Chris');
    for (const wrong of ['ABCD-0OI1', 'http://films.example/', 'ABCDEFGHJKLMNP']) {
        await chris.page.getByLabel('Code or link').fill(wrong);
        await chris.page.getByRole('button', { name: 'Join', exact: true }).click();
        await chris.untilText('#join-problem', 'paste the link');
    }
    await chris.page.getByLabel('Code or link').fill(` ${link} `);
    await chris.page.getByRole('button', { name: 'Join', exact: true }).click();
    await chris.untilText('#door-text', 'used up');
    assert.equal(await chris.page.evaluate(() => document.activeElement.id), 'door', 'the keyboard goes on there');
    await picture(chris, 'invitation-door');
    await chris.press('Ask to come in');
    await chris.untilText('#door-title', 'Waiting for the host');

    await ana.press('Make an invitation');
    await ana.until('another link', (old) => !['', old].includes(document.getElementById('invite-link').value), link);
    const second = await ana.page.locator('#invite-link').inputValue();
    await ana.page.getByRole('button', { name: /^Revoke: Controller, used 0 of 1/ }).click();
    await ana.until('the link gone', () => document.getElementById('invite-made').hidden);
    await dan.follow(second);
    await dan.untilText('#door-text', 'revoked');
});

test('the menu about somebody offers what one may do, and what was done is seen by all', async () => {
    const [ana, ben] = await partyOfTwo({ control: 'host' });
    const chris = await member('Chris');
    await chris.join(ana.link);
    await ana.untilText('#people', 'Chris');
    assert.deepEqual(await ana.menu('Ben'), [
        'Don\u2019t wait', 'Let control the film', 'Watch and chat only', 'Mute in the chat', 'Make host', 'Remove',
        'Remove for good', 'Add as friend',
    ]);
    await ana.page.keyboard.press('Escape');
    await picture(ana, 'menu', () => ana.menu('Ben'));
    await ana.page.keyboard.press('Escape');
    assert.deepEqual(await ben.menu('Ben'), ['Don\u2019t wait for me']);
    for (const name of ['Ana', 'Chris']) assert.deepEqual(await ben.menu(name), ['Add as friend']);

    await ana.choose('Ben', 'Let control the film');
    await ben.until('may control', () => !document.getElementById('play').disabled);
    await chris.untilText('#people .tag', 'controls');
    assert.deepEqual(await ben.menu('Chris'), ['Don\u2019t wait', 'Add as friend']);
    assert.deepEqual(await ben.menu('Ana'), ['Add as friend'], 'nothing else about the host');

    await ana.choose('Chris', 'Mute in the chat');
    await chris.until('muted', () => document.getElementById('chat-text').disabled
        && document.getElementById('chat-text').placeholder === 'You are muted');
    await ben.untilText('#people .tag', 'muted');
    await ana.choose('Chris', 'Let chat again');
    await chris.say('Thank you');
    await ana.untilText('#lines', 'Thank you');

    await ana.choose('Ben', 'Watch and chat only');
    await ben.until('may not control', () => document.getElementById('play').disabled);
    await chris.untilText('#people .tag', 'chat only');
});

test('removed for a while and for good, and allowed again', async () => {
    const [ana, ben] = await partyOfTwo();
    const chris = await member('Chris');
    await chris.join(ana.link);
    await ana.untilText('#people', 'Chris');
    await ana.choose('Ben', 'Remove');
    await ben.untilText('#door-text', 'You may come back a little later');
    await picture(ben, 'removed');
    await ben.page.goto(ana.link);
    await ben.untilText('#door-text', 'you may come again in');
    await ana.choose('Chris', 'Remove for good');
    assert.equal(await ana.page.locator('#people .person').count(), 2, 'asked once more first');
    await ana.press('Really keep Chris out?');
    await chris.untilText('#door-text', 'for good');
    await chris.page.goto(ana.link);
    await chris.untilText('#door-text', 'for good');

    await ana.press('Settings');
    await ana.untilText('#removed', 'Chris');
    await ana.untilText('#removed', 'for 5 minutes');
    await picture(ana, 'settings');
    for (const guest of [ben, chris]) {
        await ana.press(`Allow again: ${guest.name}`);
        await guest.page.reload();
        await guest.page.locator('#party').waitFor();
    }
    await ana.until('nobody kept out', () => document.getElementById('settings-removed').hidden);
});

test('messages are deleted: one\u2019s own, and any by the host', async () => {
    const [ana, ben] = await partyOfTwo();
    const remove = (one, text) => one.page.locator('.message', { hasText: text }).getByLabel('Delete this message').click();
    await ben.say('one');
    await ben.say('two');
    await ana.say('three');
    await Promise.all([ana.untilText('#lines', 'two'), ben.untilText('#lines', 'three')]);
    assert.ok(await ben.page.locator('.message', { hasText: 'three' }).locator('.delete').isHidden(), 'not those of others');
    const gone = (text) => Promise.all([ana, ben].map((one) => one.until(`no ${text}`, (what) => {
        return ![...document.querySelectorAll('.line-text')].some((line) => line.textContent === what);
    }, text)));
    await remove(ben, 'one');
    await gone('one');
    assert.equal(await ana.page.locator('.message.more').count(), 0, 'the next one bears the name now');
    await remove(ana, 'two');
    await gone('two');
    const chris = await member('Chris');
    await chris.join(ana.link);
    await chris.untilText('#lines', 'three');
    assert.equal(await chris.page.locator('.message').count(), 1);
});

test('the rules of a party: each for those who may change it, and at once', async () => {
    const [ana, ben] = await partyOfTwo();
    await ben.press('Settings');
    assert.ok(await ben.page.locator('#settings-rules').isHidden(), 'only what is his own');
    assert.ok(await ben.page.locator('#set-lost').isVisible());
    await ben.press('Done');
    assert.ok(await ben.page.locator('#invite-open').isHidden());
    await ana.press('Settings');
    const rules = ana.page.locator('#settings');
    const asked = ana.said.filter((one) => one.type === 'state').length;
    await rules.getByLabel('Seats at most').fill('0');
    await rules.getByLabel('Seats at most').press('Tab');
    await ana.untilText('#settings-problem', 'Seats at most: a whole number, 1 or more');
    await rules.getByLabel('Seats at most').fill('5000');
    await rules.getByLabel('Seats at most').press('Tab');
    await ana.untilText('#settings-problem', 'Seats at most must be');
    await rules.getByLabel('Seats at most').fill('2');
    await rules.getByLabel('Seats at most').press('Tab');
    await rules.getByLabel('Who is waited for').selectOption('The host and controllers');
    await rules.getByLabel('Who controls the film').selectOption('host');
    await ben.until('may not control', () => document.getElementById('play').disabled);
    assert.deepEqual(
        [last(ben.heard, 'session').session.wait, last(ben.heard, 'session').session.max_participants],
        ['controllers', 2],
    );
    const chris = await member('Chris');
    await chris.follow(ana.link);
    await chris.untilText('#door-title', 'The party is full');
    await ana.page.getByRole('checkbox', { name: 'Chat' }).uncheck();
    await ben.until('no chat', () => document.getElementById('chat-text').placeholder === 'The chat is off');
    assert.equal(ana.said.filter((one) => one.type === 'state').length, asked, 'nobody asks for the state');
    assert.equal(ben.said.filter((one) => one.type === 'state').length, 0);
    await rules.getByLabel('Seats at most').fill('5');
    await rules.getByLabel('Seats at most').press('Tab');
    await rules.getByLabel('Who may come').selectOption('friends');
    await rules.getByLabel('Everybody else').selectOption('knock');
    await ana.press('Done');
    await chris.press('Try again');
    await chris.untilText('#door-title', 'Waiting for the host');
});

test('a party for friends refuses strangers', async () => {
    const [ana, ben] = await Promise.all([member('Ana'), member('Ben')]);
    await ana.page.goto(house.server.url);
    assert.ok(await ana.page.locator('#strangers').isHidden(), 'only for friends');
    await ana.create(house.server.url, { ...FILM, visibility: 'friends', strangers: 'refuse' });
    await ben.follow(ana.link);
    await ben.untilText('#door-text', 'friends of its host');
    await ben.press('To the start');
    await ben.page.locator('#rules summary').click();
    await ben.page.getByRole('combobox', { name: 'Who may come' }).selectOption('friends');
    await picture(ben, 'home');
});

test('friends: asked for, accepted and declined; then they come in where others do not', async () => {
    const [ana, ben] = await partyOfTwo();
    const chris = await member('Chris');
    await chris.join(ana.link);
    await ana.untilText('#people', 'Chris');
    for (const guest of [ben, chris]) {
        await ana.choose(guest.name, 'Add as friend');
        await ana.menu(guest.name);
        await ana.untilText('.menu[open] button', 'Take the friend request back');
        await ana.page.keyboard.press('Escape');
    }
    await ben.menu('Ana');
    await ben.untilText('.menu[open] button', 'Decline friendship');
    await ben.press('Accept as friend');
    await ben.menu('Ana');
    await ben.untilText('.menu[open] button', 'End friendship');
    await chris.press('Leave');
    await chris.untilText('#friend-requests', 'Ana');
    await picture(chris, 'friends');
    await chris.press('Decline: Ana');
    await chris.until('nobody asking', () => document.getElementById('friends').hidden);

    await ana.press('Settings');
    await ana.page.locator('#set-visibility').selectOption('friends');
    await ana.press('Done');
    await ben.press('Leave');
    await ben.page.locator('#home').waitFor();
    for (const guest of [ben, chris]) await guest.page.goto(ana.link);
    await ben.page.locator('#party').waitFor();
    await chris.untilText('#door-text', 'friends of its host');
});

test('details: how well everybody keeps to the party, fresh as long as they are looked at, and quiet', async () => {
    const server = await Server.start();
    try {
        const ana = await member('Ana');
        await ana.create(server.url, { film: 'local' });
        const ben = await guest(server, 'Ben');
        ben.client = await Client.open(server, { token: ben.token });
        await ben.client.join(ana.code);
        const report = (fields) => ben.client.ask({ type: 'ping', timestamp: 1, ...fields }, 'pong');
        await report({ drift_ms: 0.4, error_ms: 12.3 });
        await ana.untilText('#people', 'Ben');
        const toggle = ana.page.getByRole('button', { name: 'Details' });
        const asked = () => ana.said.filter(({ type }) => type === 'state').length;
        assert.equal(await toggle.getAttribute('aria-expanded'), 'false');
        assert.deepEqual(await ana.page.locator('.person-figures:visible').allTextContents(), []);
        assert.equal(asked(), 0);

        await toggle.click();
        assert.equal(await toggle.getAttribute('aria-expanded'), 'true');
        await ana.untilText('.person-figures', 'drift\u00a0+0.4\u00a0ms, clock\u00a0\u00b112\u00a0ms');
        await ana.until('the round trips', () => [...document.querySelectorAll('.person-figures')].some((one) =>
            /^round\strip\s\d+(\.\d)?\sms, drift\s\+0\.4\sms, clock\s\u00b112\sms$/.test(one.textContent)));
        assert.equal(await ana.page.locator('.person-figures:visible').count(), 2);
        await picture(ana, 'details');

        // Nobody tells it: it is asked for again and again. An open menu stays as it is meanwhile.
        await ana.menu('Ben');
        await report({ drift_ms: -23.7 });
        await ana.untilText('.person-figures', 'drift\u00a0\u221224\u00a0ms');
        assert.ok(await ana.page.locator('.menu[open]').isVisible());
        await ana.page.keyboard.press('Escape');

        await toggle.click();
        assert.equal(await toggle.getAttribute('aria-expanded'), 'false');
        assert.deepEqual(await ana.page.locator('.person-figures:visible').allTextContents(), []);
        await ben.client.close();
    } finally {
        await server.finish();
    }
});
