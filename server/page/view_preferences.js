// How this browser likes the page: its language and its theme. At the foot of the start page; in a party, beside what the
// film does when the connection is lost, in the settings.

import { $ } from './dom.js';
import { choose, language, LANGUAGES } from './language.js';

export function showPreferences(ids = { language: 'language', theme: 'theme' }) {
    const options = Object.entries(LANGUAGES).map(([tag, name]) => Object.assign(new Option(name, tag), { lang: tag }));
    $(ids.language).replaceChildren(...options);
    $(ids.language).value = language();
    $(ids.language).addEventListener('change', (event) => choose(event.target.value));
    const { theme } = window; // see theme.js
    $(ids.theme).value = theme.choice();
    $(ids.theme).addEventListener('change', (event) => theme.choose(event.target.value));
}
