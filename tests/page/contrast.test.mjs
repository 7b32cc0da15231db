// The colours of both themes: whatever is written can be read, and marks with a meaning can be seen (WCAG 2.2, AA).

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const css = readFileSync(new URL('../../server/page/theme.css', import.meta.url), 'utf8').replace(/\/\*.*?\*\//gs, '');

function tokens(selector) {
    const [, body] = css.split(`${selector} {\n    color-scheme`);
    return new Map([...body.split('}')[0].matchAll(/--([\w-]+): ([^;]+);/g)].map((match) => match.slice(1)));
}

const dark = tokens(':root, .over-film');
const light = tokens(':root[data-theme=light]');
const themes = { dark, light: new Map([...dark, ...light]) };

// [red, green, blue, alpha] of #rgb, #rrggbb and rgb(r g b / a).
function colour(text) {
    if (text.startsWith('rgb(')) return text.slice(4, -1).split(/[ /]+/).map(Number);
    const digits = text.length === 4 ? [...text.slice(1)].map((one) => one + one).join('') : text.slice(1);
    return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16)).concat(1);
}

const over = ([r, g, b, alpha], ground) => [r, g, b].map((value, at) => alpha * value + (1 - alpha) * ground[at]);

function luminance(rgb) {
    const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb.map((value) => linear(value / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
    const [most, least] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (most + 0.05) / (least + 0.05);
}

const HUES = Array.from({ length: 8 }, (_, hue) => `hue-${hue}`);
const GROUNDS = ['ground', 'raised', 'field', 'field-hover'];
// Writing, and the grounds that it stands on.
const WRITING = {
    text: [...GROUNDS, 'accent-soft'],
    muted: [...GROUNDS, 'accent-soft'],
    'accent-ink': [...GROUNDS, 'accent-soft'],
    bad: GROUNDS,
    'accent-text': ['accent', 'accent-hover'],
    'notice-text': ['notice'],
    'success-text': ['success'],
    'hue-text': HUES,
    ...Object.fromEntries(HUES.map((hue) => [hue, ['ground', 'raised']])),
};
// Edges and marks, and what they stand out from.
const MARKS = {
    edge: ['ground', 'raised', 'field'],
    good: ['ground', 'raised'],
    'accent-ink': ['ground', 'raised'],
};

for (const [name, theme] of Object.entries(themes)) {
    const rgb = (token) => colour(theme.get(token) ?? assert.fail(`no --${token}`)).slice(0, 3);
    for (const [kind, pairs, least] of [['writing', WRITING, 4.5], ['marks', MARKS, 3]]) {
        test(`${name}: ${kind} at ${least}:1`, () => {
            for (const [ink, grounds] of Object.entries(pairs)) {
                for (const ground of grounds) {
                    const seen = contrast(rgb(ink), rgb(ground));
                    assert.ok(seen >= least, `--${ink} on --${ground}: ${seen.toFixed(2)}`);
                }
            }
        });
    }
}

test('over the film, black or white, dark is dark enough', () => {
    for (const film of [[0, 0, 0], [255, 255, 255]]) {
        for (const layer of ['veil', 'float', 'shade']) {
            const ground = over(colour(dark.get(layer)), film);
            for (const ink of layer === 'float' ? ['text', 'muted', 'accent-ink'] : ['text']) {
                const seen = contrast(colour(dark.get(ink)).slice(0, 3), ground);
                assert.ok(seen >= 4.5, `--${ink} on --${layer} over ${film}: ${seen.toFixed(2)}`);
            }
        }
    }
    for (const what of ['track', 'track-loaded']) {
        const seen = contrast(colour(dark.get('accent')), colour(dark.get(what)));
        assert.ok(seen >= 3, `what is played on --${what}: ${seen.toFixed(2)}`);
    }
});

test('the light theme has every colour that the dark one has, but for the film\u2019s', () => {
    const film = ['film', 'veil', 'float', 'shade', 'glint'];
    assert.deepEqual([...light.keys()], [...dark.keys()].filter((token) => !film.includes(token)));
});
