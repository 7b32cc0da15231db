// The disc that stands for somebody: a colour of their own, and their initial. Knows no party.

import { make } from './dom.js';

// As many as theme.css has.
const HUES = 8;

// Which of the colours goes with a name: always the same one.
export function hueOf(name) {
    let sum = 0;
    for (const letter of name) sum = (Math.imul(sum, 31) + letter.codePointAt(0)) >>> 0;
    return ((sum ^ (sum >>> 15)) >>> 0) % HUES;
}

const initialOf = (name) => [...name.trim()][0]?.toLocaleUpperCase() ?? '?';

// The name stands beside it, so it is silent.
export function avatar(name) {
    const disc = make('span', { className: `avatar hue-${hueOf(name)}` }, initialOf(name));
    disc.setAttribute('aria-hidden', 'true');
    return disc;
}
