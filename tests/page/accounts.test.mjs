// Users whom another site has signed in: their token comes behind the #, and the server lets in nobody else.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { Server } from '../server/server.mjs';
import { now, settings, token } from '../server/token.mjs';
import { member, picture } from './house.mjs';

const LEEWAY_S = 1;
let server;

before(async () => {
    server = await Server.start(settings('HS256', {
        AUTH_GUESTS: false, AUTH_DEFAULT_ROLE: 'visitor', AUTH_JWT_LEEWAY: `${LEEWAY_S}s`,
        ROLES_VISITOR: 'syncplay.join', ROLES_FAMILY: 'syncplay.create, syncplay.join, syncplay.host_controls',
        ROLES_BLOCKED: '',
    }));
});

after(() => server.finish());

const signIn = (name, more) => token('HS256', { sub: name, name, roles: ['family'], ...more });

// Ana's party for everyone's own file; returns its link.
async function partyOf(ana) {
    await ana.page.goto(`${server.url}/#token=${await signIn('Ana')}`);
    await ana.page.getByRole('radio', { name: 'Our own files' }).check();
    await ana.press('Start the party');
    await ana.page.locator('#party').waitFor();
    return ana.page.url();
}

test('whoever was signed in elsewhere has that name, and the token stays out of the address', async () => {
    const ana = await member('Ana');
    await ana.page.goto(`${server.url}/#token=${await signIn('Ana of the house')}`);
    await ana.until('the name', () => document.getElementById('nickname').value === 'Ana of the house');
    assert.equal(ana.page.url(), `${server.url}/`);
    assert.ok(await ana.page.locator('#nickname').isDisabled());
    await ana.page.getByRole('radio', { name: 'Our own files' }).check();
    await ana.press('Start the party');
    await ana.untilText('#people', 'Ana of the house');
    await ana.page.reload();
    await ana.untilText('#people', 'Ana of the house');
    assert.equal(await ana.page.evaluate(() => localStorage.getItem('syncplay.guest')), null, 'no guest was made');
});

test('guests are told to sign in, and so is whoever has a token that is no good, or not any more', async () => {
    const [ana, ben, chris, dan] = await Promise.all(['Ana', 'Ben', 'Chris', 'Dan'].map((name) => member(name)));
    const link = await partyOf(ana);
    await ben.follow(link);
    await ben.untilText('#invited-problem', 'This server needs you to sign in.');
    await picture(ben, 'sign-in');

    await chris.page.goto(`${link}#token=outdated`);
    await chris.untilText('#door-title', 'Please sign in');
    await chris.untilText('#door-text', 'sign in again');

    // The token expires in the middle of it: whoever returns with a fresh one finds the seat.
    await dan.page.goto(`${link}#token=${await signIn('Dan', { exp: now() + 3 })}`);
    await dan.untilText('#door-text', 'sign in again');
    await dan.page.goto(`${link}#token=${await signIn('Dan')}`);
    await dan.page.locator('#party').waitFor();
    assert.equal(await ana.page.locator('#people .person').count(), 2);
});

test('what a role does not permit is said in a sentence', async () => {
    const [ana, ben, chris] = await Promise.all(['Ana', 'Ben', 'Chris'].map((name) => member(name)));
    const link = await partyOf(ana);
    await ben.page.goto(`${link}#token=${await signIn('Ben', { roles: ['blocked'] })}`);
    await ben.untilText('#door-text', 'This takes the permission syncplay.join.');
    await chris.page.goto(`${link}#token=${await signIn('Chris', { roles: ['visitor'] })}`);
    await chris.page.locator('#party').waitFor();
    assert.ok(await chris.page.locator('#play').isDisabled(), 'everyone controls, but not without the permission');
    await chris.press('Leave');
    await chris.page.getByRole('radio', { name: 'Our own files' }).check();
    await chris.press('Start the party');
    await chris.untilText('#create-problem', 'This takes the permission syncplay.create.');
});
