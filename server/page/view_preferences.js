// How this browser likes the page: its language and its theme. At the foot of the start page.

import { $ } from './dom.js';
import { choose, language, LANGUAGES } from './language.js';

export function showPreferences() {
    const options = Object.entries(LANGUAGES).map(([tag, name]) => Object.assign(new Option(name, tag), { lang: tag }));
    $('language').replaceChildren(...options);
    $('language').value = language();
    $('language').addEventListener('change', (event) => choose(event.target.value));
    const { theme } = window; // see theme.js
    $('theme').value = theme.choice();
    $('theme').addEventListener('change', (event) => theme.choose(event.target.value));
}
