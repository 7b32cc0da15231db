// The beginning: who is this, and where do they want to go. The party itself is visit.js.

import { base, codeInAddress, joinPath } from './api.js';
import { $ } from './dom.js';
import { loadFollower } from './follower.js';
import * as identity from './identity.js';
import { HOME, showDoor } from './view_door.js';
import { HomeView } from './view_home.js';
import { Visit } from './visit.js';

async function openParty(code, invitation) {
    if (codeInAddress() !== code) history.pushState(null, '', joinPath(code, invitation));
    showDoor('One moment', '', []);
    try {
        await loadFollower();
    } catch (error) {
        showDoor('No connection', error.message, [HOME]);
        return;
    }
    new Visit(code);
}

function begin() {
    const home = new HomeView(openParty);
    const code = codeInAddress();
    if (!code) home.showHome();
    else if (identity.token()) openParty(code);
    else home.showInvited(code);
}

$('brand').href = base;
addEventListener('popstate', () => location.reload());

try {
    await identity.arrive();
    begin();
} catch (error) {
    showDoor(error.status === 401 ? 'Please sign in' : 'No connection', error.message, [HOME]);
}
