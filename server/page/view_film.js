// Choosing a film: one of the server's, an address, or everyone's own file. Used for a new party and for a change.

import { filmUrl, listMedia } from './api.js';
import { make } from './dom.js';
import { say } from './language.js';
import { Shelf } from './view_shelf.js';

const TITLE_MAX = 200;
const URL_MAX = 2000;

let count = 0;

function titleOf(url) {
    const last = new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? '';
    let name = last;
    try {
        name = decodeURIComponent(last);
    } catch {
        // A stray percent sign: as it is.
    }
    return (name.replace(/\.[a-z0-9]{2,4}$/i, '') || new URL(url).host).slice(0, TITLE_MAX);
}

export class FilmChooser {
    constructor(parent) {
        count += 1;
        const group = `film-${count}`;
        this.tabs = make('div', { className: 'segments' });
        this.tabs.setAttribute('role', 'radiogroup');
        this.tabs.setAttribute('aria-label', say('film.which'));
        this.panels = new Map();
        parent.append(this.tabs);
        this.media = this.way(parent, group, 'media', 'film.media');
        this.shelf = new Shelf(this.panels.get('media'), group);
        this.way(parent, group, 'url', 'film.link');
        this.address = make('input', {
            type: 'url', id: `${group}-address`, placeholder: 'https://example.org/film.mp4', maxLength: URL_MAX,
        });
        this.panels.get('url').append(make('label', { htmlFor: this.address.id }, say('film.address')), this.address,
            make('p', { className: 'hint' }, say('film.address_hint')));
        this.way(parent, group, 'local', 'film.own');
        this.panels.get('local').append(make('p', { className: 'hint' }, say('film.own_hint')));
        this.media.hidden = true;
        this.choose('url');
        this.tabs.addEventListener('change', ({ target }) => this.choose(target.value));
    }

    way(parent, group, kind, text) {
        const radio = make('input', { type: 'radio', name: group, value: kind });
        const tab = make('label', { className: 'segment' }, radio, make('span', {}, say(text)));
        this.tabs.append(tab);
        const panel = make('div', { className: 'film-panel' });
        this.panels.set(kind, panel);
        parent.append(panel);
        return tab;
    }

    choose(kind) {
        this.kind = kind;
        for (const radio of this.tabs.querySelectorAll('input')) radio.checked = radio.value === kind;
        for (const [one, panel] of this.panels) panel.hidden = one !== kind;
    }

    // Shows the server's films, if it has any.
    async load() {
        const films = await listMedia().catch(() => []);
        const wasHidden = this.media.hidden;
        this.shelf.fill(films);
        this.media.hidden = films.length === 0;
        if (films.length === 0 && this.kind === 'media') this.choose('url');
        if (wasHidden && films.length > 0) this.choose('media');
    }

    // The fields of a session or a `content` command; throws a sentence for the person.
    content() {
        if (this.kind === 'local') return { content_type: 'local' };
        if (this.kind === 'media') {
            const { chosen } = this.shelf;
            if (!chosen) throw new Error(say('film.choose'));
            return { content_type: 'media', title: chosen.title.slice(0, TITLE_MAX), url: chosen.url };
        }
        const url = filmUrl(this.address.value.trim());
        if (!url || this.address.value.trim().startsWith('/')) {
            this.address.focus();
            throw new Error(say('film.bad_address'));
        }
        return { content_type: 'url', title: titleOf(url), url };
    }
}
