// The disc that stands for somebody: a colour of their own, and their initial. Knows no party.

import { make } from './dom.js';

// As many as theme.css has.
const HUES = 8;

// Which of the colours is somebody's: always the same for the same id, or the same name.
export function hueOf(key) {
    let sum = 0;
    for (const letter of key) sum = (Math.imul(sum, 31) + letter.codePointAt(0)) >>> 0;
    return ((sum ^ (sum >>> 15)) >>> 0) % HUES;
}

const initialOf = (name) => [...name.trim()][0]?.toLocaleUpperCase() ?? '?';

// The name stands beside it, so it is silent.
export function avatar({ name, user_id: id }, className = '') {
    const disc = make('span', { className: `avatar hue-${hueOf(id ?? name)} ${className}`.trim() }, initialOf(name));
    disc.setAttribute('aria-hidden', 'true');
    return disc;
}
