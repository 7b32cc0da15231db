// The page's languages: each is whole, nothing is said past them, and they are said as people say it.

import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from './modules.mjs';

const folder = fileURLToPath(new URL('../../server/page/', import.meta.url));
const read = (name) => readFileSync(folder + name, 'utf8');
const { LANGUAGES, inSpan, names, number, say, span, speak, wanted } = await load('language.js');
const { doorFor, sentenceFor, titleOf } = await load('words.js');
const tags = Object.keys(LANGUAGES);
const languages = new Map();
for (const tag of tags) languages.set(tag, (await load(`messages_${tag}.js`)).default);
const english = languages.get('en');
const html = read('index.html');
// What a person may see is in index.html and in the modules, without their comments.
const modules = readdirSync(folder).filter((name) => name.endsWith('.js') && !name.startsWith('messages_'));
const code = (name) => read(name).replace(/^\s*\/\/.*$/gm, '').replace(/ \/\/ .*$/gm, '');
// Topics are words too, for the modules alone.
const withoutTopics = (text) => text.replace(/\.on\('[^']*'/g, '');

const inHtml = [...html.matchAll(/data-say(?:-\w+)?="([^"]*)"/g)].map((match) => match[1]);
const areas = new Set(Object.keys(english).map((key) => key.split('.')[0]));
// A key is written out whole wherever it is used.
const inCode = modules.flatMap((name) => [...code(name).matchAll(/'([a-z]\w*\.\w+)'/g)].map((match) => match[1]))
    .filter((key) => areas.has(key.split('.')[0]));
const said = modules.flatMap((name) => [...code(name).matchAll(/\bsay\('([^']*)'/g)].map((match) => match[1]));

const forms = (message) => (typeof message === 'string' ? { other: message } : message);
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

afterEach(() => speak('en', []));

test('there is a file for each language, and a language for each file', () => {
    const files = readdirSync(folder).filter((name) => name.startsWith('messages_'));
    assert.deepEqual(files.sort(), tags.map((tag) => `messages_${tag}.js`).sort());
});

for (const [tag, messages] of languages) {
    test(`${tag} has every message, with the same values in it, in every plural`, () => {
        assert.deepEqual(Object.keys(messages), Object.keys(english), 'the same keys in the same order');
        const plurals = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
        for (const [key, message] of Object.entries(messages)) {
            assert.equal(typeof message, typeof english[key], key);
            assert.deepEqual(places(forms(message).other), places(forms(english[key]).other), key);
            if (typeof message !== 'string') assert.deepEqual(Object.keys(message).sort(), [...plurals].sort(), key);
            for (const text of Object.values(forms(message))) assert.match(text, /\S/, key);
        }
    });
}

test('whatever is said has a message, and every message is said', () => {
    for (const key of [...inHtml, ...inCode, ...said]) assert.ok(Object.hasOwn(english, key), `no message: ${key}`);
    const used = new Set([...inHtml, ...inCode]);
    for (const key of Object.keys(english)) assert.ok(used.has(key), `never said: ${key}`);
});

test('index.html has no words of its own but the name of the page', () => {
    const body = html.replace(/<!--.*?-->/gs, '');
    const texts = [...body.matchAll(/>([^<]*)</g)].map((match) => match[1].trim()).filter((text) => /\p{L}/u.test(text));
    assert.deepEqual([...new Set(texts)], ['SyncPlay']);
    const spoken = [...body.matchAll(/ (aria-label|title|alt|placeholder)="([^"]*\p{Ll}[^"]*)"/gu)].map((match) => match[0]);
    assert.deepEqual(spoken, []);
});

test('no module has words of its own', () => {
    const names = /^(SyncPlay|English|Deutsch|Bearer$|Content-Type|application\/|NotAllowedError|Escape|Enter$|Arrow|Infinity)/;
    const sentences = modules.flatMap((name) => [...withoutTopics(code(name)).matchAll(/'((?:[^'\\\n]|\\.)*)'|`([^`]*)`/g)]
        .map((match) => (match[1] ?? match[2]).replace(/\$\{[^}]*\}/g, '').trim())
        .filter((text) => /^\p{Lu}\p{Ll}+/u.test(text) || /\p{Ll}+ \p{Ll}+ \p{Ll}+/u.test(text))
        .filter((text) => !names.test(text))
        .map((text) => `${name}: ${text}`));
    assert.deepEqual(sentences, []);
});

test('the language is the chosen one, else the first that the browser asks for, else English', () => {
    assert.equal(wanted('de', ['en-US']), 'de');
    assert.equal(wanted(null, ['fr-FR', 'de-AT', 'en']), 'de');
    assert.equal(wanted('tlh', ['de']), 'de');
    assert.equal(wanted('toString', ['fr']), 'en');
    assert.equal(wanted(null, []), 'en');
});

test('values, numbers, plurals, lists and times as each language has them', async () => {
    assert.equal(say('news.joined', { name: '{name} $& <b>' }), '{name} $& <b> joined');
    assert.deepEqual([1, 2].map((count) => say('invite.used', { count })), ['used 1 time', 'used 2 times']);
    assert.equal(say('player.speed_of', { speed: 1.25 }), '1.25\u00d7');
    assert.deepEqual([span(86400000), inSpan(7200000)], ['1 day', 'in 2 hours']);
    await speak('de', []);
    const everybody = names(['Ana', 'Ben', say('overlay.you')]);
    assert.equal(say('overlay.waiting', { names: everybody }), 'Wir warten auf Ana, Ben und dich');
    assert.equal(say('player.speed_of', { speed: 1.25 }), '1,25\u00d7');
    assert.equal(number(5000), '5.000');
    assert.equal(say('invite.expires', { usage: 'x', when: inSpan(2 * 86400000) }), 'x, l\u00e4uft in 2 Tagen ab');
    assert.equal(span(60000), '1 Minute');
});

test('what the server says is said in the language of the page, as far as it is known', async () => {
    const removed = { code: 'removed', message: 'you were removed from this session; you may come again in 300 seconds' };
    assert.equal(sentenceFor({ code: 'new_code', message: 'something new' }), 'Something new.', 'else as the server says it');
    await speak('de', []);
    assert.equal(doorFor(removed).text, 'Du wurdest aus dieser Party entfernt und darfst in 5 Minuten wiederkommen.');
    assert.equal(doorFor({ code: 'bad_invitation', message: 'something new' }).text, say('door.invitation_text'));
    assert.equal(sentenceFor({ code: 'forbidden', message: 'something new' }), 'Das darfst du hier nicht.');
    const tooMany = sentenceFor({ message: 'too many requests from this address, wait 1 s' });
    assert.equal(tooMany, say('reason.requests', { when: 'in 1 Sekunde' }));
    assert.equal(titleOf({ content_type: 'local', title: '' }), 'Die eigene Datei');
});

test('every code that the server has, on the wire and in its API, is said in the language of the page', async () => {
    const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    const [, wire] = /## Errors\n\n(.*?)`message`/s.exec(read('lib/PROTOCOL.md'));
    const [, api] = /detail: \{type: string\}\n {8}code:\n {10}enum:\n((?: {12}- \w+\n)+)/.exec(read('server/openapi.yaml'));
    const codes = new Set([...wire.matchAll(/`(\w+)`/g), ...api.matchAll(/- (\w+)/g)].map(([, code]) => code));
    assert.ok(codes.size > 20, [...codes].join());
    const silent = ['stale', 'duplicate', 'not_joined'];
    await speak('de', []);
    for (const code of codes) {
        const said = sentenceFor({ code, message: 'something new' });
        assert.equal(said === '', silent.includes(code), code);
        assert.notEqual(said, 'Something new.', code);
    }
});
