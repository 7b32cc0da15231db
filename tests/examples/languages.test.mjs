// The transcripts of examples/languages: each is built and run as its first comment says, from a copy outside of the tree, with
// a library that pkg-config knows, and tells the same evening, byte for byte.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const build = resolve(root, process.env.BUILD ?? 'build');
const place = mkdtempSync(join(tmpdir(), 'syncplay-languages-'));
after(() => rmSync(place, { recursive: true, force: true }));

cpSync(join(root, 'examples/languages'), place, { recursive: true });
symlinkSync(join(root, 'tests/node_modules'), join(place, 'node_modules')); // as npm install would put it
const header = readFileSync(join(root, 'include/syncplay/version.h'), 'utf8');
const known = { PREFIX: root, LIBDIR: build, VERSION: /VERSION_TEXT "(.+)"/.exec(header)[1] };
const pkgconfig = readFileSync(join(root, 'pkgconfig/libsyncplay.pc.in'), 'utf8');
writeFileSync(join(place, 'libsyncplay.pc'), pkgconfig.replace(/@(\w+)@/g, (_, name) => known[name]));
const environment = { ...process.env, PKG_CONFIG_PATH: place, LD_LIBRARY_PATH: build, GOCACHE: join(place, 'go') };

// What stands in the first comment, indented like code; without npm's.
function commands(file) {
    const text = readFileSync(join(place, file), 'utf8').replace(/\\\n[ *]*/g, '');
    const indented = /^(?: \*|\/\/!?|)(?: {4,5}|\t)((?:cc|c\+\+|python3|rustc|go|node) .*)$/;
    return text.split('\n').slice(0, 20).map((line) => indented.exec(line)?.[1]).filter(Boolean).join('\n');
}

const strict = '-Wall -Wextra -Wshadow -Werror';
function run(file) {
    const script = commands(file).replace(/^cc /gm, `cc -std=c11 ${strict} `).replace(/^c\+\+ /gm, `c++ ${strict} `);
    assert.notEqual(script, '', `${file} does not say how it is run`);
    return execFileSync('sh', ['-ec', script], { cwd: place, env: environment, encoding: 'utf8' });
}

const original = run('transcript.c');

test('transcript.c tells an evening', () => {
    const lines = original.trimEnd().split('\n');
    const [, length, saved] = /^saved, (\d+) bytes: (.*)$/.exec(lines.pop());
    assert.equal(Buffer.byteLength(saved), Number(length));
    assert.ok(saved.includes('"Big Buck Bunny"') && JSON.parse(saved));
    const heard = { 1: [], 2: [] };
    for (const line of lines) {
        const [, to, message] = /^to ([12]): (.*)$/.exec(line);
        const { type, action } = JSON.parse(message);
        heard[to].push(action ?? type);
    }
    const both = ['ready', 'ready', 'play', 'seek', 'excused', 'excused', 'play', 'chat'];
    assert.deepEqual(heard[1], ['state', 'joined', ...both, 'left']);
    assert.deepEqual(heard[2], ['state', ...both, 'ended']);
});

test('transcript.c tells it under the address sanitizer, too', () => {
    assert.equal(execFileSync(join(build, 'asan/examples/languages/transcript'), { encoding: 'utf8' }), original);
});

run('node_addon.c');
for (const name of ['cpp', 'py', 'rs', 'go', 'mjs']) {
    test(`transcript.${name} tells the same`, () => assert.equal(run(`transcript.${name}`), original));
}
