// The volume: this person's alone, and remembered.

import { $ } from './dom.js';
import { number, say } from './language.js';
import { toast } from './view_toast.js';

const KEY = 'syncplay.volume';
const STEP = 0.05;

function remembered() {
    try {
        const volume = Number(localStorage.getItem(KEY) ?? 1);
        return volume >= 0 && volume <= 1 ? volume : 1;
    } catch {
        return 1; // storage forbidden
    }
}

export class VolumeView {
    constructor(film) {
        this.film = film;
        film.volume = remembered();
        film.addEventListener('volumechange', () => this.render());
        $('mute').addEventListener('click', () => this.mute());
        $('volume').addEventListener('input', (event) => this.set(Number(event.target.value) / 100));
        this.render();
    }

    render() {
        const { film } = this;
        const isMuted = film.muted || film.volume === 0;
        const percent = Math.round(film.muted ? 0 : 100 * film.volume);
        $('volume').value = percent;
        $('volume').style.setProperty('--level', `${percent}%`);
        $('mute').setAttribute('aria-pressed', String(isMuted));
        $('mute').setAttribute('aria-label', say(isMuted ? 'player.unmute' : 'player.mute'));
        $('mute').title = say(isMuted ? 'player.unmute' : 'player.mute');
        $('mute-icon').setAttribute('href', isMuted ? '#icon-muted' : '#icon-sound');
    }

    set(volume) {
        const { film } = this;
        film.volume = Math.min(1, Math.max(0, volume));
        film.muted = false;
        try {
            localStorage.setItem(KEY, film.volume);
        } catch {
            // Then it lasts as long as the page.
        }
    }

    // By so many steps, as keys do it: what comes of it is said.
    step(count) {
        const { film } = this;
        this.set((film.muted ? 0 : film.volume) + count * STEP);
        toast(say('player.volume_is', { percent: number(Math.round(100 * film.volume)) }), 'volume');
    }

    mute() {
        const { film } = this;
        film.muted = !film.muted;
        if (!film.muted && film.volume === 0) film.volume = 1;
    }
}
