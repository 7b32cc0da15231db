// The server's films to choose from: folders to walk through, pictures, and a search over all. Knows nothing of parties.

import { make } from './dom.js';
import { say } from './language.js';
import { posterOf } from './poster.js';

// Fewer can be looked through without a search.
const SEARCH_FROM = 9;

const folderOf = (path) => path.slice(0, path.lastIndexOf('/') + 1);
const nameOf = (folder) => folder.split('/').at(-2);

export class Shelf {
    constructor(parent, group) {
        Object.assign(this, { group, films: [], folder: '', chosen: undefined });
        this.search = make('input', { type: 'search', placeholder: say('shelf.search'), maxLength: 100, autocomplete: 'off' });
        this.search.setAttribute('aria-label', say('shelf.search'));
        this.search.addEventListener('input', () => this.render());
        this.path = make('nav', { className: 'shelf-path' });
        this.path.setAttribute('aria-label', say('shelf.folder'));
        this.list = make('div', { className: 'shelf-films' });
        this.list.setAttribute('role', 'radiogroup');
        this.list.setAttribute('aria-label', say('film.media'));
        this.none = make('p', { className: 'hint' });
        this.none.setAttribute('role', 'status');
        this.list.addEventListener('change', ({ target }) => (this.chosen = this.films.find((film) => film.url === target.value)));
        parent.append(make('div', { className: 'shelf' }, this.search, this.path, this.list, this.none));
    }

    fill(films) {
        this.films = films;
        this.chosen = films.find((film) => film.url === this.chosen?.url) ?? (films.length === 1 ? films[0] : undefined);
        if (!films.some((film) => film.path.startsWith(this.folder))) this.folder = '';
        this.search.hidden = films.length < SEARCH_FROM;
        this.render();
    }

    open(folder) {
        this.folder = folder;
        this.search.value = '';
        this.render();
        (this.path.querySelector('button') ?? this.list.querySelector('button, input'))?.focus();
    }

    render() {
        const words = this.search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
        const isIn = ({ path, title }) => words.every((word) => `${path} ${title}`.toLocaleLowerCase().includes(word));
        const below = this.films.filter((film) => film.path.startsWith(this.folder));
        const here = words.length > 0 ? this.films.filter(isIn) : below.filter((film) => folderOf(film.path) === this.folder);
        const folders = new Map();
        for (const film of words.length > 0 ? [] : below) {
            const [first, ...rest] = film.path.slice(this.folder.length).split('/');
            if (rest.length > 0) folders.set(`${this.folder}${first}/`, (folders.get(`${this.folder}${first}/`) ?? 0) + 1);
        }
        this.renderPath(words.length > 0);
        this.list.replaceChildren(
            ...[...folders].map(([folder, count]) => this.folderTile(folder, count)),
            ...here.map((film) => this.filmTile(film)),
        );
        this.none.textContent = words.length > 0 && here.length === 0 ? say('shelf.none') : '';
    }

    renderPath(isSearch) {
        const steps = this.folder.split('/').slice(0, -1);
        this.path.hidden = isSearch || steps.length === 0;
        const places = ['', ...steps.map((_, index) => `${steps.slice(0, index + 1).join('/')}/`)];
        this.path.replaceChildren(...places.map((folder, index) => {
            const text = folder ? nameOf(folder) : say('shelf.all');
            if (index === places.length - 1) return make('span', { ariaCurrent: 'true' }, text);
            const step = make('button', { type: 'button', className: 'quiet small' }, text);
            step.addEventListener('click', () => this.open(folder));
            return step;
        }));
    }

    folderTile(folder, count) {
        const tile = make('button', { type: 'button', className: 'tile folder' },
            make('span', { className: 'poster', ariaHidden: 'true' }, '\u{1F4C1}\uFE0E'),
            make('span', { className: 'tile-title' }, nameOf(folder)),
            make('span', { className: 'tile-note' }, say('shelf.films', { count })));
        tile.addEventListener('click', () => this.open(folder));
        return tile;
    }

    filmTile(film) {
        const radio = make('input', { type: 'radio', name: `${this.group}-shelf`, value: film.url, checked: film === this.chosen });
        radio.setAttribute('aria-label', film.title);
        const notes = [folderOf(film.path) !== this.folder ? nameOf(folderOf(film.path)) : '',
            film.subtitles.length > 0 ? say('shelf.subtitles') : ''].filter(Boolean);
        return make('label', { className: 'tile film', title: film.path }, radio, posterOf(film),
            make('span', { className: 'tile-title' }, film.title), make('span', { className: 'tile-note' }, notes.join(' \u00b7 ')));
    }
}
