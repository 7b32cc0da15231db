// How large the film is shown: in the page, on the full screen, or in a small window above all others (picture in picture).

import { $ } from './dom.js';
import { say } from './language.js';
import { toast } from './view_toast.js';

export class SizeView {
    constructor(film) {
        this.film = film;
        $('full').addEventListener('click', () => this.full());
        $('pip').addEventListener('click', () => this.small());
        $('pip').hidden = !this.canBeSmall;
        document.addEventListener('fullscreenchange', () => this.render());
        for (const name of ['enterpictureinpicture', 'leavepictureinpicture']) {
            film.addEventListener(name, () => this.render());
        }
        this.render();
    }

    get canBeSmall() {
        return Boolean(document.pictureInPictureEnabled && this.film.requestPictureInPicture);
    }

    get isSmall() {
        return document.pictureInPictureElement === this.film;
    }

    async full() {
        const stage = $('stage');
        if (document.fullscreenElement) return document.exitFullscreen();
        if (!stage.requestFullscreen) return this.film.webkitEnterFullscreen?.(); // telephones that know nothing else
        try {
            await stage.requestFullscreen();
            await screen.orientation?.lock?.('landscape');
        } catch {
            // It stays as it is; most screens cannot be turned.
        }
    }

    async small() {
        try {
            if (this.isSmall) await document.exitPictureInPicture();
            else if (this.canBeSmall) await this.film.requestPictureInPicture();
        } catch {
            toast(say('player.pip_not_now'));
        }
    }

    render() {
        const name = say(document.fullscreenElement ? 'player.full_leave' : 'player.full');
        $('full').setAttribute('aria-label', name);
        $('full').title = name;
        $('full-icon').setAttribute('href', document.fullscreenElement ? '#icon-full-leave' : '#icon-full');
        $('pip').setAttribute('aria-pressed', String(this.isSmall));
    }
}
