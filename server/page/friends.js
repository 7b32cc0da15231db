// Who is this user's friend, or wants to be, as the server's REST API tells. Knows no DOM. A server without friends
// answers 404, and then nothing of this is offered.

import { deleteFriend, listFriends, putFriend } from './api.js';
import * as identity from './identity.js';

export class Friends {
    constructor() {
        this.listeners = [];
        this.all = new Map(); // user_id -> { user, status }
        this.isOn = false;
    }

    onChange(listener) {
        this.listeners.push(listener);
    }

    async load() {
        try {
            const list = identity.token() ? await listFriends(identity.token()) : [];
            this.all = new Map(list.map((one) => [one.user.user_id, one]));
            this.isOn = identity.token() !== '';
        } catch {
            this.isOn = false; // not here, or not now
        }
        for (const listener of this.listeners) listener();
    }

    // friends, requested (by this user), asks (the other one), or undefined
    statusOf(userId) {
        return this.all.get(userId)?.status;
    }

    // Those who ask this user.
    get asking() {
        return [...this.all.values()].filter((one) => one.status === 'asks').map((one) => one.user);
    }

    // Asks, or accepts; throws the server's sentence if that cannot be.
    async ask(userId) {
        await putFriend(identity.token(), userId);
        await this.load();
    }

    // Declines, takes back what was asked, or ends it.
    async end(userId) {
        await deleteFriend(identity.token(), userId);
        await this.load();
    }
}
