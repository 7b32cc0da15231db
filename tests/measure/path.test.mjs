// The network of the proving ground: its schedule as a pure function of seed and times, and its bytes over real sockets.

import { strict as assert } from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { path, SEGMENT } from './path.mjs';
import { Relays } from './relay.mjs';

const LINE = { delay: 100, jitter: 30, loss: 0.01 };

// When each of `count` lone segments arrives after it was sent, one every 50 ms.
function delays(way, count, every = 50) {
    return Array.from({ length: count }, (_, index) => way.send(index * every, 100)[0][1] - index * every);
}

test('the same seed gives the same path, another one another', () => {
    assert.deepEqual(delays(path(7, LINE), 500), delays(path(7, LINE), 500));
    assert.notDeepEqual(delays(path(7, LINE), 500), delays(path(8, LINE), 500));
});

test('a clean path takes nothing, a still one its delay', () => {
    assert.deepEqual(path(1, {}).send(5, 3 * SEGMENT), [[3 * SEGMENT, 5]]);
    assert.deepEqual(delays(path(1, { delay: 80 }), 3), [80, 80, 80]);
});

test('jitter stays within its reach and fills it', () => {
    const all = delays(path(3, { delay: 100, jitter: 30 }), 2000, 100);
    assert.ok(all.every((one) => one >= 70 && one <= 130), 'within');
    assert.ok(Math.min(...all) < 71 && Math.max(...all) > 129, 'filled');
});

test('a heavy tail is never below the delay, half of it within the jitter, some of it far beyond', () => {
    const all = delays(path(3, { delay: 100, jitter: 10, shape: 'heavy' }), 4000, 1000).sort((a, b) => a - b);
    assert.ok(all[0] >= 100);
    assert.ok(Math.abs(all[2000] - 110) < 1, `median ${all[2000]}`);
    assert.ok(all[3960] > 180, `p99 ${all[3960]}`);
});

test('nothing overtakes, and all bytes are there', () => {
    const way = path(11, { ...LINE, loss: 0.05 });
    let last = 0;
    for (let now = 0; now < 20000; now += 7) {
        const length = 1 + ((now * 31) % (5 * SEGMENT));
        const parts = way.send(now, length);
        assert.equal(parts.reduce((sum, [bytes]) => sum + bytes, 0), length);
        for (const [, at] of parts) {
            assert.ok(at >= last && at >= now);
            last = at;
        }
    }
});

test('a loss costs a timeout for a lone segment and a round trip within a stream', () => {
    const lone = delays(path(5, { delay: 100, loss: 0.02 }), 3000, 2000);
    const lost = lone.filter((one) => one > 100);
    assert.ok(lost.length > 30 && lost.length < 90, `${lost.length} of 3000 lost`);
    assert.equal(Math.min(...lost), 300);
    const short = delays(path(5, { delay: 10, loss: 0.02 }), 3000, 2000).filter((one) => one > 10);
    assert.equal(Math.min(...short), 210);
    const first = Array.from({ length: 500 }, (_, index) => path(index, { delay: 100, loss: 0.02 }).send(0, 10 * SEGMENT)[0][1]);
    assert.equal(Math.min(...first.filter((one) => one > 100)), 301);
});

test('bytes come through unchanged and in order, both ways, and an end ends', async () => {
    const relays = new Relays();
    const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const way = { delay: 5, jitter: 5, loss: 0.02 };
    const { port } = await relays.open(echo.address().port, { up: way, down: way, seed: 3 });
    const sent = randomBytes(400000);
    const socket = connect(port, '127.0.0.1');
    const heard = [];
    socket.on('data', (bytes) => heard.push(bytes));
    socket.end(sent);
    await once(socket, 'close');
    const print = (bytes) => createHash('sha256').update(bytes).digest('hex');
    assert.equal(print(Buffer.concat(heard)), print(sent));
    assert.ok((await relays.lateness()).count > 0);
    echo.close();
    relays.stop();
});

test('what is held waits until it is let go', async () => {
    const relays = new Relays();
    const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const held = await relays.open(echo.address().port);
    const open = await relays.open(echo.address().port);
    const [one, other] = [held, open].map(({ port }) => connect(port, '127.0.0.1'));
    held.hold();
    await relays.lateness(); // it has been heard
    const order = [];
    one.on('data', () => order.push('held'));
    other.on('data', () => order.push('open'));
    one.write('x');
    other.write('x');
    await once(other, 'data');
    held.release();
    await once(one, 'data');
    assert.deepEqual(order, ['open', 'held']);
    one.destroy();
    other.destroy();
    echo.close();
    relays.stop();
});
