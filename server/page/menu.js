// A menu: what unfolds from a button, from three dots if nothing else is said. It knows nothing of what it offers.

import { askTwice, make } from './dom.js';
import { say } from './language.js';

const MARGIN_PX = 8;

// entries: [{ text, action, isDanger, question, isChosen, reason }], or groups [{ title, hint, choices, isRow, isForNarrow }]
// of such, or a function that makes them whenever it opens. One with a question is asked for twice; isChosen, true or false,
// makes a choice of it; one with a reason cannot be chosen. `opened` is told; `face` is what the button shows.
export function menu(label, entries, { opened = () => {}, face } = {}) {
    const dots = () => make('span', { className: 'dots' }, '\u22ef');
    const summary = make('summary', { title: label }, face ?? dots());
    summary.setAttribute('aria-label', label);
    const list = make('div', { className: 'menu-list', tabIndex: -1 }); // what is pressed in it is in it, for every browser
    const details = make('details', { className: 'menu' }, summary, list);
    const close = () => {
        details.open = false;
        summary.focus();
    };
    const part = (one) => (one.choices ? group(one, close) : entry(one, close));
    const fill = (all) => list.replaceChildren(...all.map(part));
    if (Array.isArray(entries)) fill(entries);
    else summary.addEventListener('click', () => fill(entries()));
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
        const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (!step || !details.open) return;
        event.preventDefault();
        move(list, step);
    });
    return details;
}

function entry({ text, action, isDanger, question, isChosen, reason }, close) {
    const button = make('button', { type: 'button', className: isDanger ? 'danger' : '' }, text);
    if (isChosen !== undefined) button.setAttribute('aria-pressed', String(isChosen));
    if (reason) Object.assign(button, { disabled: true, title: reason });
    const act = () => {
        close();
        action();
    };
    if (question) askTwice(button, question, act);
    else button.addEventListener('click', act);
    return button;
}

function group({ title, hint, choices, isRow, isForNarrow }, close) {
    const heading = make('p', { className: 'menu-title' }, title);
    const className = isRow ? 'menu-row' : 'menu-choices';
    const rows = make('div', { className }, ...choices.map((one) => entry(one, close)));
    const all = make('div', { className: `menu-group${isForNarrow ? ' for-narrow' : ''}` }, heading);
    if (hint) all.append(make('p', { className: 'menu-hint' }, hint));
    all.append(rows);
    all.setAttribute('role', 'group');
    all.setAttribute('aria-label', title);
    return all;
}

// The focus, to the next one that can be pressed.
function move(list, step) {
    const all = [...list.querySelectorAll('button:not(:disabled)')];
    const buttons = all.filter((one) => one.getClientRects().length > 0);
    const now = buttons.indexOf(document.activeElement);
    const next = now < 0 && step < 0 ? -1 : now + step;
    buttons.at(next % buttons.length)?.focus();
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
    const place = bottom > lowest && above >= MARGIN_PX ? above : bottom;
    list.style.setProperty('--top', `${Math.max(MARGIN_PX, Math.min(place, lowest))}px`);
    list.style.setProperty('--right', `${Math.max(MARGIN_PX, document.documentElement.clientWidth - right)}px`);
}

// An open menu follows its dots.
for (const name of ['resize', 'scroll']) {
    addEventListener(name, () => document.querySelectorAll('.menu[open]').forEach(place), true);
}
