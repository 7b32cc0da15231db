// Which subtitles there are for the film that is open, which one is wanted, and showing it: those that lie beside a film of
// this server, those of a stream, and files that the person has opened. All through text tracks of the <video>, which hold
// text and nothing else; view_subtitles.js draws it. What is here is this person's alone; the party does not know.

import { BYTES_MOST, decode, parse, SubtitlesError } from './subtitles.js';

const KEY = 'syncplay.subtitles';
export const OFF = 'off';
const FILES_MOST = 20;
const IN_STREAMS = ['subtitles', 'captions'];

// What somebody chose last, in this browser: a language, or '' for none.
export class Remembered {
    constructor(storage) {
        this.storage = storage;
    }

    get language() {
        try {
            return this.storage?.getItem(KEY) ?? '';
        } catch {
            return ''; // storage forbidden
        }
    }

    set language(language) {
        try {
            this.storage?.setItem(KEY, language);
        } catch {
            // Then it lasts as long as the film.
        }
    }
}

const isOf = (language, wanted) => language.toLowerCase().split('-')[0] === wanted.toLowerCase().split('-')[0];

export class SubtitleTracks {
    // with: { find(url) -> the film in the server's list, or undefined; load(url) -> its bytes; storage }
    constructor(element, { find, load, storage, makeCue = (...args) => new VTTCue(...args) }) {
        Object.assign(this, { element, find, load, makeCue, remembered: new Remembered(storage) });
        this.handlers = [];
        this.mode = 'hidden'; // of the chosen track: its cues are there, and whoever listens draws them
        this.count = 0; // of all tracks there ever were
        this.track = element.addTextTrack('subtitles', 'SyncPlay');
        this.track.mode = 'disabled';
        this.close();
        for (const name of ['addtrack', 'removetrack']) element.textTracks.addEventListener(name, () => this.ofStream());
        element.textTracks.addEventListener('change', () => this.keepQuiet());
    }

    // `handler` is called whenever list() says something else.
    onChange(handler) {
        this.handlers.push(handler);
    }

    changed() {
        for (const handler of this.handlers) handler();
    }

    // [{ id, source, language, label, isChosen, state, error }]; source: 'server', 'stream' or 'file' (then label is the file's
    // name); language may be ''; state: 'idle', 'loading', 'ready' or 'failed', and then error is SubtitlesError's code, or
    // 'unreachable'. Nothing is chosen when none isChosen.
    list() {
        return this.tracks.map(({ id, source, language, label, state, error }) =>
            ({ id, source, language, label, state, error, isChosen: id === this.chosen }));
    }

    // --- The film

    // `url` as the session has it, '' for a file or none.
    async open(url) {
        this.close();
        const film = { url };
        this.film = film;
        if (!url) return;
        const found = await this.find(url).catch(() => undefined);
        if (this.film !== film) return;
        for (const { url: from, language, label } of found?.subtitles ?? []) {
            this.add({ source: 'server', language: language ?? '', label, read: () => this.load(from) });
        }
        this.chooseRemembered();
        this.changed();
    }

    close() {
        this.film = null;
        this.tracks = [];
        this.chosen = OFF;
        this.hasDecided = false;
        this.show(null);
        this.changed();
    }

    add(track) {
        this.count += 1;
        const added = { id: `subtitles-${this.count}`, state: 'idle', error: '', cues: null, ...track };
        this.tracks.push(added);
        return added;
    }

    // A stream brings tracks of its own, sooner or later.
    ofStream() {
        const there = [...this.element.textTracks].filter((one) => one !== this.track && IN_STREAMS.includes(one.kind));
        this.tracks = this.tracks.filter(({ native }) => !native || there.includes(native));
        for (const native of there) {
            if (this.tracks.some((one) => one.native === native)) continue;
            const { language, label } = native;
            this.add({ source: 'stream', language, label, native, state: 'ready' });
        }
        if (!this.tracks.some(({ id }) => id === this.chosen)) this.chosen = OFF;
        this.chooseRemembered();
        this.changed();
    }

    // Streams and browsers may show what they like best; here the person says.
    keepQuiet() {
        const { native } = this.tracks.find(({ id }) => id === this.chosen) ?? {};
        for (const one of this.element.textTracks) {
            if (one === this.track || !IN_STREAMS.includes(one.kind)) continue;
            const wanted = one === native ? this.mode : 'disabled';
            if (one.mode !== wanted) one.mode = wanted;
        }
    }

    // --- What the person wants

    chooseRemembered() {
        const wanted = this.remembered.language;
        if (this.hasDecided || !wanted || this.chosen !== OFF) return;
        const those = this.tracks.filter(({ language }) => isOf(language, wanted));
        const found = those.find(({ label }) => !/forced/i.test(label)) ?? those[0];
        if (found) this.turnTo(found);
    }

    // One of list(), or OFF. Done when it is shown, or has failed.
    async choose(id) {
        const track = this.tracks.find((one) => one.id === id);
        this.hasDecided = true;
        if (!track) this.remembered.language = '';
        else if (track.language) this.remembered.language = track.language;
        await this.turnTo(track);
    }

    // A file that the person has opened: is listed from now on, for this film, and chosen. Returns its id, '' if there are
    // too many.
    async addFile(file) {
        if (this.tracks.filter(({ source }) => source === 'file').length >= FILES_MOST) return '';
        const read = async () => {
            if (file.size > BYTES_MOST) throw new SubtitlesError('too_large');
            return new Uint8Array(await file.arrayBuffer());
        };
        const { id } = this.add({ source: 'file', language: '', label: file.name, read });
        await this.choose(id);
        return id;
    }

    // --- Showing

    async turnTo(track) {
        this.chosen = track?.id ?? OFF;
        this.show(null);
        if (track && !track.native) await this.fetch(track);
        if (this.chosen === track?.id) this.show(track);
        this.changed();
    }

    async fetch(track) {
        if (track.cues) return;
        Object.assign(track, { state: 'loading', error: '' });
        this.changed();
        try {
            track.cues = parse(decode(await track.read()));
            track.state = 'ready';
        } catch (error) {
            Object.assign(track, { state: 'failed', error: error instanceof SubtitlesError ? error.code : 'unreachable' });
        }
    }

    // 'showing' lets the browser draw the words.
    drawAs(mode) {
        this.mode = mode;
        this.show(this.tracks.find(({ id }) => id === this.chosen));
    }

    show(track) {
        for (const one of this.element.textTracks) one.mode = one === track?.native ? this.mode : 'disabled';
        if (!track?.cues) return;
        this.track.mode = this.mode; // a disabled one has no list of cues
        for (const cue of [...this.track.cues]) this.track.removeCue(cue);
        for (const { start, end, text, settings } of track.cues) {
            this.track.addCue(Object.assign(this.makeCue(start, end, text), settings));
        }
    }
}
