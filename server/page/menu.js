// A menu behind three dots. It knows nothing of what it offers.

import { askTwice, make } from './dom.js';
import { say } from './language.js';

const MARGIN_PX = 8;

// entries: [{ text, action, isDanger, question }]; one with a question is asked for twice. `opened` is told.
export function menu(label, entries, opened = () => {}) {
    const summary = make('summary', { title: say('menu.more') }, make('span', { className: 'dots' }, '\u22ef'));
    summary.setAttribute('aria-label', label);
    const list = make('div', { className: 'menu-list' });
    const details = make('details', { className: 'menu' }, summary, list);
    const close = () => {
        details.open = false;
        summary.focus();
    };
    for (const { text, action, isDanger, question } of entries) {
        const button = make('button', { type: 'button', className: isDanger ? 'danger' : '' }, text);
        const act = () => {
            close();
            action();
        };
        if (question) askTwice(button, question, act);
        else button.addEventListener('click', act);
        list.append(button);
    }
    details.addEventListener('toggle', () => {
        if (!details.open) return;
        place(details);
        opened();
    });
    details.addEventListener('focusout', (event) => {
        if (!details.contains(event.relatedTarget)) details.open = false;
    });
    details.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') close();
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step || !details.open) return;
        event.preventDefault();
        const buttons = [...list.children];
        const next = buttons.indexOf(document.activeElement) + step;
        buttons[(next + buttons.length) % buttons.length].focus();
    });
    return details;
}

// The menu in `element` takes the place of an open one.
export function reopen(element) {
    const details = element.querySelector('.menu');
    if (!details) return;
    details.open = true;
    details.querySelector('summary').focus();
}

// Below its dots, or above them, or wherever it stays in the window.
function place(details) {
    const [summary, list] = details.children;
    const { top, bottom, right } = summary.getBoundingClientRect();
    const lowest = innerHeight - list.offsetHeight - MARGIN_PX;
    const above = top - list.offsetHeight;
    const place = bottom > lowest && above >= MARGIN_PX ? above : Math.min(bottom, lowest);
    list.style.setProperty('--top', `${Math.max(MARGIN_PX, place)}px`);
    list.style.setProperty('--right', `${Math.max(MARGIN_PX, document.documentElement.clientWidth - right)}px`);
}

// An open menu follows its dots.
for (const name of ['resize', 'scroll']) {
    addEventListener(name, () => document.querySelectorAll('.menu[open]').forEach(place), true);
}
