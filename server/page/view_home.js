// The pages before a party: name, create, join, and the question for a name when invited by a link.

import { createSession, readWayIn, showCode } from './api.js';
import { avatar } from './avatar.js';
import { $, setText, show, showPage } from './dom.js';
import { Friends } from './friends.js';
import * as identity from './identity.js';
import { say } from './language.js';
import { FilmChooser } from './view_film.js';
import { FriendsView } from './view_friends.js';
import { preferences } from './view_preferences.js';

const ACCESS = { public: 'rules.public', private: 'rules.private', friends: 'rules.friends' };
const CONTROL = { everyone: 'rules.control_everyone', host: 'rules.control_host' };
const NAMES = ['nickname', 'invited-name'];

// Runs `work` with the form's problem line empty and the buttons disabled; what it throws is shown.
async function attempt(form, problem, work) {
    setText(problem, '');
    const buttons = form.querySelectorAll('button');
    for (const button of buttons) button.disabled = true;
    try {
        await work();
    } catch (error) {
        setText(problem, error.message);
    } finally {
        for (const button of buttons) button.disabled = false;
    }
}

function enter(field) {
    const name = $(field).value.trim();
    if (!name && !identity.isGiven) {
        $(field).focus();
        throw new Error(say('name.missing'));
    }
    return identity.enter(name);
}

function renderAvatar(field) {
    const name = $(field).value.trim();
    $(`${field}-avatar`).replaceChildren(...(name ? [avatar(name)] : []));
}

export class HomeView {
    // go(code, invitation) opens a party.
    constructor(go) {
        this.go = go;
        this.film = new FilmChooser($('home-film'));
        this.friends = new Friends();
        new FriendsView(this.friends);
        $('preferences').append(...preferences());
        for (const id of ['visibility', 'control']) $(id).addEventListener('change', () => this.renderRules());
        for (const field of NAMES) $(field).addEventListener('input', () => renderAvatar(field));
        $('home-form').addEventListener('submit', (event) => {
            event.preventDefault();
            // Enter in the code's field joins; everywhere else it starts a party.
            const button = document.activeElement === $('join-code') ? $('join') : event.submitter;
            if (button === $('join')) this.join();
            else this.create();
        });
        $('invited-form').addEventListener('submit', (event) => {
            event.preventDefault();
            attempt(event.target, 'invited-problem', async () => {
                await enter('invited-name');
                this.go(this.code);
            });
        });
    }

    showHome() {
        showPage('home');
        setText('create-problem', '');
        setText('join-problem', '');
        $('nickname').value = identity.name();
        // Who is signed in elsewhere has the name from there.
        $('nickname').disabled = identity.isGiven;
        renderAvatar('nickname');
        this.renderRules();
        this.film.load();
        this.friends.load();
        if (!identity.name()) $('nickname').focus();
    }

    showInvited(code) {
        showPage('invited');
        this.code = code;
        setText('invited-code', showCode(code));
        $('invited-name').value = identity.name();
        renderAvatar('invited-name');
        $('invited-name').focus();
    }

    // What most leave as it is takes one line.
    renderRules() {
        show('strangers-field', $('visibility').value === 'friends');
        setText('rules-text', `${say(ACCESS[$('visibility').value])} ${say(CONTROL[$('control').value])}`);
    }

    create() {
        attempt($('home-form'), 'create-problem', async () => {
            const wanted = {
                ...this.film.content(),
                visibility: $('visibility').value,
                control: $('control').value,
                chat_enabled: true,
            };
            if (wanted.visibility === 'friends') wanted.strangers = $('strangers').value;
            await enter('nickname');
            const session = await identity.withToken((token) => createSession(token, wanted));
            this.go(session.code);
        });
    }

    join() {
        attempt($('home-form'), 'join-problem', async () => {
            const wayIn = readWayIn($('join-code').value);
            if (!wayIn) {
                $('join-code').focus();
                throw new Error(say('join.bad_code'));
            }
            await enter('nickname');
            this.go(wayIn.code, wayIn.invitation);
        });
    }
}
