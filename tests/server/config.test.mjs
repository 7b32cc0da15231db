// What --help says that each setting may be is true: the server runs with all of them at their least, and at their most.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Server, run } from './server.mjs';

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
