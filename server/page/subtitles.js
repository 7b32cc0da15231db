// Subtitles, SRT and WebVTT: from the bytes of a file to cues. Takes what people have, in whatever encoding and however
// untidy. Knows no DOM; what comes out is never HTML, but text as a WebVTT cue has it.

export const BYTES_MOST = 5 * 1024 * 1024;
export const CUES_MOST = 20000;
const TEXT_MOST = 2000;

// `code` is 'too_large' (BYTES_MOST), 'too_many' (CUES_MOST) or 'empty'.
export class SubtitlesError extends Error {
    constructor(code) {
        super(code);
        this.code = code;
    }
}

// --- Bytes to text

const MARKS = [
    { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
    { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
    { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
];

// What a mark at the beginning says; else UTF-8 if it is that, else what Windows wrote for a long time.
export function decode(bytes) {
    if (bytes.length > BYTES_MOST) throw new SubtitlesError('too_large');
    const mark = MARKS.find((one) => one.bytes.every((byte, index) => bytes[index] === byte));
    if (mark) return new TextDecoder(mark.encoding).decode(bytes);
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
        return new TextDecoder('windows-1252').decode(bytes);
    }
}

// --- Times

const TIME = String.raw`(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?`;
const TIMES = new RegExp(String.raw`^\s*${TIME}\s*-{1,2}>\s*${TIME}(?:\s+(.*))?$`);

const seconds = ([hours = 0, minutes, whole, part = '']) =>
    Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(part.padEnd(3, '0')) / 1000;

// "00:01:02,345 --> 00:01:04,000 line:0": { start, end, rest }, or null.
function readTimes(line) {
    const match = TIMES.exec(line);
    if (!match) return null;
    return { start: seconds(match.slice(1, 5)), end: seconds(match.slice(5, 9)), rest: match[9] ?? '' };
}

// --- WebVTT

const PERCENT = /^(\d{1,3}(?:\.\d+)?)%$/;
const percentOf = (value) => {
    const percent = Number(PERCENT.exec(value)?.[1] ?? NaN);
    return percent <= 100 ? percent : undefined;
};
const lineOf = (value) => (/^-?\d{1,3}$/.test(value) ? { line: Number(value), snapToLines: true }
    : percentOf(value) !== undefined ? { line: percentOf(value), snapToLines: false } : {});
const SETTINGS = {
    line: (value) => lineOf(value.split(',')[0]),
    position: (value) => ({ position: percentOf(value.split(',')[0]) }),
    size: (value) => ({ size: percentOf(value) }),
    align: (value) => ({ align: ['start', 'center', 'end', 'left', 'right'].find((one) => one === value) }),
    vertical: (value) => ({ vertical: ['rl', 'lr'].find((one) => one === value) }),
};

// "line:0 align:start": as VTTCue's properties have it; what is not understood is left out.
function readSettings(text) {
    const settings = {};
    for (const part of text.split(/\s+/)) {
        const [name, value = ''] = part.split(':');
        const read = Object.hasOwn(SETTINGS, name) ? SETTINGS[name](value) : {};
        for (const [key, one] of Object.entries(read)) if (one !== undefined) settings[key] = one;
    }
    return settings;
}

function readVtt(lines) {
    const cues = [];
    for (let index = 1; index < lines.length; index += 1) {
        const times = readTimes(lines[index]);
        if (!times) continue; // a name of a cue, a note, a style
        const text = [];
        while (index + 1 < lines.length && lines[index + 1].trim() && !readTimes(lines[index + 1])) text.push(lines[index += 1]);
        cues.push({ start: times.start, end: times.end, text: text.join('\n').slice(0, TEXT_MOST), settings: readSettings(times.rest) });
    }
    return cues;
}

// --- SRT

const TOP = /\{\\an[789]\}/;

// Italics, bold and underlined stay; all other tags go, and what is no tag is no tag for WebVTT either.
const tidy = (text) => text
    .replace(/\{\\[^{}]*\}/g, '')
    .replace(/<\/?font[^<>]*>/gi, '')
    .replace(/&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/&lt;(\/?)([ibu])&gt;/gi, (_, slash, name) => `<${slash}${name.toLowerCase()}>`);

// Everything between two lines of times is text, blank lines among it; but for a number above the second, if the file has those.
function readSrt(lines) {
    const at = lines.flatMap((line, index) => (readTimes(line) ? [index] : []));
    const isNumber = (index) => /^\s*\d+\s*$/.test(lines[index] ?? '');
    const isNumbered = isNumber(at[0] - 1);
    return at.map((index, cue) => {
        const next = at[cue + 1] ?? lines.length;
        const end = cue + 1 < at.length && isNumbered && isNumber(next - 1) ? next - 1 : next;
        const text = lines.slice(index + 1, end).map((line) => line.trim()).filter(Boolean).join('\n').slice(0, TEXT_MOST);
        const { start, end: until } = readTimes(lines[index]);
        return { start, end: until, text: tidy(text), settings: TOP.test(text) ? { line: 0, snapToLines: true } : {} };
    });
}

// --- Both

// The cues, sorted: [{ start, end, text, settings }], times in seconds.
export function parse(text) {
    const lines = text.replace(/^\ufeff/, '').replace(/\0/g, '').split(/\r\n|\r|\n/);
    const cues = (/^WEBVTT(?:\s|$)/.test(lines[0]) ? readVtt : readSrt)(lines)
        .filter(({ start, end, text: words }) => end > start && words.trim());
    if (cues.length > CUES_MOST) throw new SubtitlesError('too_many');
    if (cues.length === 0) throw new SubtitlesError('empty');
    return cues.sort((a, b) => a.start - b.start);
}
