// How this browser likes the page: its language and its theme, as two fields with their labels. At the foot of the start page;
// in a party, beside what the film does when the connection is lost, in the settings.

import { make } from './dom.js';
import { choose, language, LANGUAGES, say } from './language.js';

const THEMES = { dark: 'home.theme_dark', light: 'home.theme_light', auto: 'home.theme_auto' };

function field(id, label, options, now, change) {
    const select = make('select', { id }, ...options);
    select.value = now;
    select.addEventListener('change', () => change(select.value));
    return make('div', {}, make('label', { htmlFor: id }, label), select);
}

// `prefix`: what their ids begin with.
export function preferences(prefix = '') {
    const { theme } = window; // see theme.js
    const languages = Object.entries(LANGUAGES).map(([tag, name]) => make('option', { value: tag, lang: tag }, name));
    const themes = Object.entries(THEMES).map(([value, key]) => make('option', { value }, say(key)));
    return [
        field(`${prefix}language`, say('home.language'), languages, language(), choose),
        field(`${prefix}theme`, say('home.theme'), themes, theme.choice(), theme.choose),
    ];
}
