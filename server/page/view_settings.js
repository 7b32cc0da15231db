// The host's settings of a party.

import { $, setText, show } from './dom.js';
import { FilmChooser } from './view_film.js';

// crypto.randomUUID is missing on plain http; this is what it does.
function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export class SettingsView {
    constructor(party, send) {
        this.party = party;
        this.send = send;
        this.film = new FilmChooser($('settings-film'));
        party.on('session', () => this.render());
        $('settings-open').addEventListener('click', () => {
            this.film.load();
            this.render();
            $('settings').showModal();
        });
        const set = (key, value) => send({ type: 'settings', [key]: value });
        $('set-visibility').addEventListener('change', (event) => set('visibility', event.target.value));
        $('set-control').addEventListener('change', (event) => set('control', event.target.value));
        $('set-chat').addEventListener('change', (event) => set('chat_enabled', event.target.checked));
        $('change-film').addEventListener('click', () => this.changeFilm());
        $('end').addEventListener('click', () => this.end());
        $('settings').addEventListener('close', () => this.disarm());
    }

    render() {
        const { isHost, session } = this.party;
        show('settings-open', isHost);
        if (!isHost && $('settings').open) $('settings').close();
        $('set-visibility').value = session.visibility;
        $('set-control').value = session.control;
        $('set-chat').checked = session.chat_enabled;
    }

    changeFilm() {
        setText('settings-problem', '');
        try {
            const content = this.film.content();
            if (this.send({ type: 'content', content_id: uuid(), ...content })) $('settings').close();
        } catch (error) {
            setText('settings-problem', error.message);
        }
    }

    // Ending is for everyone and for good: the first press asks, the second does it.
    end() {
        if (this.isArmed) {
            this.send({ type: 'end' });
            $('settings').close();
            return;
        }
        this.isArmed = true;
        setText('end', 'Really end it for everyone?');
    }

    disarm() {
        this.isArmed = false;
        setText('end', 'End the party');
    }
}
