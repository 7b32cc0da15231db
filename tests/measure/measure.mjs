// The proving ground: real players in real time against the real server, through networks with delay, jitter and loss.
// Writes a table, a picture and everything it is made from to build/measure/. It judges nobody: no run of it fails.
//
//     node tests/measure/measure.mjs [--seconds 60] [--rounds 2] [--seed 1] [--label TEXT] [scenario ...]

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFilmHost } from '../page/film_host.mjs';
import { Server } from '../page/server.mjs';
import { analyse, lines, pixelsAgainstTime } from './analysis.mjs';
import { commandsOf, Evening, sleep, stretchesOf } from './evening.mjs';
import { FILM, makeFilm } from './film.mjs';
import { checkInstrument } from './instrument.mjs';
import { hasFollower, Mpv } from './mpv.mjs';
import { Relays } from './relay.mjs';
import { Remote } from './remote.mjs';
import { notes, plot, table } from './report.mjs';
import { SCENARIOS } from './scenarios.mjs';
import { runStall } from './stall.mjs';
import { ClockHouse, now, Window } from './window.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = resolve(root, process.env.BUILD ?? 'build', 'measure');
const media = join(out, 'media');
const TITLE = 'Measure';
const film = join(media, `${TITLE}.webm`);
const NAMES = ['Ana', 'Ben', 'Chris', 'Dora', 'Emil', 'Fina'];
const TOGETHER_MS = 30000;

const options = { seconds: 60, rounds: 2, seed: 1, label: '', only: [] };
for (let index = 2; index < process.argv.length; index += 1) {
    const word = process.argv[index];
    const key = word.replace(/^--/, '');
    if (word === key) options.only.push(word);
    else options[key] = key === 'label' ? process.argv[(index += 1)] : Number(process.argv[(index += 1)]);
}

const log = (text) => console.log(`# ${text}`);

class House {
    async open() {
        this.folder = mkdtempSync(join(tmpdir(), 'syncplay-measure-'));
        this.server = new Server(this.folder, media);
        await this.server.start();
        this.relays = new Relays();
        this.clocks = await new ClockHouse().start();
        const { media: films } = await (await fetch(`${this.server.url}api/v1/syncplay/media`)).json();
        this.film = films.find(({ title }) => title === TITLE).url;
        const remote = await Remote.create(this.server.url, 'Clock', this.film);
        this.serverClock = await remote.clock();
        remote.close();
        log(`the server's clock: ${this.serverClock.offset.toFixed(3)} ms, +-${this.serverClock.bound.toFixed(3)}`);
        return this;
    }

    async close() {
        this.clocks.stop();
        await this.server.stop();
        this.relays.stop();
        rmSync(this.folder, { recursive: true, force: true });
    }

    // Everybody of a scenario, in one party: { players, leaders, heard, close }.
    async gather({ players: wanted, stall }) {
        const players = [];
        const opened = { players, leaders: [], relays: [], mediaRelays: [] };
        this.opened = opened;
        // The server gives its films to its own page only, so one that comes by another way comes from elsewhere.
        if (stall) opened.filmHost = await startFilmHost(film);
        for (const [index, { kind, net }] of wanted.entries()) {
            const seed = options.seed * 1000 + index * 100;
            const relay = await this.relays.open(this.server.port, { ...net, seed });
            opened.relays.push(relay);
            const base = `http://127.0.0.1:${relay.port}/`;
            if (kind === 'mpv') {
                players.push(await Mpv.open(NAMES[index], base, { folder: this.folder, film }));
                continue;
            }
            const flags = [];
            if (stall) {
                // The film comes by a way of its own, not much faster than it plays.
                const way = await this.relays.open(Number(new URL(opened.filmHost.url).port), { seed: seed + 50, rate: stall.rate });
                opened.mediaRelays.push(way);
                flags.push(`--host-resolver-rules=MAP film.test 127.0.0.1:${way.port}`);
            }
            players.push(await Window.open(NAMES[index], base, this.clocks, flags));
        }
        await this.join(opened, stall);
        return opened;
    }

    async join(opened, stall) {
        const { players } = opened;
        const windows = players.filter(({ kind }) => kind === 'chromium');
        let code;
        if (windows.length > 0) {
            const [first] = windows;
            await first.create({ film: stall ? 'http://film.test/film.webm' : TITLE });
            ({ code } = first.member);
            for (const one of windows.slice(1)) await one.join(first.member.link);
            opened.leaders = windows.map(({ member }) => member);
            opened.heard = first.member.heard;
        } else {
            opened.remote = await Remote.create(this.server.url, 'Remote', this.film);
            ({ code } = opened.remote);
            opened.leaders = [opened.remote];
            opened.heard = opened.remote.heard;
        }
        for (const one of players) if (one.kind === 'mpv') one.follow(code);
        for (const { name } of players) if (windows.length > 0) await windows[0].member.untilText('#people', name);
        if (windows.length > 0) await windows[0].member.untilReady();
        else await this.untilJoined(opened.remote, players.length);
        await Promise.all(players.map((one) => one.listen()));
    }

    async untilJoined(remote, count) {
        const deadline = now() + TOGETHER_MS;
        const ready = () => new Set(remote.heard.filter(({ type, action, participant }) => type === 'participant' && action === 'ready'
            && participant?.name !== 'Remote').map(({ user }) => user.user_id)).size;
        while (ready() < count) {
            if (now() > deadline) throw new Error(`only ${ready()} of ${count} players are ready`);
            await sleep(50);
        }
    }

    async part() {
        const { players, remote, relays, mediaRelays } = this.opened;
        for (const one of players) await one.close();
        remote?.close();
        for (const one of [...relays, ...mediaRelays]) one.close();
        this.opened.filmHost?.stop();
    }
}

async function run(house, scenario) {
    const result = { scenario };
    if (scenario.players.some(({ kind }) => kind === 'mpv') && !hasFollower()) return { ...result, skipped: 'there is no build/examples/mpv_follower' };
    log(scenario.title);
    await house.relays.lateness();
    try {
        const { players, leaders, heard } = await house.gather(scenario).then(() => house.opened);
        const evening = new Evening({ players, leaders, heard, seed: options.seed, log });
        try {
            if (scenario.stall) result.stall = await runStall(evening, house, options);
            else await evening.run(options);
        } catch (error) {
            result.error = error.message;
            log(error.message);
        }
        const logs = await Promise.all(players.map((one) => one.take()));
        const commands = commandsOf(heard);
        const stretches = stretchesOf(commands, now(), house.serverClock.offset);
        result.names = players.map(({ name }) => name);
        result.clocks = logs.map(({ clock, clockMoved }) => ({ ...clock, moved: clockMoved }));
        result.analysis = analyse(logs, stretches, evening.pauses.map(({ frames }) => frames));
        result.analysis.pixels = pixelsAgainstTime(logs, FILM.fps);
        result.lines = lines(logs, stretches);
        result.pauses = evening.pauses;
        result.load = loadavg()[0];
        result.relay = await house.relays.lateness();
        writeFileSync(join(out, `log-${scenario.key}.json`), JSON.stringify({ logs, stretches, commands }));
    } catch (error) {
        result.error ??= error.stack;
        log(error.stack);
    }
    await house.part();
    return result;
}

function write(results, instrument) {
    const what = options.label ? `${options.label}\n\n` : '';
    const report = `${what}${table(results)}\n\n${notes(results, instrument)}\n`;
    writeFileSync(join(out, 'table.txt'), report);
    writeFileSync(join(out, 'plot.svg'), plot(results));
    writeFileSync(join(out, 'results.json'), `${JSON.stringify({ options, instrument, results }, null, 1)}\n`);
    return report;
}

mkdirSync(media, { recursive: true });
await makeFilm(film);
const house = await new House().open();
const wanted = options.only.length > 0 ? options.only : ['instrument', ...SCENARIOS.map(({ key }) => key)];
const results = [];
let instrument = null;
if (wanted.includes('instrument')) instrument = await checkInstrument(film, house.clocks, log);
for (const scenario of SCENARIOS) {
    if (!wanted.includes(scenario.key)) continue;
    results.push(await run(house, scenario));
    write(results, instrument);
}
console.log(`\n${write(results, instrument)}`);
await house.close();
process.exit(0);
