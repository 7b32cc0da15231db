// Emoji: a few to react with, over the film for all, and some more for the message. A button opens it, Escape closes it, and
// the arrow keys lead through it.

import { $, make } from './dom.js';

export const REACTIONS = ['\u{1F602}', '\u2764\uFE0F', '\u{1F44F}', '\u{1F62E}', '\u{1F622}', '\u{1F44D}', '\u{1F525}', '\u{1F389}'];
const EMOJI = [
    '\u{1F600}', '\u{1F605}', '\u{1F923}', '\u{1F60A}', '\u{1F60D}', '\u{1F618}', '\u{1F60E}', '\u{1F914}',
    '\u{1F644}', '\u{1F634}', '\u{1F62D}', '\u{1F631}', '\u{1F620}', '\u{1F633}', '\u{1F643}', '\u{1F609}',
    '\u{1F44B}', '\u{1F44C}', '\u{1F44E}', '\u{1F64F}', '\u{1F4AF}', '\u{1F37F}', '\u{1F355}', '\u{1F942}',
];
const COLUMNS = 8;
const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };

export class Palette {
    // on: { react(emoji), insert(emoji), closed() }
    constructor(on) {
        this.on = on;
        this.fill($('palette-react'), REACTIONS, on.react);
        this.fill($('palette-insert'), EMOJI, on.insert);
        this.buttons = [...$('palette').querySelectorAll('button')];
        this.stand(0);
        $('palette-open').addEventListener('click', () => this.toggle());
        $('palette').addEventListener('keydown', (event) => this.key(event));
        for (const id of ['palette', 'palette-open']) {
            $(id).addEventListener('focusout', ({ relatedTarget: next }) => {
                if (next && !$('palette').contains(next) && next !== $('palette-open')) this.close();
            });
        }
        document.addEventListener('pointerdown', ({ target }) => {
            if (!target.closest('#palette, #palette-open')) this.close();
        });
    }

    fill(place, emoji, act) {
        place.replaceChildren(...emoji.map((one) => {
            const button = make('button', { type: 'button' }, one);
            button.addEventListener('click', () => act(one));
            return button;
        }));
    }

    get isOpen() {
        return !$('palette').hidden;
    }

    toggle() {
        if (this.isOpen) return this.close();
        $('palette').hidden = false;
        $('palette-open').setAttribute('aria-expanded', 'true');
        return this.stand(0).focus();
    }

    close() {
        $('palette').hidden = true;
        $('palette-open').setAttribute('aria-expanded', 'false');
    }

    // One of them is reached by Tab.
    stand(index) {
        this.buttons.forEach((one, at) => (one.tabIndex = at === index ? 0 : -1));
        return this.buttons[index];
    }

    key(event) {
        if (event.key === 'Escape') {
            this.close();
            this.on.closed();
        }
        const step = STEPS[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation(); // or the film hears it
        const now = this.buttons.indexOf(document.activeElement);
        const next = Math.max(0, Math.min(now + step, this.buttons.length - 1));
        this.stand(next).focus();
    }
}
