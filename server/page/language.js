// The language of the page: which one it is, and what is said in it. The messages are in messages_TAG.js, one file for each
// language; only the chosen one is loaded. A file that is not whole yet begins with `...english`, imported from
// messages_en.js. Knows no words of its own.

// By their own names, as one looks for one's own.
export const LANGUAGES = { en: 'English', de: 'Deutsch' };
// Lists and numbers as in these regions, where the language alone leaves it open.
const REGIONS = { en: 'en-GB' };
const FALLBACK = 'en';
const KEY = 'syncplay.language';
const UNITS = [['day', 86400000], ['hour', 3600000], ['minute', 60000], ['second', 1000]];

let messages = {};
let formats = {};
let current = FALLBACK;

export const language = () => current;

// --- Choosing

function stored() {
    try {
        return localStorage.getItem(KEY);
    } catch {
        return null; // storage forbidden
    }
}

// What the person has chosen, or else the first that the browser asks for and the page can do.
export function wanted(choice = stored(), asked = navigator.languages) {
    const tags = [choice, ...asked].map((tag) => tag?.split('-')[0].toLowerCase());
    return tags.find((tag) => Object.hasOwn(LANGUAGES, tag ?? '')) ?? FALLBACK;
}

export function choose(tag) {
    try {
        localStorage.setItem(KEY, tag);
    } catch {
        // Then it is as the browser asks.
    }
    location.reload();
}

// To be called, and waited for, before anything is said. `asked`: the regions that clocks are shown for.
export async function speak(tag, asked = navigator.languages) {
    messages = (await import(`./messages_${tag}.js`)).default;
    current = tag;
    const region = REGIONS[tag] ?? tag;
    const own = asked.find((one) => one.split('-')[0] === tag) ?? region;
    formats = {
        plural: new Intl.PluralRules(region),
        number: new Intl.NumberFormat(region),
        list: new Intl.ListFormat(region, { type: 'conjunction' }),
        relative: new Intl.RelativeTimeFormat(region, { numeric: 'always' }),
        clock: new Intl.DateTimeFormat(own, { hour: '2-digit', minute: '2-digit' }),
        unit: (unit) => new Intl.NumberFormat(region, { style: 'unit', unit, unitDisplay: 'long' }),
    };
}

// --- Saying

// The message, with `values` in its places; one that counts is chosen by `values.count`.
export function say(key, values = {}) {
    const message = messages[key] ?? key;
    const text = typeof message === 'string' ? message : message[formats.plural.select(values.count)] ?? message.other;
    return text.replace(/\{(\w+)\}/g, (place, name) => {
        const value = values[name] ?? place;
        return typeof value === 'number' ? formats.number.format(value) : value;
    });
}

// The static texts of the document: data-say for the text of an element, the others for an attribute of it.
const ATTRIBUTES = { sayLabel: 'aria-label', sayTitle: 'title', sayPlaceholder: 'placeholder' };

export function sayAll(root = document) {
    root.documentElement.lang = current;
    for (const element of root.querySelectorAll('[data-say]')) element.textContent = say(element.dataset.say);
    for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
        const selector = `[data-${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}]`;
        for (const one of root.querySelectorAll(selector)) one.setAttribute(attribute, say(one.dataset[name]));
    }
}

// --- Lists, numbers, times

// Several names as people say them: "Ana, Ben and Chris".
export const names = (list) => formats.list.format(list);

export const number = (value) => formats.number.format(value);

// What a language is called: "German" for "de".
export function languageName(tag) {
    try {
        return new Intl.DisplayNames([current], { type: 'language' }).of(tag);
    } catch {
        return tag; // not the tag of a language
    }
}

// The time of day.
export const clock = (date) => formats.clock.format(date);

// [count, unit] of a span; a second less than an hour is an hour.
function measure(milliseconds) {
    const [unit, length] = UNITS.find(([, one]) => milliseconds >= 0.98 * one) ?? UNITS.at(-1);
    return [Math.max(1, Math.round(milliseconds / length)), unit];
}

// A span as one says it: "45 seconds", "20 minutes", "3 hours", "2 days".
export function span(milliseconds) {
    const [count, unit] = measure(milliseconds);
    return formats.unit(unit).format(count);
}

// When that span will be over: "in 20 minutes".
export const inSpan = (milliseconds) => formats.relative.format(...measure(milliseconds));
