// Subtitles: the menu to choose them from, and the words over the picture, above the controls while those are seen. Which
// there are, subtitle_tracks.js knows; what is chosen here is this person's alone.

import { $, make } from './dom.js';
import { languageName, say } from './language.js';
import { menu } from './menu.js';
import { OFF } from './subtitle_tracks.js';
import { icon } from './symbol.js';
import { toast } from './view_toast.js';

const SIZE_KEY = 'syncplay.subtitle_size';
const SIZES = { small: 'subtitles.small', normal: 'subtitles.normal', large: 'subtitles.large' };
// As SubtitleTracks has them.
const ERRORS = {
    unreachable: 'subtitles.unreachable',
    empty: 'subtitles.empty',
    too_large: 'subtitles.too_large',
    too_many: 'subtitles.too_many',
};
const KINDS = ['subtitles', 'captions'];
// Lines counted from the top that are at the top, and the percents that are.
const TOP_LINES = 4;
const TOP_PERCENT = 40;

const isAtTop = ({ line, snapToLines }) =>
    typeof line === 'number' && (snapToLines ? line >= 0 && line < TOP_LINES : line < TOP_PERCENT);

export class SubtitlesView {
    constructor(film, tracks) {
        Object.assign(this, { film, tracks, last: OFF });
        tracks.onChange(() => this.changed());
        this.menu = menu(say('subtitles.title'), () => this.entries(), { face: icon('subtitles') });
        $('subtitles-menu').append(this.menu);
        $('subtitles-file').addEventListener('change', (event) => this.open(event.target));
        this.wireCues();
        this.setSize(this.rememberedSize());
    }

    get chosen() {
        return this.tracks.list().find(({ isChosen }) => isChosen);
    }

    // --- The menu

    nameOf({ language, label, source }) {
        if (!language) return label || say('subtitles.unnamed');
        return label && source !== 'stream' ? `${languageName(language)} (${label})` : languageName(language);
    }

    entries() {
        const { chosen } = this;
        const off = { text: say('subtitles.off'), isChosen: !chosen, action: () => this.choose(OFF) };
        const those = this.tracks.list().map((track) => ({
            text: this.nameOf(track), isChosen: track.isChosen, action: () => this.choose(track.id),
        }));
        const sizes = Object.entries(SIZES).map(([size, name]) => ({
            text: say(name), isChosen: size === this.size, action: () => this.setSize(size),
        }));
        return [
            { title: say('subtitles.title'), choices: [off, ...those] },
            { text: say('subtitles.open'), action: () => $('subtitles-file').click() },
            { title: say('subtitles.size'), choices: sizes, isRow: true },
        ];
    }

    async choose(id) {
        await this.tracks.choose(id);
        if (this.chosen?.state === 'failed') this.tell();
    }

    async open(input) {
        const [file] = input.files;
        input.value = '';
        if (file && !(await this.tracks.addFile(file))) toast(say('subtitles.too_many_files'), 'subtitles');
        else this.tell();
    }

    // The key: off, and what was on the last time.
    async toggle() {
        const list = this.tracks.list();
        const next = this.chosen ? OFF : (list.find(({ id }) => id === this.last) ?? list[0])?.id;
        if (!next) return toast(say('subtitles.none'), 'subtitles');
        await this.tracks.choose(next);
        return this.tell();
    }

    tell() {
        const { chosen } = this;
        if (!chosen) return toast(say('subtitles.are_off'), 'subtitles');
        const name = this.nameOf(chosen);
        if (chosen.state !== 'failed') return toast(say('subtitles.are', { name }), 'subtitles');
        return toast(say(ERRORS[chosen.error], { name }), 'subtitles');
    }

    changed() {
        const { chosen } = this;
        if (chosen) this.last = chosen.id;
        this.menu?.classList.toggle('changed', Boolean(chosen));
        this.renderCues();
    }

    // --- The words

    wireCues() {
        const { textTracks } = this.film;
        const render = () => this.renderCues();
        const watch = (track) => track.addEventListener('cuechange', render); // the same listener counts once
        for (const track of textTracks) watch(track);
        textTracks.addEventListener('addtrack', ({ track }) => watch(track));
        // On telephones that show a film alone on the screen, the browser has to draw them.
        this.film.addEventListener('webkitbeginfullscreen', () => this.tracks.drawAs('showing'));
        this.film.addEventListener('webkitendfullscreen', () => this.tracks.drawAs('hidden'));
    }

    renderCues() {
        const tracks = [...this.film.textTracks].filter(({ kind, mode }) => mode === 'hidden' && KINDS.includes(kind));
        const cues = tracks.flatMap(({ activeCues }) => [...(activeCues ?? [])]);
        $('captions').replaceChildren(...cues.map((cue) => this.caption(cue)));
    }

    // As the browser reads it: text, slanted and bold. A file's own classes are none of the page's.
    caption(cue) {
        const words = make('span', {}, cue.getCueAsHTML());
        for (const element of words.querySelectorAll('*')) element.removeAttribute('class');
        return make('p', { className: isAtTop(cue) ? 'caption at-top' : 'caption' }, words);
    }

    // --- Their size

    rememberedSize() {
        try {
            const size = localStorage.getItem(SIZE_KEY);
            return Object.hasOwn(SIZES, size) ? size : 'normal';
        } catch {
            return 'normal'; // storage forbidden
        }
    }

    setSize(size) {
        this.size = size;
        $('captions').dataset.size = size;
        try {
            localStorage.setItem(SIZE_KEY, size);
        } catch {
            // Then it lasts as long as the page.
        }
    }
}
