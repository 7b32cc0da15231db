// Whether the tests notice when the library is broken: in a copy, one place of lib/ at a time is changed, then what `make check`
// has for the library (unit tests, traces, also without memory, vectors, the fuzzers' corpus, the quick simulation) runs until
// something fails. Prints what nobody noticed, as a diff; whether such a change is a defect at all (an equivalent one is not)
// is for a person to judge.
//
//     node tests/mutation/mutate.mjs [--mutations 40] [--seed 1] [--only lib/chat.c,lib/wire.c]
//
// It never looks at the working tree's build; its own is in $BUILD/mutation, where the library is a shared object, so that
// one file is compiled and one thing linked for each change; and once more in the hostile build with ASan and UBSan.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const option = (name, fallback) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? fallback : process.argv[at + 1];
};
const MUTATIONS = Number(option('mutations', 40));
const SEED = Number(option('seed', 1));
const OUT = path.join(process.env.BUILD || 'build', 'mutation');
const HOSTILE = path.join(OUT, 'hostile');
const CC = process.env.CC || 'cc';
const VECTORS = 'tests/vectors', CHECK_OF_VECTORS = `${VECTORS}/check.sh`;
const TEST_SECONDS = 60; // a test that takes longer has noticed: it hangs
const MEMORY_KB = 4_000_000;

// --- Chance, and it alone, is from the seed (mulberry32).

let state = SEED;
function random(below) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
}

function shuffled(list) {
    const all = [...list];
    for (let i = all.length - 1; i > 0; i--) {
        const j = random(i + 1);
        [all[i], all[j]] = [all[j], all[i]];
    }
    return all;
}

// --- What may be changed. Each operator: a pattern of code, and what takes the place of the match.

const swap = (pairs) => (text) => pairs[text];
const FAMILIES = ['SYNCPLAY_ERROR_', 'SYNCPLAY_CHANGE_', 'SYNCPLAY_REASON_', 'SYNCPLAY_RIGHT_', 'SYNCPLAY_COMMAND_',
    'SYNCPLAY_ADVICE_', 'SYNCPLAY_ACTION_', 'SYNCPLAY_ROLE_', 'SYNCPLAY_EVENT_'];
let words = [];

function otherOfItsFamily(word) {
    const family = FAMILIES.find((prefix) => word.startsWith(prefix));
    const others = words.filter((other) => other.startsWith(family) && other !== word);
    return others[random(others.length)];
}

const OPERATORS = [
    ['a bound', /(?<= )(<=|>=|<|>)(?= )/g, swap({ '<': '<=', '<=': '<', '>': '>=', '>=': '>' })],
    ['a comparison', /(?<= )(==|!=)(?= )/g, swap({ '==': '!=', '!=': '==' })],
    ['a conjunction', /(?<= )(&&|\|\|)(?= )/g, swap({ '&&': '||', '||': '&&' })],
    ['arithmetic', /(?<=[\w)\]] )([+\-*/])(?= [\w(])/g, swap({ '+': '-', '-': '+', '*': '/', '/': '*' })],
    ['a sum', /(?<= )(\+=|-=|\|=|&=)(?= )/g, swap({ '+=': '-=', '-=': '+=', '|=': '=', '&=': '=' })],
    ['a negation', /!(?=[a-z(])/g, () => ''],
    ['a number', /(?<=[ (=\-])\d+(?=[ ;,)])/g, (text) => String(Number(text) + 1)],
    ['a truth', /\b(true|false)\b/g, swap({ true: 'false', false: 'true' })],
    ['a condition', /(?<=^ +(?:else )?(?:if|while) \()(?=.*\)(?: \{)?$)/gm, () => 'false && '],
    ['a condition', /(?<=^ +(?:else )?if \()(?=.*\)(?: \{)?$)/gm, () => 'true || '],
    ['a statement', /^ +[a-z_]+\([^;]*\);$/gm, () => '    ;'],
    ['an assignment', /^ +[a-z_]+(?:->|\.)[\w.>\-[\]]+ [|&+-]?= [^;{]*;$/gm, () => '    ;'],
    ['a constant', new RegExp(`\\b(?:${FAMILIES.join('|')})[A-Z_]+\\b`, 'g'), otherOfItsFamily],
];

// The same text with comments, string and character literals, what is for Windows alone, and preprocessor lines blanked, so that
// places keep.
function codeOf(text) {
    return text.replace(/^#ifdef _WIN32$[^]*?^#else$/gm, (match) => match.replace(/[^\n]/g, ' '))
        .replace(/\/\*[^]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|^#(?:\\\n|.)*/gm,
            (match) => match.replace(/[^\n]/g, (c) => (c === '"' ? c : ' ')));
}

// Shuffled by operator first, so that the rare ones come, too.
function* placesIn(text) {
    const code = codeOf(text);
    for (const [name, pattern, replace] of shuffled(OPERATORS)) {
        const found = [...code.matchAll(pattern)].filter((match) => !/_Static_assert|\bassert\(/.test(lineAt(code, match.index)));
        if (found.length)
            yield { name, replace, match: found[random(found.length)] };
    }
}

function lineAt(text, index) {
    const begin = text.lastIndexOf('\n', index - 1) + 1, end = text.indexOf('\n', index);
    return text.slice(begin, end < 0 ? undefined : end);
}

// --- Building

function run(command, args, seconds = 600) {
    const memory = command.startsWith(HOSTILE) ? 'unlimited' : MEMORY_KB; // ASan reserves more than there is
    return spawnSync('sh', ['-c', `ulimit -v ${memory}; ulimit -c 0; exec "$0" "$@"`, command, ...args],
        { timeout: seconds * 1000, killSignal: 'SIGKILL', encoding: 'utf8', maxBuffer: 1 << 28 });
}

function mustRun(command, args) {
    const done = run(command, args);
    if (done.status !== 0)
        throw new Error(`${command} ${args.join(' ')}\n${done.stderr}`);
}

const FLAGS = ['-std=c11', '-O1', '-w', '-fPIC', '-D_GNU_SOURCE', '-Iinclude', '-Ilib'];
const LINKS = ['-lcmocka', '-lcjson', '-luuid', '-lmd', '-lm'];
const BUILDS = [[OUT, []], [HOSTILE, ['-DSYNCPLAY_HOSTILE', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']]];
const sources = fs.readdirSync('lib').filter((name) => name.endsWith('.c')).sort();
const objectOf = (name, folder) => path.join(folder, name.replace(/\.c$/, '.o'));
const shared = (folder) => path.join(folder, 'libinside.so');

const compile = (file, name) => BUILDS.every(([folder, flags]) =>
    run(CC, [...FLAGS, ...flags, '-c', file, '-o', objectOf(name, folder)]).status === 0);
const linkLibrary = () => BUILDS.forEach(([folder, flags]) =>
    mustRun(CC, ['-shared', ...flags, '-Wl,-Bsymbolic', ...sources.map((name) => objectOf(name, folder)), ...LINKS, '-o', shared(folder)]));
const linkProgram = (name, files, [folder, flags]) =>
    mustRun(CC, [...FLAGS, ...flags, ...files, shared(folder), `-Wl,-rpath,${path.resolve(folder)}`, ...LINKS, '-o', path.join(folder, name)]);

// The programs of a folder, but those that test the server.
const ofLibrary = (folder, pattern) => fs.readdirSync(folder).filter((name) => pattern.test(name))
    .filter((name) => !/^\/\/ needs:.*server\//m.test(fs.readFileSync(path.join(folder, name), 'utf8')))
    .map((name) => name.replace(/\.c$/, ''));

function buildAll() {
    fs.rmSync(OUT, { recursive: true, force: true });
    fs.mkdirSync(HOSTILE, { recursive: true });
    for (const name of sources)
        if (!compile(path.join('lib', name), name))
            throw new Error(`lib/${name} does not compile`);
    linkLibrary();
    const units = ofLibrary('tests/unit', /^test_.*\.c$/), fuzzed = ofLibrary('tests/fuzz', /^fuzz_.*\.c$/);
    const sims = fs.readdirSync('tests/sim').filter((name) => /\.c$/.test(name) && !/^(clock|lead)_/.test(name));
    const programs = [['run_traces', ['tests/trace/run_traces.c']], ...units.map((name) => [name, [`tests/unit/${name}.c`]]),
        ...fuzzed.map((name) => [name, [`tests/fuzz/${name}.c`, 'tests/fuzz/replay.c']])];
    for (const build of BUILDS)
        for (const [name, files] of programs)
            linkProgram(name, files, build);
    linkProgram('follow_sim', sims.map((name) => `tests/sim/${name}`), BUILDS[0]);
    fs.mkdirSync(path.join(OUT, VECTORS), { recursive: true });
    for (const name of ['make_vectors', 'make_client_vectors'])
        linkProgram(path.join(VECTORS, name), [`${VECTORS}/${name}.c`], BUILDS[0]);
    return { units, fuzzed };
}

// --- Trying

// The tests in the order in which they are likely to notice: those named like the file, then the quick ones.
function testsFor(name, { units, fuzzed }) {
    const traces = fs.readdirSync('tests/trace').filter((file) => file.endsWith('.trace')).map((file) => `tests/trace/${file}`);
    const own = `test_${name.replace(/\.c$/, '')}`, others = units.filter((unit) => unit !== own);
    const hostile = (tests) => tests.map(([program, args]) => [`hostile/${program}`, args]);
    const told = [['run_traces', traces], ['run_traces', ['--oom', ...traces]]];
    const replayed = fuzzed.map((target) => [target, [`tests/fuzz/corpus/${target.replace('fuzz_', '')}`]]);
    const single = others.sort((a, b) => (times[a] || 0) - (times[b] || 0)).map((unit) => [unit, []]);
    return [...units.filter((unit) => unit === own).map((unit) => [unit, []]), ...told, [CHECK_OF_VECTORS, []], ...replayed, ...single,
        ...hostile(told), ...hostile(replayed), ...hostile(single), ['follow_sim', ['--quick']]];
}

const times = {};

// The name of the first test that fails, or null.
function firstToFail(tests) {
    for (const [program, args] of tests) {
        const begin = Date.now(), done = program === CHECK_OF_VECTORS
            ? run('env', [`BUILD=${OUT}`, 'bash', program], TEST_SECONDS)
            : run(path.join(OUT, program), args, TEST_SECONDS);
        times[program] = Date.now() - begin;
        if (done.status !== 0 || /^not ok/m.test(done.stdout))
            return program + (args[0] === '--oom' ? ' --oom' : '') + (done.error ? ' (hangs)' : '');
    }
    return null;
}

// One change in `name` that compiles, if there is one; the object file is the changed one then.
function change(name, tried) {
    const text = fs.readFileSync(path.join('lib', name), 'utf8'), file = path.join(OUT, name);
    for (const { name: what, replace, match } of placesIn(text)) {
        const changed = text.slice(0, match.index) + replace(match[0]) + text.slice(match.index + match[0].length);
        if (tried.has(changed) || changed === text)
            continue;
        tried.add(changed);
        fs.writeFileSync(file, changed);
        if (compile(file, name))
            return { what, line: text.slice(0, match.index).split('\n').length, file };
    }
    return null;
}

function report(name, made, caughtBy) {
    console.log(`${caughtBy ? 'caught  ' : 'SURVIVED'} lib/${name}:${made.line} ${made.what}${caughtBy ? ` - by ${caughtBy}` : ''}`);
    const diff = run('diff', ['-U1', path.join('lib', name), made.file]).stdout.split('\n').slice(2).join('\n');
    console.log(diff.replace(/^(?=.)/gm, '    | '));
}

words = [...new Set([...fs.readdirSync('include/syncplay').map((name) => fs.readFileSync(path.join('include/syncplay', name), 'utf8')).join('\n')
    .matchAll(/\bSYNCPLAY_[A-Z_]+\b/g)].map((match) => match[0]))];
const programs = buildAll();
const broken = firstToFail(testsFor('', programs));
if (broken)
    throw new Error(`${broken} fails although nothing was changed`);
const only = option('only', '').split(',').filter(Boolean).map((file) => path.basename(file));
const tried = new Set(), files = sources.filter((name) => (only.length ? only.includes(name) : name !== 'invariants.c'));
let caught = 0, made = 0, round = [], fruitless = 0;
while (made < MUTATIONS && fruitless < files.length) {
    round = round.length ? round : shuffled(files); // so that each file comes before one comes twice
    const name = round.pop(), one = change(name, tried);
    fruitless = one ? 0 : fruitless + 1;
    if (one) {
        linkLibrary();
        const caughtBy = firstToFail(testsFor(name, programs));
        made++;
        caught += caughtBy !== null;
        report(name, one, caughtBy);
    }
    compile(path.join('lib', name), name);
}
console.log(`${caught} of ${made} changes were noticed, ${made - caught} were not (seed ${SEED})`);
