// What every view needs of the document: finding an element of index.html, making one whose text is only text, and the
// small manners that all share.

import { say } from './language.js';

const COPIED_MS = 2000;

export const $ = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children); // strings become text nodes
    return element;
}

export function show(id, isShown) {
    $(id).hidden = !isShown;
}

// Sets text only where it differs, so that screen readers are not told again.
export function setText(id, text) {
    if ($(id).textContent !== text) $(id).textContent = text;
}

// Shows one of the pages in index.html.
export function showPage(page) {
    for (const id of ['home', 'invited', 'door', 'party']) show(id, id === page);
    show('party-bar', page === 'party');
    show('party-title', page === 'party');
    document.body.dataset.page = page;
    // Where the focus was is gone, perhaps: the keyboard goes on here.
    if (!$(page).contains(document.activeElement)) $(page).focus();
}

// Copies a link, and says so on the button for a moment.
export async function copy(link, button) {
    try {
        await navigator.clipboard.writeText(link);
    } catch {
        // The clipboard is closed to plain http: let the person copy it.
        prompt(say('copy.by_hand'), link);
        return;
    }
    const text = button.dataset.text ?? button.textContent;
    button.dataset.text = text;
    button.textContent = say('copy.done');
    setTimeout(() => (button.textContent = text), COPIED_MS);
}

// A press that cannot be taken back is asked for twice: the button says `question`, and does it at the second press.
export function askTwice(button, question, action) {
    const { textContent: text } = button;
    const disarm = () => {
        button.textContent = text;
        delete button.dataset.armed;
    };
    button.addEventListener('click', () => {
        if (button.dataset.armed) {
            disarm();
            action();
            return;
        }
        button.dataset.armed = 'yes';
        button.textContent = question;
    });
    button.addEventListener('blur', disarm);
}
