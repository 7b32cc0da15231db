// Choosing a film: an address, one of the server's, or everyone's own file. Used for a new party and for a change.

import { filmUrl, listMedia } from './api.js';
import { make } from './dom.js';
import { say } from './language.js';

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
        this.address = make('input', {
            type: 'url', id: `${group}-address`, placeholder: 'https://example.org/film.mp4', maxLength: URL_MAX,
        });
        this.list = make('select', { id: `${group}-media` });
        this.media = this.option(group, 'media', say('film.media'), this.list);
        this.media.hidden = true;
        const url = this.option(group, 'url', say('film.address'), this.address);
        const hint = make('p', { className: 'hint' }, say('film.own_hint'));
        const local = this.option(group, 'local', say('film.own'), hint);
        parent.append(make('div', { className: 'films' }, this.media, url, local));
        this.parent = parent;
        this.choose('url');
        parent.addEventListener('change', () => this.choose(this.kind));
    }

    option(group, kind, text, ...more) {
        const radio = make('input', { type: 'radio', name: group, value: kind });
        const label = make('label', { className: 'check' }, radio, ` ${text}`);
        const detail = make('div', { className: 'film-detail' }, ...more);
        for (const one of more) one.setAttribute('aria-label', text);
        return make('div', { className: 'film-option' }, label, detail);
    }

    get kind() {
        return this.parent.querySelector('input[type=radio]:checked').value;
    }

    choose(kind) {
        for (const radio of this.parent.querySelectorAll('input[type=radio]')) {
            radio.checked = radio.value === kind;
            radio.closest('.film-option').querySelector('.film-detail').hidden = radio.value !== kind;
        }
    }

    // Shows the server's films, if it has any.
    async load() {
        const films = await listMedia().catch(() => []);
        const wasHidden = this.media.hidden;
        this.list.replaceChildren(
            ...films.map((film) => make('option', { value: film.url }, film.title || film.path || film.url)),
        );
        this.media.hidden = films.length === 0;
        if (wasHidden && films.length > 0) this.choose('media');
    }

    // The fields of a session or a `content` command; throws a sentence for the person.
    content() {
        if (this.kind === 'local') return { content_type: 'local' };
        if (this.kind === 'media') {
            const title = this.list.selectedOptions[0].textContent.slice(0, TITLE_MAX);
            return { content_type: 'media', title, url: this.list.value };
        }
        const url = filmUrl(this.address.value.trim());
        if (!url || this.address.value.trim().startsWith('/')) {
            this.address.focus();
            throw new Error(say('film.bad_address'));
        }
        return { content_type: 'url', title: titleOf(url), url };
    }
}
