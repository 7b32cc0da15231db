// What --help says that each setting may be is true: the server runs with all of them at their least, and at their most. What
// --print-config prints says the same again, but for secrets, and --check-config looks at what is named.

import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { Server, binary, run } from './server.mjs';

// "1 to 1000", "1ms to 24h (units: ms, s, m, h)", "16K to 64M", "1 to 1000 /second, /minute or /hour"
async function settings() {
    const { stdout } = await run(['--help']);
    const found = [];
    for (const [, name, range] of stdout.matchAll(/^ {2}--\S+ {3}SYNCPLAY_(\S+) .*\n.*\n {6}(.*); default/gm)) {
        const [, least, most, rest] = /^(\d\w*) to (\d\w*)(.*)$/.exec(range) ?? [];
        if (least !== undefined) found.push({ name, least, most, unit: rest.startsWith(' /') ? '/second' : '' });
    }
    return found;
}

for (const end of ['least', 'most']) {
    test(`all settings at their ${end}`, async () => {
        const all = await settings();
        assert.ok(all.length > 30, `${all.length}`);
        const server = await Server.start(Object.fromEntries(all.map((one) => [one.name, one[end] + one.unit])));
        assert.equal(await server.finish(), 0);
    });
}

const folder = mkdtempSync(join(tmpdir(), 'syncplay-config-'));
after(() => rmSync(folder, { recursive: true }));

// What is printed with these variables and flags, and, as a file, with nothing else: as text and as values.
async function printed(variables, flags = []) {
    const environment = Object.fromEntries(Object.entries(variables).map(([name, value]) => [`SYNCPLAY_${name}`, String(value)]));
    const { code, stdout, stderr } = await run(['--print-config', ...flags], environment, folder);
    assert.deepEqual([code, stderr], [0, '']);
    writeFileSync(join(folder, 'printed.yaml'), stdout);
    const again = await run(['--print-config', '--config', 'printed.yaml'], {}, folder);
    assert.deepEqual([again.code, again.stderr], [0, '']);
    const values = (text) => text.replace(/^#.*\n/, '').replace(/ # from .*$/gm, '').replace(/^ +(?:# )?(?:key|secret): (?:""|is set).*\n/gm, '');
    return { stdout, again: again.stdout, values: values(stdout), valuesAgain: values(again.stdout) };
}

for (const end of ['least', 'most', 'default']) {
    test(`what is printed says the same again: all settings at their ${end}`, async () => {
        const all = end === 'default' ? [] : await settings();
        const one = await printed(Object.fromEntries(all.map(({ name, unit, ...range }) => [name, range[end] + unit])));
        assert.equal(one.values, one.valuesAgain);
        for (const { name } of all) assert.ok(one.stdout.includes('# from the environment'), name);
        if (end === 'default') assert.ok(!/ # from /.test(one.stdout));
    });
}

test('what is printed: texts, networks, roles, where they come from, and no secrets', async () => {
    const media = ' a "film"\\folder\nof # two: lines é';
    const secret = 'a secret that nobody is to see';
    const { stdout, again, values, valuesAgain } = await printed({
        TRUSTED_PROXIES: '10.1.2.3/8 ::1,fd00::/8', AUTH_JWT_KEY: secret, WEBHOOKS_SECRET: secret, ROLES_GUEST: 'syncplay.join', ROLES_OTHER: '', LOG_FORMAT: 'json',
    }, ['--media', media, '--roles-A.B:C=syncplay.create', '--metrics', 'off']);
    assert.equal(values, valuesAgain);
    const { syncplay } = parse(again);
    assert.equal(syncplay.media, media);
    assert.equal(syncplay.trusted_proxies, '10.0.0.0/8, ::1/128, fd00::/8');
    assert.deepEqual(syncplay.roles, {
        guest: ['syncplay.join'], user: ['syncplay.create', 'syncplay.join', 'syncplay.host_controls'], other: [], 'a.b:c': ['syncplay.create'],
    });
    assert.deepEqual([syncplay.log_format, syncplay.metrics], ['json', 'off']);
    assert.match(stdout, /^ {2}log_format: json # from the environment$/m);
    assert.match(stdout, /^ {2}metrics: off # from a flag$/m);
    assert.match(again, /^ {2}metrics: off # from the file$/m);
    assert.ok(!stdout.includes(secret));
    assert.equal(stdout.match(/^ +# (secret|key): is set, and not shown # from the environment$/gm).length, 2);
    assert.equal(syncplay.auth.jwt.key, '');
});

test('--check-config looks at the files and folders that are named', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'empty'));
    const none = join(folder, 'none');
    for (const [flags, sentence] of [
        [['--database', join(none, 'x.db')], `database ${none}/x.db: the folder ${none} cannot be written to: No such file or directory`],
        [['--database', 'file/x.db'], 'database file/x.db: the folder file cannot be written to: Not a directory'],
        [['--database', 'empty'], 'database empty: it is a folder, and must be a file'],
        [['--media', none], `media ${none}: it cannot be read: No such file or directory`],
        [['--media', binary], `media ${binary}: it is not a folder`],
    ]) {
        const { code, stdout, stderr } = await run(['--check-config', ...flags], {}, folder);
        assert.deepEqual([code, stdout, stderr.replace('Permission denied', 'Not a directory')], [2, '', `syncplay-server: ${sentence}\n`]);
    }
    const { code } = await run(['--check-config', '--media', 'empty', '--database', 'empty/new.db'], {}, folder);
    assert.equal(code, 0);
});
