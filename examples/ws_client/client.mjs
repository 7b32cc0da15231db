// A complete client of syncplay-server in the terminal: makes or joins a party, follows along, prints what happens.
//
//     npm install                                    (for WebSocket in Node 18 and 20; newer ones bring it along)
//     node client.mjs --name Ana                     makes a party and prints its code
//     node client.mjs --name Ben K7MPX2QD            joins it
//     ... --server https://films.example.org/party   where the server is; http://127.0.0.1:8080 otherwise
//
// Then type: play, pause, seek SECONDS, where, quit; any other line is chat.
//
// There is no film here: this "player" has always buffered enough, so it is a clock that runs in step with the others.

import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: { server: { type: 'string', default: 'http://127.0.0.1:8080' }, name: { type: 'string', default: 'Guest' } },
});
const api = options.server.replace(/\/$/, '') + '/api/v1';
const WebSocket = globalThis.WebSocket ?? (await import('ws')).default;

const print = (text) => console.log(text);
const time = (ms) => `${Math.floor(ms / 60000)}:${(Math.floor(ms / 1000) % 60).toString().padStart(2, '0')}`;

function fail(text) {
    console.error(text);
    process.exit(1);
}

// --- REST: who we are, and a party ---------------------------------------------------------------------------------

async function post(path, body, token) {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
    const response = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) fail(`${path}: ${answer.detail ?? answer.title}`);
    return answer;
}

async function createParty(token) {
    const content = { content_type: 'movie', content_id: randomUUID(), title: 'A film in the terminal' };
    const session = await post('/syncplay/sessions', { ...content, visibility: 'public' }, token);
    return session.code;
}

// --- The server's clock --------------------------------------------------------------------------------------------

// Each ping and its pong say where the server's clock stands, give or take half the round trip: keep the best.
const clock = { offset: 0, roundTrip: Infinity, lastPong: null };
const localNow = () => performance.now();
const serverNow = () => localNow() + clock.offset;

function pong(message) {
    const roundTrip = localNow() - message.client_timestamp;
    if (roundTrip < clock.roundTrip) {
        clock.roundTrip = roundTrip;
        clock.offset = message.server_timestamp + roundTrip / 2 - localNow();
    }
    clock.lastPong = { server: message.server_timestamp, at: localNow() };
}

function ping() {
    const last = clock.lastPong;
    send({ type: 'ping', timestamp: localNow(), // and what the server needs to measure the round trip by itself:
           ...(last && { server_timestamp: last.server, held_ms: localNow() - last.at }) });
}

// --- Following along -----------------------------------------------------------------------------------------------

let playback = { is_playing: false, position_ms: 0, playback_speed: 1, server_time: 0, at: 0, revision: 0 };
const names = new Map(); // user_id -> name
const nameOf = (id) => names.get(id) ?? 'somebody';

function position() {
    const { is_playing, position_ms, playback_speed, server_time, at } = playback;
    return position_ms + (is_playing ? Math.max(0, serverNow() - Math.max(server_time, at)) * playback_speed : 0);
}

function follow(message) {
    if (message.type === 'command' && message.revision > playback.revision + 1) send({ type: 'state' }); // we missed one
    playback = { ...playback, ...message };
    if (message.phase === 'waiting') send({ type: 'ready', buffered_ms: 10000, revision: message.revision });
}

function waitingFor(message) {
    return message.waiting_for?.length ? `, waiting for ${message.waiting_for.map(nameOf).join(', ')}` : '';
}

const on = {
    authenticated: () => send({ type: 'join', session_code: code }),
    state(message) {
        for (const { user_id, name } of message.participants) names.set(user_id, name);
        follow(message);
        print(`* ${message.session.code}: ${message.session.title ?? 'a film'}, ${message.phase} at ${time(position())}, ` +
              `with ${message.participants.map((p) => p.name).join(', ')}`);
        send({ type: 'ready', buffered_ms: 10000 });
    },
    command(message) {
        follow(message);
        const who = message.by ? message.by.name : message.reason;
        print(`* ${message.action} at ${time(message.position_ms)} (${who})${waitingFor(message)}`);
    },
    participant(message) {
        names.set(message.user.user_id, message.user.name);
        if (message.action === 'requested') print(`* ${message.user.name} knocks`);
        else if (message.action !== 'ready') print(`* ${message.user.name}: ${message.action}`);
    },
    chat: (message) => print(`${message.user.name}: ${message.message}`),
    session: (message) => print(`* settings: ${message.session.visibility}, control by ${message.session.control}`),
    pong,
    error(message) {
        if (['auth', 'join'].includes(message.in_reply_to)) fail(message.message);
        print(`! ${message.message}`);
    },
    ended: (message) => { print(`* over: ${message.message ?? message.reason}`); quit(); },
};

// --- Typing --------------------------------------------------------------------------------------------------------

function typed(line) {
    const [word, argument] = line.trim().split(/\s+/);
    if (word === 'play' || word === 'pause') send({ type: word });
    else if (word === 'seek' && Number(argument) >= 0) send({ type: 'seek', position_ms: Number(argument) * 1000 });
    else if (word === 'where') print(`* ${playback.phase} at ${time(position())}`);
    else if (word === 'quit') { send({ type: 'leave' }); quit(); }
    else if (word) send({ type: 'chat', message: line.trim() });
}

// --- The connection ------------------------------------------------------------------------------------------------

const { token, name } = await post('/users', { name: options.name });
const code = positionals[0] ?? (await createParty(token));
print(`* you are ${name}; the code is ${code}`);

const socket = new WebSocket(api.replace(/^http/, 'ws') + '/syncplay/ws');
let socketIsUp = false;
const send = (message) => { if (socketIsUp) socket.send(JSON.stringify(message)); };

socket.onopen = () => {
    socketIsUp = true;
    send({ type: 'auth', token });
    for (const delay of [0, 100, 250, 500]) setTimeout(ping, delay); // learn the clock quickly, then keep it
    setInterval(ping, 5000);
};
socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    on[message.type]?.(message); // unknown types are ignored: a newer server may have more of them
};
socket.onerror = () => fail('The server cannot be reached.');
socket.onclose = () => fail('The connection is gone.');

function quit() {
    socket.onclose = () => process.exit(0);
    socket.close();
}

const input = createInterface({ input: process.stdin });
input.on('line', typed);
input.on('close', () => { if (socketIsUp) quit(); });
