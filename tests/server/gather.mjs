// A party with people in it: the way most tests begin.

import { Client } from './client.mjs';
import { guest, party } from './rest.mjs';

// Someone who comes in: a guest with a connection that has joined.
export async function enter(server, code, name) {
    const member = await guest(server, name);
    member.client = await Client.open(server, { token: member.token });
    member.entry = await member.client.join(code);
    return member;
}

// The first of the names is the host. When this returns, everyone has been told of everyone.
export async function gather(server, names, settings = {}) {
    const host = await guest(server, names[0]);
    const session = await party(host, settings);
    host.client = await Client.open(server, { token: host.token });
    host.entry = await host.client.join(session.code);
    const members = [host];
    for (const name of names.slice(1)) members.push(await enter(server, session.code, name));
    await settle(members);
    return { session, code: session.code, members };
}

// Waits until everything that was said has reached everyone, and forgets it.
export async function settle(members) {
    for (const { client } of members) await client.settle();
    for (const { client } of members) {
        await client.settle();
        client.unread = [];
    }
}

export async function disperse(members) {
    await Promise.all(members.map(({ client }) => client.close()));
}

// All say that they are ready; returns when all know.
export async function getReady(members) {
    for (const { client } of members) client.send({ type: 'ready', buffered_ms: 5000 });
    await settle(members);
}

// Sends a command from one member, and returns what each got: the same `command`, one each.
export async function command(members, from, message, matches = () => true) {
    from.client.send(message);
    return Promise.all(members.map(({ client }) => client.next('command', matches)));
}

// Everyone ready at this place, and the film running: the `play` that all have got.
export async function playing(members, position = 0) {
    const [host] = members;
    await command(members, host, { type: 'seek', position_ms: position });
    await getReady(members);
    const [play] = await command(members, host, { type: 'play' });
    return play;
}
