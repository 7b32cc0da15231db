// The page's alarm and the worker that keeps time for a hidden tab, in pretended time.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { load } from './modules.mjs';

const { Alarm } = await load('alarm.js');

// Timers that ring when they are told to.
class Timers {
    constructor() {
        this.running = new Map();
        this.set = (ring, delay) => {
            const id = (this.last = (this.last ?? 0) + 1);
            this.running.set(id, { ring, delay });
            return id;
        };
        this.clear = (id) => this.running.delete(id);
    }

    get delays() {
        return [...this.running.values()].map(({ delay }) => delay);
    }

    ring() {
        const timers = [...this.running.values()];
        this.running.clear();
        for (const { ring } of timers) ring();
    }
}

// What the alarm finds in a window that is hidden, or not; its worker runs the real ticker.js.
function pretend(test_, hidden) {
    const own = new Timers();
    const workers = new Timers();
    const script = readFileSync(fileURLToPath(new URL('../../server/page/ticker.js', import.meta.url)), 'utf8');
    class Worker {
        constructor() {
            this.inside = createContext({
                setTimeout: workers.set, clearTimeout: workers.clear, postMessage: (data) => this.onmessage({ data }),
            });
            runInContext(script, this.inside);
        }

        postMessage(data) {
            this.inside.onmessage({ data });
        }
    }
    const document = { hidden, addEventListener() {} };
    class MessageChannel {
        port1 = {};
        port2 = { postMessage: () => this.port1.onmessage() };
    }
    const globals = { document, Worker, MessageChannel, setTimeout: own.set, clearTimeout: own.clear };
    const before = Object.fromEntries(Object.keys(globals).map((name) => [name, globalThis[name]]));
    Object.assign(globalThis, globals);
    test_.after(() => Object.assign(globalThis, before));
    const rung = [];
    const alarm = new Alarm(() => rung.push(1));
    return { alarm, document, own, rung, workers };
}

test('a hidden tab is rung by its worker, once for each alarm', (t) => {
    const { alarm, own, rung, workers } = pretend(t, true);
    alarm.set(performance.now() + 300, Infinity);
    assert.equal(own.running.size, 1);
    assert.ok(workers.delays[0] > 250 && workers.delays[0] <= 301, `${workers.delays}`);
    alarm.set(performance.now() + 100, Infinity);
    assert.equal(workers.running.size, 1, 'the later one takes the place of the first');
    workers.ring();
    assert.equal(rung.length, 1);
    assert.equal(own.running.size, 0, 'its own timer has nothing to add');
});

test('stopped, and rung by its own timer, it is quiet: the worker, too', (t) => {
    const { alarm, own, rung, workers } = pretend(t, true);
    alarm.set(performance.now() + 300, Infinity);
    alarm.stop();
    assert.deepEqual([own.running.size, workers.running.size], [0, 0]);
    alarm.set(performance.now() + 300, Infinity);
    own.ring();
    assert.equal(workers.running.size, 0);
    alarm.set(performance.now() + 300, Infinity);
    alarm.soon();
    assert.deepEqual([own.running.size, workers.running.size, rung.length], [0, 0, 2]);
});

test('a window that is seen needs no worker', (t) => {
    const { alarm, own, document, workers } = pretend(t, false);
    alarm.set(performance.now() + 300, Infinity);
    alarm.stop();
    assert.equal(alarm.worker, undefined);
    document.hidden = true;
    alarm.set(performance.now() + 300, Infinity);
    document.hidden = false; // seen again
    alarm.set(performance.now() + 300, Infinity);
    assert.deepEqual([own.running.size, workers.running.size], [1, 0]);
});
