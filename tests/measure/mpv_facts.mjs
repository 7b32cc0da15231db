// What mpv does, measured: how exactly its position can be read, when it starts, what a seek costs, what it makes of a
// changed speed. The figures behind the priors of SYNCPLAY_PLAYER_MPV. Prints a table; needs mpv and ffmpeg.
//
//     node tests/measure/mpv_facts.mjs [--rounds 10] [--ao null] [mpv options ...]

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '10' }, ao: { type: 'string', default: 'null' } },
});
const ROUNDS = Number(options.rounds);
const folder = mkdtempSync(join(tmpdir(), 'mpv-facts-'));
const film = join(folder, 'film.mkv');
const now = () => performance.now();
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

execFileSync('ffmpeg', [
    '-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc=size=640x360:rate=30:duration=180',
    '-f', 'lavfi', '-i', 'sine=frequency=330:duration=180:sample_rate=48000',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60', '-c:a', 'aac', film,
]);

class Mpv {
    static async start(more = []) {
        const mpv = new Mpv();
        mpv.socketPath = join(folder, `ipc-${Math.random()}`);
        mpv.child = spawn('mpv', [
            '--no-config', '--vo=null', `--ao=${options.ao}`, '--pause', '--keep-open=yes', '--really-quiet',
            `--input-ipc-server=${mpv.socketPath}`, ...more, ...positionals, '--', film,
        ], { stdio: 'ignore' });
        mpv.pending = new Map();
        mpv.next = 1;
        for (;;) {
            mpv.socket = createConnection(mpv.socketPath);
            const connected = (done) => mpv.socket.once('connect', () => done(true)).once('error', () => done(false));
            if (await new Promise(connected)) break;
            await pause(20);
        }
        let rest = '';
        mpv.socket.on('data', (bytes) => {
            const at = now();
            const lines = (rest + bytes).split('\n');
            rest = lines.pop();
            for (const line of lines) {
                const message = JSON.parse(line);
                if (message.request_id) mpv.pending.get(message.request_id)?.({ ...message, at });
                else if (message.event === 'playback-restart') mpv.restarted?.(at);
            }
        });
        while ((await mpv.get('duration')).data === undefined) await pause(20);
        await pause(300);
        return mpv;
    }

    ask(...command) {
        const request_id = this.next++;
        const sent = now();
        this.socket.write(`${JSON.stringify({ command, request_id })}\n`);
        return new Promise((done) => this.pending.set(request_id, (answer) => {
            this.pending.delete(request_id);
            done({ ...answer, sent, middle: (sent + answer.at) / 2 });
        }));
    }

    get = (name) => this.ask('get_property', name);
    set = (name, value) => this.ask('set_property', name, value);

    async seek(seconds) {
        const done = new Promise((good) => (this.restarted = good));
        const { sent } = await this.ask('seek', seconds, 'absolute+exact');
        const at = await done;
        return at - sent;
    }

    // Positions, milliseconds of film against milliseconds of clock, for a while.
    async watch(name, ms, stamp = 'middle') {
        const samples = [];
        for (const end = now() + ms; now() < end;) {
            const answer = await this.get(name);
            if (typeof answer.data === 'number')
                samples.push([answer[stamp], answer.data * 1000, answer.at - answer.sent]);
            await pause(10);
        }
        return samples;
    }

    end() {
        this.child.kill('SIGKILL');
        this.socket.destroy();
    }
}

// The straight line through the samples, without those whose reading took unusually long.
function line(samples) {
    const limit = [...samples].map((s) => s[2]).sort((a, b) => a - b)[Math.floor(samples.length * 0.8)];
    const kept = samples.filter((s) => s[2] <= limit);
    const t0 = kept[0][0];
    const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;
    const mt = mean(kept.map((s) => s[0] - t0));
    const mp = mean(kept.map((s) => s[1]));
    const slope = kept.reduce((sum, s) => sum + (s[0] - t0 - mt) * (s[1] - mp), 0) /
                  kept.reduce((sum, s) => sum + (s[0] - t0 - mt) ** 2, 0);
    const at = (t) => mp + slope * (t - t0 - mt);
    const rms = Math.sqrt(mean(kept.map((s) => (s[1] - at(s[0])) ** 2)));
    return { slope, at, rms, when: (p) => (p - mp) / slope + mt + t0 };
}

const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))];
const show = (what, list, unit = 'ms') => console.log(`${what.padEnd(64)} p50 ${quantile(list, 0.5).toFixed(3)}  ` +
    `p05 ${quantile(list, 0.05).toFixed(3)}  p95 ${quantile(list, 0.95).toFixed(3)} ${unit}  (${list.length})`);
const rounds = async (one, count = ROUNDS) => {
    const results = [];
    for (let i = 0; i < count; i++) results.push(await one(i));
    return results;
};

async function noise(mpv) {
    await mpv.seek(10);
    await mpv.set('pause', false);
    await pause(1000);
    for (const name of ['audio-pts', 'time-pos', 'playback-time'])
        for (const stamp of ['middle', 'at', 'sent']) {
            const fits = await rounds(async () => line(await mpv.watch(name, 500, stamp)));
            show(`rms of ${name}, stamped ${stamp}`, fits.map((fit) => fit.rms));
            if (stamp === 'middle') show(`  its slope less 1`, fits.map((fit) => (fit.slope - 1) * 1e6), 'ppm');
        }
    show('a question and its answer', (await mpv.watch('audio-pts', 1000)).map((s) => s[2]));
    const gaps = await rounds(async () => {
        const [sound, picture] = await Promise.all([mpv.get('audio-pts'), mpv.get('time-pos')]);
        return (picture.data - sound.data) * 1000;
    }, 40);
    show('time-pos less audio-pts', gaps);
    await mpv.set('pause', true);
}

async function starts(mpv) {
    const results = await rounds(async (i) => {
        await mpv.seek(20 + 3 * i);
        await pause(300);
        const landed = (await mpv.get('time-pos')).data * 1000;
        const { sent } = await mpv.set('pause', false);
        await pause(200);
        const fit = line(await mpv.watch('audio-pts', 700));
        const stop = await mpv.set('pause', true);
        await pause(150);
        const stood = (await mpv.get('time-pos')).data * 1000;
        const sound = (await mpv.get('audio-pts')).data * 1000;
        return { latency: fit.when(landed) - sent, over: stood - fit.at(stop.sent), sound: sound - fit.at(stop.sent) };
    }, 2 * ROUNDS);
    show('starts after play, from the landed frame', results.map((r) => r.latency));
    show('pause overshoots (time-pos)', results.map((r) => r.over));
    show('pause overshoots (audio-pts)', results.map((r) => r.sound));
}

// Paused and played again, without a seek between: what is lost?
async function resumes(mpv) {
    const results = await rounds(async (i) => {
        await mpv.seek(20 + 3 * i);
        await mpv.set('pause', false);
        await pause(700);
        const before = line(await mpv.watch('audio-pts', 400));
        const off = await mpv.set('pause', true);
        await pause(300);
        const on = await mpv.set('pause', false);
        await pause(300);
        const after = line(await mpv.watch('audio-pts', 400));
        await mpv.set('pause', true);
        return before.at(off.sent) - after.at(on.sent);
    });
    show('lost by pause and play', results);
}

async function seeks(mpv) {
    const costs = await rounds(() => mpv.seek(10 + Math.random() * 150), 3 * ROUNDS);
    show('seek while paused, until playback-restart', costs);
    await mpv.set('pause', false);
    const lost = await rounds(async () => {
        const target = 10 + Math.random() * 150;
        const asked = now();
        await mpv.seek(target);
        await pause(400);
        return target * 1000 - line(await mpv.watch('audio-pts', 400)).at(asked);
    }, 2 * ROUNDS);
    show('seek while playing loses', lost);
    await mpv.set('pause', true);
}

async function rates(mpv, correction) {
    await mpv.set('audio-pitch-correction', correction);
    await mpv.seek(5);
    await mpv.set('pause', false);
    await pause(1000);
    for (const rate of [1.0002, 1.0005, 1.002, 0.995, 1.02, 1.05]) {
        const found = await rounds(async () => {
            await mpv.set('speed', 1);
            await pause(1200);
            const before = line(await mpv.watch('audio-pts', 800));
            const up = await mpv.set('speed', rate);
            await pause(900);
            const during = line(await mpv.watch('audio-pts', 800));
            const down = await mpv.set('speed', 1);
            await pause(900);
            const after = line(await mpv.watch('audio-pts', 800));
            const expected = before.at(up.sent) + (down.sent - up.sent) * rate;
            return { off: during.slope / before.slope / rate - 1, loss: expected - after.at(down.sent),
                     dead: (before.at(up.sent) - during.at(up.sent)) / (rate - 1),
                     left: (after.at(down.sent) - during.at(down.sent)) / (rate - 1) };
        }, Math.ceil(ROUNDS / 3));
        const name = `speed ${rate}, pitch ${correction ? 'kept' : 'not kept'}`;
        show(`${name}: off`, found.map((f) => f.off * 1e6), 'ppm');
        show(`${name}: nudge and return loses`, found.map((f) => f.loss));
        if (Math.abs(rate - 1) > 0.003) show(`${name}: dead time on`, found.map((f) => f.dead));
        if (Math.abs(rate - 1) > 0.003) show(`${name}: dead time off`, found.map((f) => f.left));
        if ((await mpv.get('time-pos')).data > 120) await mpv.seek(5);
    }
    await mpv.set('pause', true);
}

async function toggles(mpv) {
    await mpv.set('audio-pitch-correction', true);
    await mpv.seek(5);
    await mpv.set('pause', false);
    await pause(1000);
    show('switching audio-pitch-correction loses', await rounds(async (i) => {
        const before = line(await mpv.watch('audio-pts', 500));
        const { sent } = await mpv.set('audio-pitch-correction', i % 2 === 1);
        await pause(700);
        return before.at(sent) - line(await mpv.watch('audio-pts', 500)).at(sent);
    }));
    await mpv.set('pause', true);
}

const mpv = await Mpv.start();
console.log((await mpv.get('mpv-version')).data, positionals.join(' '));
await noise(mpv);
await starts(mpv);
await resumes(mpv);
await seeks(mpv);
await toggles(mpv);
await rates(mpv, false);
await rates(mpv, true);
mpv.end();
rmSync(folder, { recursive: true, force: true });
