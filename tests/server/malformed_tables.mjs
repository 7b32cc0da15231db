// What nobody should send: JSON messages, frames, HTTP requests. Each row: what it is, the bytes, what must be answered.

import { BINARY, CLOSE, CONTINUATION, PING, TEXT, closing, frame } from './raw.mjs';

const NOT_NUMBERS = ['"1"', 'true', '[]', '{}'];
const NOT_TEXTS = ['1', 'true', '[]', '{}'];
const NOT_BOOLS = ['1', '"true"', '[]', '{}'];
const NOT_IDS = [...NOT_TEXTS, '""', '"me"', '"0190163d-8694-739b-aea5-966c26f8ad9"', '"0190163d-8694-739b-aea5-966c26f8ad91x"'];
const NOT_POSITIONS = [...NOT_NUMBERS, '-1', '-0.001', '1e999', '-1e999', '1e300', '9007199254741', '123456789012345678901234567890'];
const text = (length, letter = 'x') => JSON.stringify(letter.repeat(length));

// --- Messages -----------------------------------------------------------------------------------------------------

// [type, the other fields it needs, field, is it required, values that it must not have]
const FIELDS = [
    ['join', '', 'session_code', true, [...NOT_TEXTS, '""', '"--- ---"', '"ÄÖÜßÄÖÜß"', text(200)]],
    ['play', '', 'position_ms', false, NOT_POSITIONS],
    ['pause', '', 'position_ms', false, NOT_POSITIONS],
    ['seek', '', 'position_ms', true, NOT_POSITIONS],
    ['speed', '', 'playback_speed', true, [...NOT_NUMBERS, '0', '-1', '0.2', '4.1', '1e999', '1e300']],
    ['ready', '', 'buffered_ms', true, [...NOT_NUMBERS, '-1', '1e999', '-1e300']],
    ['ready', '"buffered_ms":1,', 'is_ready', false, NOT_BOOLS],
    ['ready', '"buffered_ms":1,', 'revision', false, ['"1"', '-1', '1.5', '1e999', '[]']],
    ['chat', '', 'message', true, [...NOT_TEXTS, '""', text(501), text(501, '\u{1f600}')]],
    ['chat', '"message":"x",', 'id', false, [...NOT_TEXTS, text(65)]],
    ['typing', '', 'typing', false, NOT_BOOLS],
    ['react', '', 'reaction', true, [...NOT_TEXTS, '""', '" "', '"word"', '"1"', '"\\n"', '"\\u200d"', text(11, '\u{1f600}'), text(500)]],
    ['ping', '', 'timestamp', true, [...NOT_NUMBERS, '1e999', '-1e999']],
    ['ping', '"timestamp":1,', 'drift_ms', false, [...NOT_NUMBERS, '86400000.001', '-86400001', '1e999', '-1e300']],
    ['ping', '"timestamp":1,', 'error_ms', false, [...NOT_NUMBERS, '-0.001', '600000.001', '1e999']],
    ['ping', '"timestamp":1,', 'start_ms', false, [...NOT_NUMBERS, '-1', '5000.001', '1e300']],
    ['ping', '"timestamp":1,', 'revision', false, [...NOT_NUMBERS, '-1', '1.5', '1e999']],
    ['wait', '', 'excused', true, NOT_BOOLS],
    ['wait', '"excused":true,', 'user_id', false, NOT_IDS],
    ...['admit', 'deny', 'kick', 'host'].map((type) => [type, '', 'user_id', true, NOT_IDS]),
    ['settings', '', 'visibility', false, [...NOT_TEXTS, '""', '"secret"', '"PUBLIC"']],
    ['settings', '', 'control', false, [...NOT_TEXTS, '"nobody"']],
    ['settings', '', 'max_participants', false, [...NOT_NUMBERS, '0', '-1', '1.5', '1e999', '100000']],
    ['settings', '', 'chat_enabled', false, NOT_BOOLS],
    ['content', '"content_type":"movie",', 'content_id', true, NOT_IDS],
    ['content', '"content_id":"0190163d-8694-739b-aea5-966c26f8ad91",', 'content_type', true, [...NOT_TEXTS, '""', text(51)]],
    ['seek', '"position_ms":1,', 'command_id', false, [...NOT_TEXTS, '""', text(65)]],
    ['seek', '"position_ms":1,', 'revision', false, [...NOT_NUMBERS, '-1', '1.5', '1e999']],
];

const fieldRows = FIELDS.flatMap(([type, others, field, isRequired, values]) => [
    ...values.map((value) => [`${type}.${field} ${value.slice(0, 40)}`, `{"type":"${type}",${others}"${field}":${value}}`, ['bad_field', 'too_large', 'not_found', 'already_joined'], field]),
    ...(isRequired ? [[`${type} without ${field}`, `{${others}"type":"${type}"}`, ['bad_field'], field]] : []),
]);

const TYPES = ['1', 'null', '[]', '{}', 'true', '""', '"x"', '"JOIN"', '"play "', '"__proto__"', '"constructor"', '"hello, world"', text(1000)];
const typeRows = TYPES.map((type) => [`the type ${type.slice(0, 40)}`, `{"type":${type}}`, ['unknown_type', 'bad_field', 'malformed'], undefined]);

const NOT_JSON = [
    '', ' ', 'x', '{', '}', '[', ']', '{}', '[]', 'null', 'true', '1', '"play"', '[{"type":"play"}]', '{"type":"play"', '{"type":"play"}}',
    '{"type":"play"}{"type":"play"}', '{"type":"play"} x', '{"type":"play",}', "{'type':'play'}", '{type:"play"}', '{"type" "play"}',
    '{"type":"play","position_ms":NaN}', '{"type":"play","position_ms":Infinity}', '{"type":"play","position_ms":-Infinity}',
    '{"type":"seek","position_ms":0x10}', '{"type":"seek","position_ms":+1}', '{"type":"seek","position_ms":--1}', '{"type":"seek","position_ms":1e}',
    '{"type":"seek","position_ms":}', '{"type":"seek","position_ms":1 2}', '{"type":"chat","message":"\\ud800"}', '{"type":"chat","message":"\\udc00x"}',
    '{"type":"chat","message":"\\ud800\\u0041"}', '{"type":"chat","message":"a\\u0000b"}', '{"type":"chat","message":"\\x41"}', '{"type":"chat","message":"\\u12"}',
    '{"type":"chat","message":"\\uzzzz"}', '{"type":"chat","message":"open', '{"type":"chat","message":"a\nb"}', '{"type":"chat","message":"a\u0000b"}',
    '{"type":"chat\\u0000","message":"x"}', '\ufeff{"type":"play"}', '// comment\n{"type":"play"}', '/**/{"type":"play"}',
    `{"type":"play","x":${'['.repeat(10000 / 2)}${']'.repeat(10000 / 2)}}`, '['.repeat(10000), '{"a":'.repeat(2000), `{"type":"play","x":[[[[[[1]]]]]]}`,
    `{"type":"play","x":${'-'.repeat(5000)}1}`,
];
const jsonRows = NOT_JSON.map((bytes) => [`the text ${JSON.stringify(bytes).slice(0, 60)}`, bytes, ['malformed', 'bad_field', 'too_large', 'unknown_type'], undefined]);

// [what, text, codes of the error, a word of its message]; the connection stays.
export const MESSAGES = [...fieldRows, ...typeRows, ...jsonRows];

// --- Frames -------------------------------------------------------------------------------------------------------

const NOT_UTF8 = ['80', 'bf', 'c080', 'c1bf', 'c3', 'c328', 'e08080', 'e28228', 'e282', 'eda080', 'edbfbf', 'f0808080', 'f09f98', 'f4908080', 'f8888080', 'fe', 'ff'];
const chat = (bytes) => Buffer.concat([Buffer.from('{"type":"chat","message":"'), bytes, Buffer.from('"}')]);
const play = '{"type":"play"}';
const big = (length) => `{"type":"chat","message":"${'x'.repeat(length)}"}`;
const start = frame(TEXT, '{"type":', { fin: false });

// [what, bytes, how it ends: codes of the close frame, or 'dropped']
export const FRAMES = [
    ['a frame without a mask', frame(TEXT, play, { mask: false }), [1002]],
    ['a ping without a mask', frame(PING, '', { mask: false }), [1002]],
    ...[1, 2, 3, 4, 5, 6, 7].map((rsv) => [`reserved bits ${rsv}`, frame(TEXT, play, { rsv }), [1002]]),
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => [`the opcode ${opcode}`, frame(opcode, play), [1002]]),
    ['a ping of 126 bytes', frame(PING, 'x'.repeat(126)), [1002]],
    ['a ping that claims 2^40 bytes', frame(PING, '', { length: 2 ** 40 }), [1002]],
    ['a close of 126 bytes', frame(CLOSE, closing(1000, 'x'.repeat(124))), [1002]],
    ['a ping in fragments', frame(PING, 'x', { fin: false }), [1002]],
    ['a close in fragments', frame(CLOSE, closing(1000), { fin: false }), [1002]],
    ['a continuation of nothing', frame(CONTINUATION, play), [1002]],
    ['a first fragment that is a continuation', frame(CONTINUATION, play, { fin: false }), [1002]],
    ['a text inside of a text', [start, frame(TEXT, play)], [1002]],
    ['a binary inside of a text', [start, frame(BINARY, play)], [1002]],
    ['two beginnings', [start, start], [1002]],
    ['a continuation after the end', [start, frame(CONTINUATION, '"ping","timestamp":1}'), frame(CONTINUATION, 'x')], [1002]],
    ...[0, 1, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999].map((code) => [`a close with ${code}`, frame(CLOSE, closing(code)), [1002]]),
    ['a close of one byte', frame(CLOSE, 'x'), [1002, 1005]],
    ['a close whose reason is not UTF-8', frame(CLOSE, Buffer.concat([closing(1000), Buffer.from('ff', 'hex')])), [1002, 1007]],
    ...NOT_UTF8.map((hex) => [`text with the bytes ${hex}`, frame(TEXT, chat(Buffer.from(hex, 'hex'))), [1007]]),
    ['text cut in the middle of a character', frame(TEXT, Buffer.from('7b22e282', 'hex')), [1007]],
    ['wrong UTF-8 over two fragments', [frame(TEXT, Buffer.from('e2', 'hex'), { fin: false }), frame(CONTINUATION, Buffer.from('2882', 'hex'))], [1007]],
    ['a length with its highest bit set', frame(TEXT, '', { length: -1, form: 64 }), [1002]],
    ['a claim of 2^40 bytes', frame(TEXT, 'x', { length: 2 ** 40 }), [1009]],
    ['a claim of 2^63 - 1 bytes', frame(TEXT, 'x', { length: (1n << 63n) - 1n }), [1009]],
    ['16,385 bytes', frame(TEXT, big(16385 - 28)), [1009]],
    ['a megabyte', frame(TEXT, big(1 << 20)), [1009]],
    ['a megabyte of binary', frame(BINARY, Buffer.alloc(1 << 20)), [1009]],
    ['a megabyte in fragments', [frame(TEXT, big(8000), { fin: false }), ...Array(130).fill(frame(CONTINUATION, 'x'.repeat(8000), { fin: false }))], [1009]],
    ['5 bytes with a length of 16 bits', frame(TEXT, 'hello', { form: 16 }), [1002]],
    ['5 bytes with a length of 64 bits', frame(TEXT, 'hello', { form: 64 }), [1002]],
    ['HTTP instead of frames', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', [1002]],
    ['TLS instead of frames', Buffer.from('16030102000100', 'hex'), [1002]],
    ['2,000 pings at once', Buffer.concat(Array(2000).fill(frame(PING, ''))), [1008, 1002]],
    ['5,000 fragments of nothing', Buffer.concat([start, ...Array(5000).fill(frame(CONTINUATION, '', { fin: false }))]), [1008, 1002]],
];

// Beginnings after which the client goes away: nobody is left to be answered.
export const HALF = [
    ['one byte of a header', frame(TEXT, play).subarray(0, 1)],
    ['a header without its mask', frame(TEXT, play).subarray(0, 2)],
    ['half a mask', frame(TEXT, play).subarray(0, 4)],
    ['half a message', frame(TEXT, play).subarray(0, 10)],
    ['half a long length', frame(TEXT, big(1000)).subarray(0, 3)],
    ['a text without an end', start],
    ['half a close', frame(CLOSE, closing(1000)).subarray(0, 7)],
    ['a message and a half', Buffer.concat([frame(TEXT, '{"type":"ping","timestamp":1}'), frame(TEXT, play).subarray(0, 9)])],
];

// --- HTTP ---------------------------------------------------------------------------------------------------------

export const SESSIONS = '/api/v1/syncplay/sessions';
export const USERS = '/api/v1/users';

const ID = '"content_id":"0190163d-8694-739b-aea5-966c26f8ad91"';
const TYPE = '"content_type":"movie"';
const bodyRows = (path, others, field, isRequired, values) => [
    ...values.map((value) => [`${field} ${value.slice(0, 40)}`, path, `{${others}"${field}":${value}}`, field]),
    ...(isRequired ? [[`no ${field}`, path, `{${others}"x":1}`, field]] : []),
];

// [what, path, body, the field that the answer names]: well-formed requests with the wrong JSON, answered with 400.
export const BODIES = [
    ...bodyRows(SESSIONS, `${TYPE},`, 'content_id', false, NOT_IDS),
    ...bodyRows(SESSIONS, `${ID},`, 'content_type', true, [...NOT_TEXTS, '""', text(51), '"a\\u0007b"']),
    ...bodyRows(SESSIONS, `${ID},${TYPE},`, 'visibility', false, [...NOT_TEXTS, '"secret"']),
    ...bodyRows(SESSIONS, `${ID},${TYPE},`, 'control', false, [...NOT_TEXTS, '"nobody"']),
    ...bodyRows(SESSIONS, `${ID},${TYPE},`, 'max_participants', false, [...NOT_NUMBERS, '0', '-1', '1.5', '1e999', '21', '4294967297']),
    ...bodyRows(SESSIONS, `${ID},${TYPE},`, 'chat_enabled', false, NOT_BOOLS),
    ...bodyRows(SESSIONS, `${ID},${TYPE},`, 'title', false, [...NOT_TEXTS, text(201)]),
    ...bodyRows(SESSIONS, `${ID},${TYPE},`, 'url', false, [...NOT_TEXTS, '""', '"javascript:alert(1)"', '"data:x"', '"/media/../x"', '"//host/x"', '"https://"', JSON.stringify(`https://x/${'x'.repeat(2000)}`)]),
    ...bodyRows(USERS, '', 'name', true, [...NOT_TEXTS, '""', text(33), '"   "', '"a\\nb"', '"\\u0007"']),
    ...['', ' ', '{', '[]', 'null', '1', '"x"', '{"name":"x"', '{"name":"x"}}', '{"name":"\\ud800"}', '{"name":"a\\u0000b"}', '{"name":NaN}', '{"name":"a\tb"}',
        '['.repeat(10000), '{"a":'.repeat(9000), `{"name":${'['.repeat(20)}${']'.repeat(20)}}`].map((body) => [
        `the body ${JSON.stringify(body).slice(0, 40)}`, USERS, body, undefined,
    ]),
    ...NOT_UTF8.slice(0, 8).map((hex) => [`a name with the bytes ${hex}`, USERS, Buffer.concat([Buffer.from('{"name":"x'), Buffer.from(hex, 'hex'), Buffer.from('"}')]), undefined]),
];

const post = (headers, body, path = USERS) => `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n${body}`;
const json = 'Content-Type: application/json\r\n';
const upgrade = (headers, method = 'GET') => `${method} /api/v1/syncplay/ws HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
const ws = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';
const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

// [what, bytes, statuses; 0 is a connection that is closed without an answer]: requests that are wrong as HTTP.
export const REQUESTS = [
    ['no content type', post('Content-Length: 12\r\n', '{"name":"x"}'), [415]],
    ['the content type of a form', post('Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n', 'name=x'), [415]],
    ['the content type text/plain', post('Content-Type: text/plain\r\nContent-Length: 12\r\n', '{"name":"x"}'), [415]],
    ['a form with files', post('Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 7\r\n', '--x--\r\n'), [415]],
    ['100,000 bytes', post(`${json}Content-Length: 100000\r\n`, `{"name":"${'x'.repeat(99989)}"}`), [413]],
    ['a claim of 2^62 bytes', post(`${json}Content-Length: 4611686018427387904\r\n`, '{}'), [413, 400]],
    ['a claim beyond 64 bits', post(`${json}Content-Length: 99999999999999999999999\r\n`, '{}'), [413, 400]],
    ['a negative length', post(`${json}Content-Length: -1\r\n`, '{"name":"x"}'), [400, 411]],
    ['a very negative length', post(`${json}Content-Length: -9223372036854775808\r\n`, '{"name":"x"}'), [400, 411]],
    ['a length that is no number', post(`${json}Content-Length: many\r\n`, '{"name":"x"}'), [400, 411]],
    ['two lengths', post(`${json}Content-Length: 12\r\nContent-Length: 3\r\n`, '{"name":"x"}'), [400]],
    ['two lengths in one', post(`${json}Content-Length: 12, 12\r\n`, '{"name":"x"}'), [400]],
    ['a length with a sign', post(`${json}Content-Length: +12\r\n`, '{"name":"x"}'), [400]],
    ['a length with a unit', post(`${json}Content-Length: 12x\r\n`, '{"name":"x"}'), [400]],
    ['a length of hexadecimal digits', post(`${json}Content-Length: 0xc\r\n`, '{"name":"x"}'), [400, 411]],
    ['a blank before the colon', post(`${json}Content-Length : 12\r\n`, '{"name":"x"}'), [400]],
    ['a blank before another colon', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Other\t: x\r\n\r\n', [400]],
    // The chunks count then, and the connection is closed after the answer: RFC 9112 allows that.
    ['a length and chunks', post(`${json}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n`, 'c\r\n{"name":"x"}\r\n0\r\n\r\n'), [400, 201]],
    ['no length at all', post(json, ''), [400, 411]],
    ['a body that is cut short', [post(`${json}Content-Length: 500\r\n`, '{"name":"x"}')], [400, 0], { finish: true }],
    ['a chunk of no size', post(`${json}Transfer-Encoding: chunked\r\n`, 'zz\r\n{"name":"x"}\r\n0\r\n\r\n'), [400, 411, 0]],
    ['a negative chunk', post(`${json}Transfer-Encoding: chunked\r\n`, '-5\r\n{"name":"x"}\r\n0\r\n\r\n'), [400, 411, 0]],
    ['a chunk that is too large', post(`${json}Transfer-Encoding: chunked\r\n`, 'ffffffffffffffff\r\n{"name":"x"}\r\n0\r\n\r\n'), [400, 411, 413, 0], { finish: true }],
    ['chunks without an end', post(`${json}Transfer-Encoding: chunked\r\n`, 'c\r\n{"name":"x"}\r\n'), [400, 411, 0], { finish: true }],
    ['chunks beyond the limit', post(`${json}Transfer-Encoding: chunked\r\n`, `20000\r\n{"name":"${'x'.repeat(0x20000 - 11)}"}\r\n0\r\n\r\n`), [400, 411, 413]],
    ['an unknown transfer encoding', post(`${json}Transfer-Encoding: gzip\r\n`, 'x'), [400, 411, 501]],
    ['a header of 100,000 bytes', post(`${json}X-Long: ${'x'.repeat(100000)}\r\nContent-Length: 12\r\n`, '{"name":"x"}'), [400, 413, 431, 0]],
    ['1,000 headers', post(`${json}${'X-Many: x\r\n'.repeat(1000)}Content-Length: 12\r\n`, '{"name":"x"}'), [400, 413, 431, 0]],
    ['an address of 20,000 bytes', `GET /${'x'.repeat(20000)} HTTP/1.1\r\nHost: x\r\n\r\n`, [400, 404, 413, 414, 431, 0]],
    ['no request line', '\r\n\r\n', [400, 0], { finish: true }],
    ['a request line of one word', 'GET\r\n\r\n', [400, 0], { finish: true }],
    ['nonsense', 'Hello, server!\r\n\r\n', [400, 405, 501, 0], { finish: true }],
    ['TLS', Buffer.from('16030100c8010000c40303', 'hex'), [400, 0], { finish: true }],
    ['an unknown version', 'GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n', [400, 505, 0], { finish: true }],
    ['an unknown method', `BREW ${SESSIONS} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, [400, 405, 501]],
    ['a header without a colon', 'GET /healthz HTTP/1.1\r\nHost: x\r\nno colon here\r\n\r\n', [400, 0], { finish: true }],
    ['a path with a zero byte', 'GET /api/v1/syncplay/sessions/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', [400, 401, 404]],
    ['a health check with a zero byte', 'GET /healthz%00x HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
    ['the page with a zero byte', 'GET /%00admin HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
    ['a whole address with a zero byte', 'GET http://x/healthz%00 HTTP/1.1\r\nHost: x\r\n\r\n', [400, 0], { finish: true }],
    ['a query with a zero byte', 'GET /healthz?x=%00 HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
    ['a path with a bad escape', 'GET /api/v1/syncplay/sessions/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', [400, 401, 404]],
    ['a token that is no header value', `GET ${SESSIONS}/X HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'\u00ff'.repeat(100)}\r\nConnection: close\r\n\r\n`, [400, 401]],
    ['another scheme', `GET ${SESSIONS}/X HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi\r\nConnection: close\r\n\r\n`, [401]],
    ['a token of 8,000 bytes', `GET ${SESSIONS}/X HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'a'.repeat(8000)}\r\nConnection: close\r\n\r\n`, [400, 401, 431]],
    ['no upgrade', upgrade('Connection: close\r\n'), [426]],
    ['an upgrade that a proxy has made to none', upgrade(`Upgrade: websocket\r\nConnection: close\r\n${key}Sec-WebSocket-Version: 13\r\n`), [426]],
    ['an upgrade without a key', upgrade(`${ws}Sec-WebSocket-Version: 13\r\n`), [400]],
    ['an upgrade with a key that is too short', upgrade(`${ws}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(21)}==\r\n`), [400]],
    ['an upgrade with a key of 5,000 bytes', upgrade(`${ws}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(5000)}\r\n`), [400]],
    ['an upgrade without a version', upgrade(`${ws}${key}`), [426]],
    ['an upgrade of another version', upgrade(`${ws}${key}Sec-WebSocket-Version: 8\r\n`), [426]],
    ['an upgrade by POST', upgrade(`${ws}${key}Sec-WebSocket-Version: 13\r\nContent-Length: 0\r\n`, 'POST'), [400, 404, 405]],
    ['an upgrade to something else', upgrade(`Upgrade: h2c\r\nConnection: Upgrade, close\r\n`), [400, 404, 405, 426]],
];
