// A strict reader of Prometheus' text format 0.0.4: what it does not know is an error.

import { strict as assert } from 'node:assert';

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([a-zA-Z_][a-zA-Z0-9_]*)="([^"\\\n]*)"\})? (-?\d+(?:\.\d+)?)$/;

// The families by name: { type, help, samples: Map of 'value of the label' ('' for none) -> number, label }.
export function parseMetrics(text) {
    assert.ok(text.endsWith('\n') && !text.includes('\n\n'), 'each line ends, and none is empty');
    const families = new Map();
    let family;
    for (const line of text.slice(0, -1).split('\n')) {
        const [, what, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
        if (what === 'HELP') {
            assert.match(name, NAME);
            assert.ok(!families.has(name), `${name} is there twice`);
            family = { name, help: rest, samples: new Map(), buckets: [] };
            families.set(name, family);
        } else if (what === 'TYPE') {
            assert.deepEqual([name, family.type], [family.name, undefined], line);
            assert.match(rest, /^(counter|gauge|histogram)$/);
            if (rest === 'counter') assert.match(name, /_total$/);
            family.type = rest;
        } else {
            addSample(family, line);
        }
    }
    for (const one of families.values()) if (one.type === 'histogram') checkHistogram(one);
    return families;
}

function addSample(family, line) {
    const [, name, label, value, number] = SAMPLE.exec(line) ?? assert.fail(`not a sample: ${line}`);
    assert.ok(family.type, `${line} comes before its type`);
    if (family.type === 'histogram' && name === `${family.name}_bucket`) {
        assert.equal(label, 'le');
        family.buckets.push([value === '+Inf' ? Infinity : Number(value), Number(number)]);
        return;
    }
    const suffix = name.slice(family.name.length);
    assert.ok(name.startsWith(family.name) && (family.type === 'histogram' ? ['_sum', '_count'] : ['']).includes(suffix), line);
    const key = family.type === 'histogram' ? suffix : value ?? '';
    assert.ok(!family.samples.has(key), `${line} is there twice`);
    assert.ok(family.samples.size === 0 || family.label === label, `${line} has another label than its family`);
    if (family.type === 'counter') assert.ok(Number(number) >= 0);
    family.label = label;
    family.samples.set(key, Number(number));
}

function checkHistogram({ name, buckets, samples }) {
    for (let i = 1; i < buckets.length; i += 1) {
        assert.ok(buckets[i][0] > buckets[i - 1][0] && buckets[i][1] >= buckets[i - 1][1], `${name} is not cumulative`);
    }
    assert.equal(buckets.at(-1)[0], Infinity);
    assert.equal(buckets.at(-1)[1], samples.get('_count'));
    assert.ok(samples.get('_sum') >= 0);
}
