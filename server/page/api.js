// Where the server is, and its REST API. Knows no DOM beyond the page's own address.

import { say } from './language.js';
import { sentenceFor } from './words.js';

// The page stands at BASE/ or BASE/join/CODE, behind whatever path a proxy puts in front.
const found = /^(.*\/)join\/([^/]*)\/?$/.exec(location.pathname);
export const base = found ? found[1] : location.pathname.replace(/[^/]*$/, '');

export function codeInAddress() {
    const match = /\/join\/([^/]+)\/?$/.exec(location.pathname);
    return match ? normaliseCode(decodeURIComponent(match[1])) : '';
}

export function normaliseCode(text) {
    return text.toUpperCase().replace(/[^0-9A-Z]/g, '');
}

// 4 to 8 of the characters that codes are made of.
const CODE = /^[2-9A-HJKMNP-TV-Z]{4,8}$/;

// What somebody has typed or pasted to come in: a code, or the link of a party, be it an invitation or not. null for
// anything else.
export function readWayIn(text) {
    const link = /\/join\/([^/?#\s]+)\/?(?:\?[^#\s]*)?(?:#(\S*))?/.exec(text);
    const code = normaliseCode(link ? link[1] : text);
    const invitation = new URLSearchParams(link?.[2] ?? '').get('invite') ?? '';
    return CODE.test(code) ? { code, invitation } : null;
}

export function showCode(code) {
    return code.replace(/(.{4})(?=.)/g, '$1-');
}

// With the token of an invitation behind the #, which a browser never sends to a server.
export function joinPath(code, invitation) {
    return `${base}join/${code}${invitation ? `#invite=${encodeURIComponent(invitation)}` : ''}`;
}

export function joinLink(code, invitation) {
    return new URL(joinPath(code, invitation), location.href).href;
}

export function socketUrl() {
    const url = new URL(`${base}api/v1/syncplay/ws`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
}

// The address of a film for the player; '' for anything that is not one. The server's own begin with a slash.
export function filmUrl(text) {
    try {
        const url = text.startsWith('/') ? new URL(base + text.slice(1), location.href) : new URL(text);
        return ['http:', 'https:'].includes(url.protocol) ? url.href : '';
    } catch {
        return '';
    }
}

export class ApiError extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}

async function request(method, path, { body, token } = {}) {
    const headers = {};
    if (body) headers['Content-Type'] = 'application/json';
    if (token) headers.Authorization = `Bearer ${token}`;
    let response;
    try {
        response = await fetch(`${base}api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
    } catch {
        throw new ApiError(0, say('error.unreachable'));
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
        const { status } = response;
        const { code, detail: message = answer.title ?? say('error.status', { status }) } = answer;
        throw new ApiError(status, sentenceFor({ code, message }));
    }
    return answer;
}

// What is in a file of the media folder.
export async function loadBytes(url) {
    const response = await fetch(filmUrl(url)).catch(() => null);
    if (!response?.ok) throw new ApiError(response?.status ?? 0, say('error.unreachable'));
    return new Uint8Array(await response.arrayBuffer());
}

export const createUser = (name) => request('POST', 'users', { body: { name } });
export const getMe = (token) => request('GET', 'users/me', { token });
export const createSession = (token, session) => request('POST', 'syncplay/sessions', { body: session, token });
export const listParticipants = async (token, code) =>
    (await request('GET', `syncplay/sessions/${code}/participants`, { token })).participants ?? [];
export const listMedia = async () => (await request('GET', 'syncplay/media')).media ?? [];
// The film at a session's `url`, if it is of this server; else undefined.
export const findMedia = async (url) => (url.startsWith('/media/')
    ? (await request('GET', `syncplay/media?url=${encodeURIComponent(url)}`)).media?.[0] : undefined);
export const listFriends = async (token) => (await request('GET', 'syncplay/friends', { token })).friends ?? [];
export const putFriend = (token, userId) => request('PUT', `syncplay/friends/${userId}`, { token });
export const deleteFriend = (token, userId) => request('DELETE', `syncplay/friends/${userId}`, { token });
