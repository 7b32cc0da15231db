// Puts the page together. Data flows one way: socket -> party -> views and player; intents -> socket.

import { base, codeInAddress, filmUrl, joinLink, joinPath, showCode } from './api.js';
import { Clock } from './clock.js';
import { $, setText, show } from './dom.js';
import * as identity from './identity.js';
import { Party } from './party.js';
import { Player } from './player.js';
import { Socket } from './socket.js';
import { ChatView } from './view_chat.js';
import { HomeView } from './view_home.js';
import { PeopleView } from './view_people.js';
import { PlayerView } from './view_player.js';
import { SettingsView } from './view_settings.js';
import { OVER } from './words.js';

const COPIED_MS = 2000;
// How long "you are back" is shown.
const BACK_MS = 2000;

function showPage(page) {
    for (const id of ['home', 'invited', 'door', 'party']) show(id, id === page);
    show('party-bar', page === 'party');
    show('party-title', page === 'party');
    document.body.dataset.page = page;
}

function goHome() {
    location.assign(base);
}

function showDoor(title, text, buttons = ['door-home']) {
    setText('door-title', title);
    setText('door-text', text);
    for (const id of ['door-again', 'door-home']) show(id, buttons.includes(id));
    showPage('door');
}

function showConnection(text, isGood = false) {
    setText('connection', text);
    $('connection').classList.toggle('good', isGood);
    show('connection', text !== '');
}

// One party, from the join to the end of it. Another one begins with another load of the page.
class Visit {
    constructor(code) {
        this.code = code;
        this.isJoined = false;
        this.clock = new Clock();
        this.party = new Party();
        this.player = new Player($('film'), this.clock, {
            ready: (message) => this.isJoined && this.socket.send({ type: 'ready', ...message }),
            intent: (what) => this.playerView.intent(what),
            change: () => this.playerView?.render(),
        });
        const send = (message) => this.send(message);
        this.playerView = new PlayerView(this.party, this.player, this.clock, send, (file) => this.openFile(file));
        new PeopleView(this.party, send);
        new ChatView(this.party, send);
        new SettingsView(this.party, send);
        this.party.on('membership', () => this.membership());
        this.party.on('session', () => this.session());
        this.party.on('timeline', (serverTime) => this.timeline(serverTime));
        this.party.on('ask', (message) => this.send(message));
        $('leave').addEventListener('click', () => this.leave());
        $('copy-link').addEventListener('click', () => this.copyLink());
        showConnection('Connecting\u2026');
        this.socket = new Socket(this.clock, identity.token(), {
            up: () => this.up(),
            down: () => this.down(),
            message: (message) => this.receive(message),
            refused: () => identity.renew(),
        });
    }

    // --- Connection

    up() {
        this.socket.send({ type: 'join', session_code: this.code });
    }

    down() {
        this.isJoined = false;
        showConnection(
            this.party.membership === 'in'
                ? 'Connection lost. The film goes on here; trying to come back\u2026'
                : 'No connection. Trying again\u2026',
        );
    }

    receive(message) {
        if (message.type === 'state' && !this.isJoined) this.joined();
        this.party.receive(message);
    }

    joined() {
        this.isJoined = true;
        this.player.forget();
        const isBack = this.party.membership === 'in';
        showConnection(isBack ? 'Back again' : '', true);
        if (isBack) setTimeout(() => this.isJoined && showConnection(''), BACK_MS);
    }

    send(message) {
        if (this.isJoined && this.socket.send(message)) return true;
        this.playerView.toast('Not connected at the moment');
        return false;
    }

    // --- What the party says

    membership() {
        const { membership, over } = this.party;
        if (membership === 'in') showPage('party');
        if (membership === 'knocking') {
            showConnection('');
            showDoor('Waiting for the host', 'The host sees your name and lets you in.');
            $('door-home').onclick = () => this.leave();
        }
        if (membership === 'over') this.over(over);
    }

    over({ code, message }) {
        this.isJoined = false;
        this.socket.close();
        this.player.shut();
        if ($('settings').open) $('settings').close();
        if (document.fullscreenElement) document.exitFullscreen();
        showConnection('');
        const [title, text] = OVER[code] ?? ['You cannot join', message ?? ''];
        showDoor(title, text, code === 'replaced' || code === 'left' ? ['door-again', 'door-home'] : ['door-home']);
    }

    session() {
        const { session } = this.party;
        const title = session.title || 'A film together';
        setText('party-title', title);
        setText('party-code', showCode(session.code));
        document.title = `${title} \u2013 SyncPlay`;
        const film = JSON.stringify([session.content_id, session.content_type, session.url]);
        if (film === this.film) return;
        this.film = film;
        const url = session.content_type === 'local' ? '' : filmUrl(session.url ?? '');
        if (url) this.player.open(url);
        else this.player.shut();
    }

    timeline(serverTime) {
        this.clock.hint(serverTime);
        this.player.apply(this.party.timeline);
    }

    // --- What the person does

    openFile(file) {
        URL.revokeObjectURL(this.fileUrl);
        this.fileUrl = URL.createObjectURL(file);
        this.player.open(this.fileUrl);
    }

    leave() {
        this.socket.send({ type: 'leave' });
        this.socket.close();
        goHome();
    }

    async copyLink() {
        const link = joinLink(this.party.session.code);
        try {
            await navigator.clipboard.writeText(link);
        } catch {
            // The clipboard is closed to plain http: let the person copy it.
            prompt('The link to this party', link);
            return;
        }
        setText('copy-link', 'Copied');
        setTimeout(() => setText('copy-link', 'Copy link'), COPIED_MS);
    }
}

function openParty(code) {
    if (codeInAddress() !== code) history.pushState(null, '', joinPath(code));
    setText('door-title', 'One moment');
    showDoor('One moment', '', []);
    new Visit(code);
}

$('brand').href = base;
$('door-home').onclick = goHome;
$('door-again').onclick = () => location.reload();
addEventListener('popstate', () => location.reload());

const home = new HomeView(openParty);
const code = codeInAddress();
if (!code) {
    showPage('home');
    home.showHome();
} else if (identity.token()) {
    openParty(code);
} else {
    showPage('invited');
    home.showInvited(code);
}
