// Cases of RFC 6455, in the order in which the Autobahn suite has made them known (its sections 1 to 7, 9 and 10; there is no
// compression here, so none of 12 and 13). Where that suite has an echo, here a `ping` of the protocol, filled up to the length
// that is wanted, has its `pong`. Each row: what it is, the bytes as they are written, what the server says, in order; true if
// the client then closes with 1000, and has that answered.

import { BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, closing, frame } from '../server/raw.mjs';

// The servers of the tests let a message be this long.
export const LONGEST = 65536;

const DONE = 'close 1000';
export const BYE = frame(CLOSE, closing(1000));
const HELLO = '{"type":"ping","timestamp":1}';

// A message of exactly so many bytes.
export const filled = (length) => {
    const empty = '{"type":"ping","timestamp":1,"x":""}';
    return length < empty.length ? HELLO : empty.replace('""', `"${'x'.repeat(length - empty.length)}"`);
};

// These bytes as frames of so many bytes, with something between any two of them.
function fragments(message, size, between = []) {
    const bytes = Buffer.from(message);
    const parts = [];
    for (let at = 0; at < bytes.length; at += size) {
        if (at > 0) parts.push(...between);
        parts.push(frame(at === 0 ? TEXT : CONTINUATION, bytes.subarray(at, at + size), { fin: at + size >= bytes.length }));
    }
    return parts;
}

const single = (bytes) => [...Buffer.concat([bytes].flat())].map((byte) => Buffer.from([byte]));
const answered = (what, parts, ...said) => [what, [parts].flat(), [...said, DONE], true];
const failed = (what, parts, code) => [what, [parts].flat(), [`close ${code}`]];
const echo = 'text pong';

// --- 1: lengths of messages. 9: long ones. 10: in pieces ----------------------------------------------------------------

const LENGTHS = [36, 125, 126, 127, 128, 65535, LONGEST];
const lengths = [
    answered('an empty text', frame(TEXT, ''), 'text malformed'),
    answered('a text of 1 byte', frame(TEXT, '{'), 'text malformed'),
    ...LENGTHS.map((length) => answered(`a text of ${length} bytes`, frame(TEXT, filled(length)), echo)),
    ...[0, 1, 125, 126, 127, 128, 65535, LONGEST].map((length) => answered(`${length} bytes of binary`, frame(BINARY, Buffer.alloc(length, 0xfe)), 'text malformed')),
    ...[997, 16384].map((size) => answered(`${LONGEST} bytes written in pieces of ${size}`, cut(frame(TEXT, filled(LONGEST)), size), echo)),
    answered('a text byte by byte', single(frame(TEXT, filled(200))), echo),
    ...[LONGEST + 1, LONGEST + 2, 4 * LONGEST].map((length) => failed(`a text of ${length} bytes`, frame(TEXT, filled(length)), 1009)),
    failed(`${LONGEST + 1} bytes of binary`, frame(BINARY, Buffer.alloc(LONGEST + 1)), 1009),
    failed('too long in two fragments', fragments(filled(LONGEST + 1), LONGEST), 1009),
    ...[126, 1024, 32768].map((size) => answered(`${LONGEST} bytes in fragments of ${size}`, fragments(filled(LONGEST), size), echo)),
    failed('too long in fragments of 1024', fragments(filled(LONGEST + 1), 1024), 1009),
];

function cut(bytes, size) {
    const parts = [];
    for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
    return parts;
}

// --- 2: pings and pongs ---------------------------------------------------------------------------------------------------

const BINARIES = Buffer.from('00fffefdfcfb0000ff', 'hex');
const pings = [
    answered('an empty ping', frame(PING), 'pong 0:'),
    answered('a ping with a text', frame(PING, 'Hello'), `pong 5:${Buffer.from('Hello').toString('hex')}`),
    answered('a ping with any bytes', frame(PING, BINARIES), `pong 9:${BINARIES.toString('hex')}`),
    answered('a ping of 125 bytes', frame(PING, Buffer.alloc(125, 0xfe)), `pong 125:${'fe'.repeat(125)}`),
    answered('the same byte by byte', single(frame(PING, Buffer.alloc(125, 0xfe))), `pong 125:${'fe'.repeat(125)}`),
    failed('a ping of 126 bytes', frame(PING, Buffer.alloc(126, 0xfe)), 1002),
    failed('a pong of 126 bytes', frame(PONG, Buffer.alloc(126, 0xfe)), 1002),
    answered('a pong that nobody asked for', frame(PONG)),
    answered('one with a payload', frame(PONG, 'unasked')),
    answered('one, and a ping', [frame(PONG, 'unasked'), frame(PING, 'x')], 'pong 1:78'),
    answered('10 pings', Array.from({ length: 10 }, (_, at) => frame(PING, `${at}`)), ...Array.from({ length: 10 }, (_, at) => `pong 1:3${at}`)),
    answered('10 pings, byte by byte', single(Array.from({ length: 10 }, (_, at) => frame(PING, `${at}`))), ...Array.from({ length: 10 }, (_, at) => `pong 1:3${at}`)),
];

// --- 3 and 4: reserved bits and opcodes -----------------------------------------------------------------------------------

const reserved = [
    ...[1, 2, 3, 4, 5, 6, 7].flatMap((rsv) => [[TEXT, 'a text'], [BINARY, 'binary'], [PING, 'a ping'], [CLOSE, 'a close'], [PONG, 'a pong']].map(([opcode, what]) =>
        failed(`${what} with the reserved bits ${rsv}`, [frame(TEXT, HELLO), frame(opcode, opcode === CLOSE ? closing(1000) : 'x', { rsv }), frame(PING)], 1002))),
    failed('a continuation with a reserved bit', [frame(TEXT, '{', { fin: false }), frame(CONTINUATION, '}', { rsv: 4 })], 1002),
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
        failed(`the opcode ${opcode}, empty`, frame(opcode), 1002),
        failed(`the opcode ${opcode} after a message`, [frame(TEXT, HELLO), frame(opcode, 'x'), frame(PING)], 1002),
    ]),
];

// --- 5: fragments ---------------------------------------------------------------------------------------------------------

const half = HELLO.length >> 1;
const two = fragments(HELLO, half + 1);
const open = frame(TEXT, HELLO.slice(0, half), { fin: false });
const last = frame(CONTINUATION, HELLO.slice(half));
const loose = (fin) => frame(CONTINUATION, 'not a continuation', { fin });
const fragmented = [
    failed('a ping in two', [frame(PING, 'a', { fin: false }), frame(CONTINUATION, 'b')], 1002),
    failed('a pong in two', [frame(PONG, 'a', { fin: false }), frame(CONTINUATION, 'b')], 1002),
    answered('a text in two', two, echo),
    answered('the same, written at once', Buffer.concat(two), echo),
    answered('the same, byte by byte', single(two), echo),
    answered('a text in frames of one byte', fragments(HELLO, 1), echo),
    answered('with an empty frame first', [frame(TEXT, '', { fin: false }), frame(CONTINUATION, HELLO)], echo),
    answered('with empty frames between', fragments(HELLO, half + 1, [frame(CONTINUATION, '', { fin: false })]), echo),
    answered('with an empty frame last', [frame(TEXT, HELLO, { fin: false }), frame(CONTINUATION)], echo),
    answered('nothing, in three', [frame(TEXT, '', { fin: false }), frame(CONTINUATION, '', { fin: false }), frame(CONTINUATION)], 'text malformed'),
    answered('with a ping between', fragments(HELLO, half + 1, [frame(PING, 'p')]), 'pong 1:70', echo),
    answered('with a pong between', fragments(HELLO, half + 1, [frame(PONG, 'p')]), echo),
    answered('with pings between all, at once', Buffer.concat(fragments(HELLO, 8, [frame(PING, 'p')])), ...Array(3).fill('pong 1:70'), echo),
    answered('with pings between all, byte by byte', single(fragments(HELLO, 8, [frame(PING, 'p')])), ...Array(3).fill('pong 1:70'), echo),
    answered('binary in two, with a ping between', [frame(BINARY, 'ab', { fin: false }), frame(PING, 'p'), frame(CONTINUATION, 'c')], 'pong 1:70', 'text malformed'),
    ...[true, false].flatMap((fin) => [
        failed(`a continuation of nothing, fin ${fin}`, [loose(fin), frame(TEXT, HELLO)], 1002),
        failed(`the same, byte by byte, fin ${fin}`, single([loose(fin), frame(TEXT, HELLO)]), 1002),
        failed(`one after a message in two, fin ${fin}`, [...two, loose(fin), frame(TEXT, HELLO)], 1002),
    ]),
    failed('a text before the other has ended', [open, frame(TEXT, HELLO), last], 1002),
    failed('binary before a text has ended', [open, frame(BINARY, 'x'), last], 1002),
    failed('a second beginning', [open, open, last], 1002),
    failed('no mask', frame(TEXT, HELLO, { mask: false }), 1002),
    failed('no mask at a continuation', [open, frame(CONTINUATION, HELLO.slice(half), { mask: false })], 1002),
    ...[16, 64].map((form) => failed(`a short text with a length of ${form} bits`, frame(TEXT, HELLO, { form }), 1002)),
    failed('a middle text with a length of 64 bits', frame(TEXT, filled(300), { form: 64 }), 1002),
    failed('a length of more than 63 bits', frame(TEXT, '', { form: 64, length: -1 }), 1002),
];

// --- 6: UTF-8 -------------------------------------------------------------------------------------------------------------

const around = (middle) => Buffer.concat([Buffer.from('{"type":"ping","timestamp":1,"x":"'), middle, Buffer.from('"}')]);
const BEFORE = around(Buffer.alloc(0)).length - 2;
// The first and last characters of each length, those beside the surrogates, the noncharacters, and words.
const GOOD = ['00007f', '20', 'c280', 'dfbf', 'e0a080', 'ed9fbf', 'ee8080', 'efbfbd', 'efbfbf', 'efbfbe', 'f0908080', 'f48fbfbf', 'f09fbfbe', 'cebae1bdb9cf83cebcceb5', 'f09f98800af09f9880'.replace('0a', '')];
const BAD = [
    '80', 'bf', '80bf', '80bf80bf80bf', 'c0af', 'e080af', 'f08080af', 'f8808080af', 'fc80808080af', 'c1bf', 'e09fbf', 'f08fbfbf', 'f887bfbfbf', 'fc83bfbfbfbf',
    'c080', 'e08080', 'f0808080', 'c020', 'df20', 'e020', 'ef20', 'f020', 'f720', 'f820', 'fc20', 'c3', 'e282', 'f09f98', 'e28228', 'eda080', 'edadbf', 'edaebf', 'edb080',
    'edbfbf', 'eda080edb080', 'f4908080', 'f7bfbfbf', 'f888808080', 'fbbfbfbfbf', 'fc8480808080', 'fdbfbfbfbfbf', 'fe', 'ff', 'fefeffff', 'cebae1bdb9cf83cebcceb5eda080656469746564',
];
const splits = (hex) => {
    const bytes = around(Buffer.from(hex, 'hex'));
    return Array.from({ length: hex.length / 2 + 1 }, (_, index) => [BEFORE + index, [frame(TEXT, bytes.subarray(0, BEFORE + index), { fin: false }), frame(CONTINUATION, bytes.subarray(BEFORE + index))]]);
};
const utf8 = [
    ...GOOD.filter((hex) => !hex.startsWith('00')).flatMap((hex) => [
        answered(`the characters ${hex}`, frame(TEXT, around(Buffer.from(hex, 'hex'))), echo),
        answered(`${hex}, a byte a frame`, fragments(around(Buffer.from(hex, 'hex')), 1), echo),
        ...splits(hex).map(([at, parts]) => answered(`${hex}, split at ${at}`, parts, echo)),
    ]),
    ...BAD.flatMap((hex) => [
        failed(`the bytes ${hex}`, frame(TEXT, around(Buffer.from(hex, 'hex'))), 1007),
        ...splits(hex).map(([at, parts]) => failed(`${hex}, split at ${at}`, parts, 1007)),
    ]),
    // Told at once, before the message or even the frame is whole.
    failed('bad UTF-8 in a fragment, and no more', frame(TEXT, around(Buffer.from('eda080', 'hex')), { fin: false }), 1007),
    failed('bad UTF-8 in the beginning of a frame, and no more', frame(TEXT, around(Buffer.from('ff'.repeat(20), 'hex'))).subarray(0, 60), 1007),
    failed('a message that ends within a character', [frame(TEXT, around(Buffer.from('e282', 'hex')).subarray(0, BEFORE + 2), { fin: false }), frame(CONTINUATION)], 1007),
];

// --- 7: closing -----------------------------------------------------------------------------------------------------------

const RIGHT = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const WRONG = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535];
const closes = [
    ['a message, and a close, at once', [Buffer.concat([frame(TEXT, HELLO), BYE])], [echo, DONE]],
    ['two closes', [BYE, BYE], [DONE]],
    ['a ping after the close', [Buffer.concat([BYE, frame(PING, 'late')])], [DONE]],
    ['a text after the close', [Buffer.concat([BYE, frame(TEXT, HELLO)])], [DONE]],
    ['a close before a text has ended', [Buffer.concat([open, BYE, last])], [DONE]],
    ['a long message, and a close', [frame(TEXT, filled(LONGEST)), BYE], [echo, DONE]],
    ['a close without a payload', [frame(CLOSE)], ['close 1005']],
    failed('a close of one byte', frame(CLOSE, 'x'), 1002),
    ['a close with a reason', [frame(CLOSE, closing(1000, 'Hello'))], [DONE]],
    ['a close of 125 bytes', [frame(CLOSE, closing(1000, 'x'.repeat(123)))], [DONE]],
    failed('a close of 126 bytes', frame(CLOSE, closing(1000, 'x'.repeat(124))), 1002),
    failed('a close whose reason is not UTF-8', frame(CLOSE, Buffer.concat([closing(1000), Buffer.from('cebae1bdb9eda080', 'hex')])), 1007),
    ...RIGHT.map((code) => [`a close with ${code}`, [frame(CLOSE, closing(code))], [`close ${code}`]]),
    ...WRONG.map((code) => failed(`a close with ${code}`, frame(CLOSE, closing(code)), 1002)),
    ...WRONG.map((code) => failed(`a close with ${code} and a reason`, frame(CLOSE, closing(code, 'because')), 1002)),
];

export const CASES = { lengths, pings, 'reserved bits and opcodes': reserved, fragments: fragmented, 'UTF-8': utf8, closing: closes };
