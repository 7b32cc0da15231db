// The pages before a party: name, create, join, and the question for a name when invited by a link.

import { createSession, normaliseCode, showCode } from './api.js';
import { $, setText } from './dom.js';
import * as identity from './identity.js';
import { FilmChooser } from './view_film.js';

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
    if (!name) {
        $(field).focus();
        throw new Error('Tell the others your name first.');
    }
    return identity.enter(name);
}

// A token that the server has forgotten is renewed, and the work done again.
async function withToken(token, work) {
    try {
        return await work(token);
    } catch (error) {
        if (error.status !== 401) throw error;
        return work(await identity.renew());
    }
}

export class HomeView {
    // go(code) opens a party.
    constructor(go) {
        this.go = go;
        this.film = new FilmChooser($('home-film'));
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
        $('nickname').value = identity.name();
        setText('create-problem', '');
        setText('join-problem', '');
        this.film.load();
        if (!identity.name()) $('nickname').focus();
    }

    showInvited(code) {
        this.code = code;
        setText('invited-code', showCode(code));
        $('invited-name').value = identity.name();
        $('invited-name').focus();
    }

    create() {
        attempt($('home-form'), 'create-problem', async () => {
            const wanted = {
                ...this.film.content(),
                visibility: $('visibility').value,
                control: $('control').value,
                chat_enabled: true,
            };
            const session = await withToken(await enter('nickname'), (token) => createSession(token, wanted));
            this.go(session.code);
        });
    }

    join() {
        attempt($('home-form'), 'join-problem', async () => {
            const code = normaliseCode($('join-code').value);
            if (code.length < 4) {
                $('join-code').focus();
                throw new Error('Enter the code, such as ABCD-EFGH.');
            }
            await enter('nickname');
            this.go(code);
        });
    }
}
