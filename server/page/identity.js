// Who sits here: a guest's name and token, kept in this browser. A token that the server no longer knows is replaced
// by a new guest of the same name, without a question.

import { createUser } from './api.js';

const KEY = 'syncplay.guest';

function read() {
    try {
        const guest = JSON.parse(localStorage.getItem(KEY));
        return typeof guest?.name === 'string' ? guest : null;
    } catch {
        return null; // storage forbidden, or not ours
    }
}

let guest = read();

function keep(next) {
    guest = next;
    try {
        localStorage.setItem(KEY, JSON.stringify(guest));
    } catch {
        // Private windows may refuse; then it lasts as long as the page.
    }
}

export const name = () => guest?.name ?? '';
export const token = () => guest?.token ?? '';

// Makes sure that there is a guest of this name, and returns the token.
export async function enter(wanted) {
    if (guest?.token && guest.name === wanted) return guest.token;
    const user = await createUser(wanted);
    keep({ name: user.name ?? wanted, token: user.token, userId: user.user_id });
    return guest.token;
}

// The token was refused: a new guest of the same name.
export function renew() {
    keep({ name: guest.name });
    return enter(guest.name);
}
