// Who sits here. Either a guest, whose name and token are kept in this browser: a token that the server no longer knows
// is replaced by a new guest of the same name, without a question. Or a user whom the site around this page has signed
// in: then the token was given to this tab, and only that site can give another one.

import { ApiError, createUser, getMe } from './api.js';
import { givenToken } from './fragment.js';
import { say } from './language.js';

const KEY = 'syncplay.guest';

function read() {
    try {
        const guest = JSON.parse(localStorage.getItem(KEY));
        return typeof guest?.name === 'string' ? guest : null;
    } catch {
        return null; // storage forbidden, or not ours
    }
}

const given = givenToken();
let user = given ? { token: given } : read();

function keep(next) {
    user = next;
    try {
        localStorage.setItem(KEY, JSON.stringify(user));
    } catch {
        // Private windows may refuse; then it lasts as long as the page.
    }
}

export const isGiven = given !== '';
export const name = () => user?.name ?? '';
export const token = () => user?.token ?? '';
export const userId = () => user?.userId ?? '';

// Asks the server who was signed in; a guest knows it already.
export async function arrive() {
    if (!isGiven) return;
    const me = await withToken(getMe);
    user = { token: given, name: me.name, userId: me.user_id };
}

async function makeGuest(wanted) {
    try {
        const made = await createUser(wanted);
        keep({ name: made.name ?? wanted, token: made.token, userId: made.user_id });
    } catch (error) {
        if (error.status !== 403) throw error;
        throw new ApiError(401, say('sign_in.needed')); // no guests here
    }
    return user.token;
}

// Makes sure that there is a user, a guest by this name, and returns the token.
export async function enter(wanted) {
    if (isGiven || (user?.token && user.name === wanted)) return user.token;
    return makeGuest(wanted);
}

// The token was refused: a new guest of the same name.
export async function renew() {
    if (isGiven) throw new ApiError(401, say('sign_in.again'));
    const { name: wanted } = user;
    keep({ name: wanted });
    return makeGuest(wanted);
}

// Does `work` with the token. One that the server has forgotten is renewed, and the work done again.
export async function withToken(work) {
    try {
        return await work(token());
    } catch (error) {
        if (error.status !== 401) throw error;
        return work(await renew());
    }
}
