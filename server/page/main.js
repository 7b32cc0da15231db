// The beginning: who is this, and where do they want to go. The party itself is visit.js.

import { base, codeInAddress, joinPath } from './api.js';
import { $ } from './dom.js';
import * as identity from './identity.js';
import { sayAll, say, speak, wanted } from './language.js';
import { home, showDoor } from './view_door.js';
import { HomeView } from './view_home.js';

async function openParty(code, invitation) {
    if (codeInAddress() !== code) history.pushState(null, '', joinPath(code, invitation));
    showDoor(say('door.moment'), '', [], 'wait');
    let modules;
    try {
        // What a party needs beyond the start page.
        modules = await Promise.all([import('./visit.js'), import('./follower.js').then((one) => one.loadFollower())]);
    } catch {
        const again = { text: say('door.again'), action: () => location.reload() };
        showDoor(say('door.no_connection'), say('error.unreachable'), [again, home()], 'offline');
        return;
    }
    const [{ Visit }] = modules;
    new Visit(code);
}

function begin() {
    const start = new HomeView(openParty);
    const code = codeInAddress();
    if (!code) start.showHome();
    else if (identity.token()) openParty(code);
    else start.showInvited(code);
}

await speak(wanted());
sayAll();
$('brand').href = base;
addEventListener('popstate', () => location.reload());

try {
    await identity.arrive();
    begin();
} catch (error) {
    showDoor(say(error.status === 401 ? 'door.sign_in' : 'door.no_connection'), error.message, [home()], error.status === 401 ? 'closed' : 'offline');
}
