// The settings: of the party, each part for those who have the right to it, and one's own.

import { $, askTwice, setText, show } from './dom.js';
import { say } from './language.js';
import * as lost from './lost.js';
import { FilmChooser } from './view_film.js';
import { preferences } from './view_preferences.js';

// crypto.randomUUID is missing on plain http; this is what it does.
function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

// The right that each part of the dialog is for.
const PARTS = { 'settings-rules': 'settings', 'settings-content': 'content', end: 'end' };
// The fields of the session, and the element that shows each.
const FIELDS = {
    visibility: 'set-visibility',
    strangers: 'set-strangers',
    control: 'set-control',
    wait: 'set-wait',
    max_participants: 'set-seats',
    chat_enabled: 'set-chat',
};

const labelOf = (id) => document.querySelector(`label[for="${id}"]`).textContent;

export class SettingsView {
    constructor(party, send) {
        this.party = party;
        this.send = send;
        this.film = new FilmChooser($('settings-film'));
        party.on('session you', () => this.render());
        party.on('notice', (notice) => notice.about === 'settings' && this.refused(notice.sentence));
        $('settings-open').addEventListener('click', () => this.open());
        for (const [field, id] of Object.entries(FIELDS)) {
            $(id).addEventListener('change', () => this.set(field, $(id)));
        }
        $('settings-me').prepend(...preferences('set-'));
        $('set-lost').value = lost.choice();
        $('set-lost').addEventListener('change', (event) => lost.choose(event.target.value));
        $('change-film').addEventListener('click', () => this.changeFilm());
        // Ending is for everyone and for good.
        askTwice($('end'), say('settings.end_sure'), () => {
            this.send({ type: 'end' });
            $('settings').close();
        });
    }

    open() {
        $('set-theme').value = window.theme.choice();
        // For how long those who were removed stay out is told in a state only.
        if (this.party.may('ban')) this.send({ type: 'state' });
        if (this.party.may('content')) this.film.load();
        setText('settings-problem', '');
        setText('film-problem', '');
        this.render();
        $('settings').showModal();
    }

    set(field, input) {
        setText('settings-problem', '');
        const values = { checkbox: () => input.checked, number: () => Number(input.value) };
        if (!input.checkValidity() || (input.type === 'number' && !input.value)) {
            this.refused(say('settings.bad_number', { label: labelOf(input.id) }));
            return;
        }
        this.send({ type: 'settings', [field]: values[input.type]?.() ?? input.value });
    }

    // What is shown is what holds.
    refused(sentence) {
        // The server speaks of fields, people of what they see.
        const field = Object.keys(FIELDS).find((name) => sentence.includes(name));
        setText('settings-problem', field ? sentence.replace(field, labelOf(FIELDS[field])) : sentence);
        this.render();
    }

    render() {
        const { party } = this;
        const { session } = party;
        for (const [part, right] of Object.entries(PARTS)) show(part, party.may(right));
        for (const [field, id] of Object.entries(FIELDS)) {
            if (session[field] === undefined) continue;
            if ($(id).type === 'checkbox') $(id).checked = session[field];
            else if ($(id) !== document.activeElement || $(id).type !== 'number') $(id).value = session[field];
        }
        show('set-strangers-field', session.visibility === 'friends');
    }

    changeFilm() {
        setText('film-problem', '');
        try {
            const content = this.film.content();
            if (this.send({ type: 'content', content_id: uuid(), ...content })) $('settings').close();
        } catch (error) {
            setText('film-problem', error.message);
        }
    }
}
