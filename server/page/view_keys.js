// The keyboard: what the keys do, and the dialog that lists them. None of them means anything while somebody types.

import { $, make } from './dom.js';
import { say } from './language.js';

const STEP_MS = 5000;
const WIDE_STEP_MS = 30000;
const SKIP_MS = 10000;

// As KeyboardEvent.key has them, for people.
const NAMES = { ' ': 'key.space', ArrowLeft: '\u2190', ArrowRight: '\u2192', ArrowUp: '\u2191', ArrowDown: '\u2193' };

const nameOf = (key) => {
    const name = NAMES[key] ?? key.toUpperCase();
    return name.startsWith('key.') ? say(name) : name;
};

export class KeysView {
    // used() is called whenever a key meant something.
    constructor({ remote, volume, size, subtitles, react, used }) {
        // Keys, the message that says what they do, and the deed.
        this.rows = [
            [[' ', 'k'], 'keys.play', () => remote.toggle()],
            [['ArrowLeft'], 'keys.back', ({ shiftKey }) => remote.skip(shiftKey ? -WIDE_STEP_MS : -STEP_MS)],
            [['ArrowRight'], 'keys.forward', ({ shiftKey }) => remote.skip(shiftKey ? WIDE_STEP_MS : STEP_MS)],
            [['j'], 'keys.skip_back', () => remote.skip(-SKIP_MS)],
            [['l'], 'keys.skip_forward', () => remote.skip(SKIP_MS)],
            [['ArrowUp'], 'keys.louder', () => volume.step(1)],
            [['ArrowDown'], 'keys.softer', () => volume.step(-1)],
            [['m'], 'keys.mute', () => volume.mute()],
            [['f'], 'keys.full', () => size.full()],
            ...(size.canBeSmall ? [[['p'], 'keys.pip', () => size.small()]] : []),
            [['c'], 'keys.subtitles', () => subtitles.toggle()],
            [['r'], 'player.react', () => react.toggle()],
            [['?'], 'keys.help', () => this.help()],
        ];
        this.deeds = new Map(this.rows.flatMap(([keys, , deed]) => keys.map((key) => [key, deed])));
        this.used = used;
        document.addEventListener('keydown', (event) => this.key(event));
    }

    key(event) {
        if ($('party').hidden || document.querySelector('dialog[open]')) return;
        if (event.ctrlKey || event.metaKey || event.altKey || this.isTaken(event)) return;
        const deed = this.deeds.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
        if (!deed) return;
        event.preventDefault();
        this.used();
        deed(event);
    }

    // Whether the key means something to what has the focus.
    isTaken({ target, key }) {
        if (target.matches('input:not([type=range]), textarea, select, [contenteditable]')) return true;
        if (key.startsWith('Arrow') && (target.id === 'volume' || target.closest('.menu[open]'))) return true;
        if (/^Arrow(Up|Down)$/.test(key)) return !target.closest('#stage') && !target.matches('body, main');
        return key === ' ' && target.matches('button, summary, label, a');
    }

    help() {
        const dialog = $('keys');
        $('keys-list').replaceChildren(...this.rows.flatMap(([keys, what]) => {
            const caps = keys.flatMap((key, index) => [index > 0 ? ' / ' : '', make('kbd', {}, nameOf(key))]);
            return [make('dt', {}, ...caps), make('dd', {}, say(what))];
        }));
        dialog.showModal();
    }
}
