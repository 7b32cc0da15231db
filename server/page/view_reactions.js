// What people react with floats up over the film, with the name of whoever sent it, and is gone. How it moves is in chat.css.

import { $, make } from './dom.js';

const AT_ONCE_MOST = 20;
// As long as the animation.
const SHOWN_MS = 4000;
// From the left edge of the film, in hundredths.
const LEAST = 8;
const MOST = 88;

export class ReactionsView {
    constructor(party) {
        party.on('reaction', ({ user, reaction }) => this.add(reaction, user.name));
    }

    add(reaction, name) {
        const layer = $('reactions');
        if (layer.childElementCount >= AT_ONCE_MOST) layer.firstChild.remove();
        const floating = make('span', { className: 'reaction' }, make('span', { className: 'reaction-emoji' }, reaction),
            make('span', { className: 'reaction-name' }, name));
        floating.style.setProperty('--x', `${LEAST + Math.random() * (MOST - LEAST)}%`);
        layer.append(floating);
        setTimeout(() => floating.remove(), SHOWN_MS);
    }
}
