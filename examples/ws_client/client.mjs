// A complete client of syncplay-server in the terminal: makes or joins a party, follows along, prints what happens.
//
//     npm install                                    (for WebSocket in Node 18 and 20; newer ones bring it along)
//     node client.mjs --name Ana                     makes a party and prints its code
//     node client.mjs --name Ben K7MPX2QD            joins it
//     ... --invitation TOKEN                         comes in by an invitation (what stands behind #invite= in its link)
//     ... --server https://films.example.org/party   where the server is; http://127.0.0.1:8080 otherwise
//
// Then type: play, pause, seek SECONDS, where, admit NAME, invite, react EMOJI, quit; any other line is chat. A connection that
// is lost is made again, as the same client: the others do not notice.
//
// There is no film here: this "player" has always buffered enough, so it is a clock that runs in step with the others.

import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        server: { type: 'string', default: 'http://127.0.0.1:8080' }, name: { type: 'string', default: 'Guest' },
        invitation: { type: 'string' },
    },
});
const api = options.server.replace(/\/$/, '') + '/api/v1';
const WebSocket = globalThis.WebSocket ?? (await import('ws').catch(() => fail('First: npm install'))).default;

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

// What we come back with after a lost connection: the token of our last join, and what we saw last.
const seat = {};

const on = {
    authenticated() {
        retries = 0;
        send({ type: 'join', session_code: code, ...(seat.resume_token ? seat : { invitation: options.invitation }) });
    },
    resumed: () => print('* back again'), // what we have missed follows
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
        if (message.action === 'requested') {
            const isMe = message.user.name === name;
            print(isMe ? '* waiting to be let in' : `* ${message.user.name} knocks: admit ${message.user.name}`);
        }
        else if (message.action !== 'ready') print(`* ${message.user.name}: ${message.action}`);
    },
    chat: (message) => print(`${message.user.name}: ${message.message}`),
    reaction: (message) => print(`${message.user.name} ${message.reaction}`),
    you: ({ you }) => print(`* you are ${you.role}, and may ${you.rights.join(', ')}`),
    invitation({ token, invitation }) {
        if (token) print(`* an invitation for a ${invitation.role}: --invitation ${token} ${code}`);
    },
    session: (message) => print(`* settings: ${message.session.visibility}, control by ${message.session.control}`),
    pong,
    error(message) {
        if (message.code === 'bad_resume_token') { // the seat was given up, or a copy of us has it: come in afresh
            delete seat.resume_token;
            return on.authenticated();
        }
        if (['auth', 'join'].includes(message.in_reply_to)) fail(message.message);
        print(`! ${message.message}`);
    },
    ended(message) {
        if (message.reason === 'shutdown') return print('* the server is restarting'); // we come back with it
        print(`* over: ${message.message ?? message.reason}`);
        quit();
    },
};

// --- Typing --------------------------------------------------------------------------------------------------------

function typed(line) {
    const [word, argument] = line.trim().split(/\s+/);
    if (word === 'play' || word === 'pause') send({ type: word });
    else if (word === 'seek' && Number(argument) >= 0) send({ type: 'seek', position_ms: Number(argument) * 1000 });
    else if (word === 'invite') send({ type: 'invite', uses: 1 });
    else if (word === 'admit') send({ type: 'admit', user_id: [...names].find(([, known]) => known === argument)?.[0] });
    else if (word === 'react' && argument) send({ type: 'react', reaction: argument });
    else if (word === 'where') print(`* ${playback.phase} at ${time(position())}`);
    else if (word === 'quit') { send({ type: 'leave' }); quit(); }
    else if (word) send({ type: 'chat', message: line.trim() });
}

// --- The connection ------------------------------------------------------------------------------------------------

const { token, name } = await post('/users', { name: options.name });
const code = positionals[0] ?? (await createParty(token));
print(`* you are ${name}; the code is ${code}`);

const RETRIES = 10;
let socket;
let socketIsUp = false;
let retries = 0;
const send = (message) => { if (socketIsUp) socket.send(JSON.stringify(message)); };

function connect() {
    socket = new WebSocket(api.replace(/^http/, 'ws') + '/syncplay/ws');
    socket.onopen = () => {
        socketIsUp = true;
        send({ type: 'auth', token });
        for (const delay of [0, 100, 250, 500]) setTimeout(ping, delay); // learn the clock quickly, then keep it
    };
    socket.onmessage = (event) => {
        const message = JSON.parse(event.data);
        if (message.resume_token) seat.resume_token = message.resume_token;
        if (message.cursor) seat.cursor = message.cursor;
        on[message.type]?.(message); // unknown types are ignored: a newer server may have more of them
    };
    socket.onerror = () => {}; // a close follows
    socket.onclose = () => {
        if (!socketIsUp && retries === 0) fail('The server cannot be reached.');
        socketIsUp = false;
        if (retries === RETRIES) fail('The connection is gone.');
        retries += 1;
        setTimeout(connect, 1000);
    };
}

connect();
setInterval(ping, 5000);

function quit() {
    socket.onclose = () => process.exit(0);
    socket.close();
}

const input = createInterface({ input: process.stdin });
input.on('line', typed);
input.on('close', () => { if (socketIsUp) quit(); });
