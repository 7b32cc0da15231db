// The figures as a table to read and as pictures. Knows results, no players.

import { WITNESSES } from './analysis.mjs';
import { PEERS } from './scenarios.mjs';

const number = (value, digits = 1) => (Number.isFinite(value) ? value.toFixed(digits) : '-');
const three = (one, ...keys) => keys.map((key) => number(one?.[key])).join(' / ');
const share = (value) => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : '-');

function reached({ scenario, analysis }) {
    const { goal } = scenario;
    const { claim } = analysis.apart;
    if (!goal) return '';
    if (claim.count === 0) return 'nothing measured';
    const missed = Object.keys(goal).filter((key) => !(claim[key] <= goal[key]));
    const asked = Object.entries(goal).map(([key, value]) => `${key} <= ${value}`).join(', ');
    return `${missed.length === 0 ? 'yes' : 'NO'} (${asked})`;
}

const COLUMNS = [
    ['scenario', ({ scenario }) => scenario.title],
    ['apart: p50 / p95 / p99 / max', ({ analysis }) => three(analysis.apart.claim, 'p50', 'p95', 'p99', 'max')],
    ['frames p50 / p95', ({ analysis }) => three(analysis.apart.frame, 'p50', 'p95')],
    ['sound p50 / p95', ({ analysis }) => three(analysis.apart.sound, 'p50', 'p95')],
    ['start p50 / max', ({ analysis }) => three(analysis.start.claim, 'p50', 'max')],
    ['at 3 s p50 / p95', ({ analysis }) => three(analysis.later.claim, 'p50', 'p95')],
    ['rates', ({ analysis }) => String(analysis.done.rates)],
    ['nudging', ({ analysis }) => share(analysis.done.nudged)],
    ['seeks', ({ analysis }) => String(analysis.done.seeks)],
    ['stalls', ({ analysis }) => String(analysis.done.stalls)],
    ['same frame', ({ analysis }) => `${analysis.pauses.same} of ${analysis.pauses.count}`],
    ['goal', reached],
];

export function table(results) {
    const done = results.filter((one) => one.analysis);
    const rows = [COLUMNS.map(([title]) => title), ...done.map((one) => COLUMNS.map(([, cell]) => cell(one)))];
    const widths = COLUMNS.map((_, index) => Math.max(...rows.map((row) => row[index].length)));
    const lines = rows.map((row) => row.map((cell, index) => cell.padEnd(widths[index])).join('  ').trimEnd());
    lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
    return lines.join('\n');
}

export function notes(results, instrument) {
    const lines = ['All in ms. "apart": any two players, by what they claim, once 5 s of playing are over; tests/README.md says more.'];
    for (const { scenario, analysis, skipped, stall, error, relay, load } of results) {
        if (skipped) lines.push(`${scenario.title}: skipped, ${skipped}`);
        if (error) lines.push(`${scenario.title}: ended early, ${error}`);
        if (!analysis) continue;
        const { own, ownSigned, pixels, sound, done, stops } = analysis;
        lines.push(`${scenario.title}: ${number(analysis.seconds, 0)} s of playing in ${analysis.stretches} stretches; against the party's own line `
            + `p50 ${number(own.p50)}, p95 ${number(own.p95)} (median ${number(ownSigned.p50)}); from the first to stop to the last p50 ${number(stops.p50)}, max ${number(stops.max)}; `
            + `at another speed at all ${share(done.other)}; frames read ${pixels.read}, unread ${pixels.unread}, `
            + `not the one named ${pixels.other}, never shown ${share(done.hidden)}; sound strays from the claim p95 ${number(sound.strays.p95)}, `
            + `max ${number(sound.strays.max)}; relay late p99 ${number(relay?.p99, 2)}, max ${number(relay?.max, 2)}; load of the machine ${number(load)}`);
        const peers = PEERS[scenario.peers];
        if (peers) lines.push(`    Syncplay 1.7 with two mpv, same delay: apart ${peers.standing} while playing, pause to pause ${peers.pause}`);
        for (const one of stall ?? []) {
            lines.push(`    ${one.what}: ${one.who.map(({ name, lost, pauses, seeks }) => `${name} lost ${number(lost, 0)} (${pauses} pauses, ${seeks} seeks)`).join('; ')}; `
                + `together again ${number(one.together, 0)} after it was over`);
        }
    }
    if (instrument) {
        const { noise, moveError, againstClaim, clockBounds, starts } = instrument;
        const all = (figures, key) => WITNESSES.map((one) => `${one} ${number(figures[one][key], 2)}`).join(', ');
        lines.push(`Instrument: moved by ${number(starts[0].moved)} ms, wrong by at most ${all(moveError, 'max')}; noise while nothing changes (p95) ${all(noise, 'p95')}; `
            + `how far apart two windows are, against the claim, at most ${all(againstClaim, 'max')} (a step of the screen is 16.7); clocks of the windows known to `
            + `${number(Math.max(...clockBounds), 2)}`);
    }
    return lines.join('\n');
}

const COLOURS = ['#1b6ca8', '#d1495b', '#2e933c', '#edae49', '#6a4c93', '#00798c'];
const WIDTH = 1000;
const PANEL = { width: 440, height: 130, left: 50, top: 40 };
const REACH = 100; // ms up and down

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const text = (x, y, words, more = '') => `<text x="${x}" y="${y}" ${more}>${escape(words)}</text>`;

// Up and down on a scale that shows both one and a hundred milliseconds.
const bend = (value) => Math.sign(value) * Math.log1p(Math.min(Math.abs(value), REACH)) / Math.log1p(REACH);

function panel({ scenario, lines, names, analysis }, x, y) {
    const { width, height } = PANEL;
    const middle = y + height / 2;
    const longest = Math.max(10000, ...lines.flatMap((rows) => rows.map(([at]) => at)));
    const parts = [text(x, y - 8, scenario.title, 'font-weight="bold"'), `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="#fafafa" stroke="#ccc"/>`];
    for (const level of [-100, -40, -10, -3, 0, 3, 10, 40, 100]) {
        const at = middle - bend(level) * height / 2;
        parts.push(`<line x1="${x}" x2="${x + width}" y1="${at}" y2="${at}" stroke="${level === 0 ? '#999' : '#e4e4e4'}"/>`, text(x - 4, at + 3, String(level), 'text-anchor="end" font-size="9"'));
    }
    for (const rows of lines) {
        names.forEach((_, index) => {
            const points = rows.filter((row) => Number.isFinite(row[index + 1]))
                .map((row) => `${(x + (row[0] / longest) * width).toFixed(1)},${(middle - bend(row[index + 1]) * height / 2).toFixed(1)}`);
            if (points.length > 1) parts.push(`<polyline points="${points.join(' ')}" fill="none" stroke="${COLOURS[index % COLOURS.length]}" stroke-opacity="0.6"/>`);
        });
    }
    const { p50, p95, p99 } = analysis.apart.claim;
    parts.push(text(x + width - 4, y + height - 6, `p50 ${number(p50)}  p95 ${number(p95)}  p99 ${number(p99)} ms`, 'text-anchor="end"'));
    parts.push(text(x, y + height + 12, `0 to ${(longest / 1000).toFixed(0)} s after each start; ms from the middle of all`, 'font-size="9" fill="#666"'));
    return parts.join('\n');
}

// A picture for each scenario: how far every player was from the middle of all, after each start.
export function plot(results) {
    const done = results.filter((one) => one.analysis && one.lines.length > 0);
    const rows = Math.ceil(done.length / 2);
    const height = PANEL.top + rows * (PANEL.height + 50);
    const panels = done.map((one, index) => panel(one, PANEL.left + (index % 2) * (PANEL.width + 60), PANEL.top + Math.floor(index / 2) * (PANEL.height + 50)));
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" `
        + `font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>\n${panels.join('\n')}\n</svg>\n`;
}
