// The door: what is said to somebody who is not inside, and the ways on from there.

import { base } from './api.js';
import { $, make, setText, showPage } from './dom.js';
import { say } from './language.js';

export const goHome = () => location.assign(base);
export const home = () => ({ text: say('door.home'), action: goHome });

// buttons: [{ text, action }], the first one being what most want. icon: over, wait, closed, offline, or play.
export function showDoor(title, text, buttons, icon = 'play') {
    $('door-icon').setAttribute('href', `#icon-${icon}`);
    $('door-mark').classList.toggle('breathing', icon === 'wait');
    setText('door-title', title);
    setText('door-text', text);
    $('door-buttons').replaceChildren(
        ...buttons.map((one, index) => {
            const className = index === 0 && buttons.length > 1 ? 'primary' : '';
            const button = make('button', { type: 'button', className }, one.text);
            button.addEventListener('click', one.action);
            return button;
        }),
    );
    showPage('door');
}
