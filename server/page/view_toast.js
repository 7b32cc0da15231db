// Short words over the picture that go away by themselves: what others did, and what was not possible.

import { $, make } from './dom.js';

const TOAST_MS = 3500;
const MOST = 3;

// What has the same `about` takes the place of what was said before.
export function toast(text, about = text) {
    const list = $('toast');
    const before = [...list.children].find((one) => one.dataset.about === about);
    const line = make('p', { className: 'toast' }, text);
    line.dataset.about = about;
    if (before) before.replaceWith(line);
    else list.append(line);
    while (list.children.length > MOST) list.firstChild.remove();
    setTimeout(() => line.remove(), TOAST_MS);
}
