// A party of two at the server on the default port, from the first request to the last word. Prints what is wrong.

import { strict as assert } from 'node:assert';
import { Client } from '../server/client.mjs';
import { guest, party } from '../server/rest.mjs';

const server = { url: 'http://127.0.0.1:8080', socketUrl: 'ws://127.0.0.1:8080/api/v1/syncplay/ws' };

const ana = await guest(server, 'Ana');
const ben = await guest(server, 'Ben');
const { code } = await party(ana);
const sockets = [];
for (const { token } of [ana, ben]) {
    const socket = await Client.open(server, { token });
    await socket.join(code);
    sockets.push(socket);
}
sockets[0].send({ type: 'chat', message: 'Hello' });
assert.equal((await sockets[1].next('chat')).message, 'Hello');
await Promise.all(sockets.map((socket) => socket.close()));
