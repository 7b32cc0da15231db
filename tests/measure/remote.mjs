// A member without a player: it makes parties, presses play, pause and seek, hears the commands, and is always ready. For
// parties of players that nobody can press buttons on. It also asks the server what time it is.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';
import { now } from './window.mjs';

const BUFFERED_MS = 60000;
const PINGS = 40;

async function post(url, path, body, token) {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
    const response = await fetch(`${url}api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
}

export class Remote {
    // Makes a guest and a party with the film at `film`, an address as the server lists it.
    static async create(url, name, film) {
        const remote = Object.assign(new Remote(), { url, name, heard: [], waiting: [] });
        remote.user = await post(url, 'users', { name });
        const session = { content_type: 'media', content_id: randomUUID(), visibility: 'public', title: 'Measure', url: film };
        const { code } = await post(url, 'syncplay/sessions', session, remote.user.token);
        remote.code = code;
        remote.socket = new WebSocket(`${url.replace('http', 'ws')}api/v1/syncplay/ws?code=${code}`, {
            headers: { Authorization: `Bearer ${remote.user.token}` }, perMessageDeflate: false,
        });
        remote.socket.on('message', (data) => remote.hear(JSON.parse(data), now()));
        await once(remote.socket, 'open');
        return remote;
    }

    say(message) {
        this.socket.send(JSON.stringify(message));
    }

    hear(message, at) {
        this.heard.push(message);
        if (message.type === 'pong') this.pong?.(message, at);
        if (message.revision !== undefined) this.say({ type: 'ready', buffered_ms: BUFFERED_MS, is_ready: true, revision: message.revision });
    }

    play() {
        this.say({ type: 'play' });
    }

    pause() {
        this.say({ type: 'pause' });
    }

    seek(seconds) {
        this.say({ type: 'seek', position_ms: seconds * 1000 });
    }

    get participants() {
        return this.heard.filter(({ type, action }) => type === 'participant' && action === 'joined').length;
    }

    // What is to be added to the server's times to get this machine's, and how wrong that can be.
    async clock() {
        let best = { bound: Infinity };
        for (let index = 0; index < PINGS; index += 1) {
            const sent = now();
            const answer = new Promise((resolve) => (this.pong = (message, at) => resolve([message.server_timestamp, at])));
            this.say({ type: 'ping', timestamp: index });
            const [theirs, at] = await answer;
            const bound = (at - sent) / 2;
            if (bound < best.bound) best = { offset: (sent + at) / 2 - theirs, bound };
        }
        return best;
    }

    close() {
        this.socket.terminate();
    }
}
