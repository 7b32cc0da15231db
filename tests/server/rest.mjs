// The REST API as one person uses it. With a checker (openapi.mjs), every answer is compared with the document.

import { strict as assert } from 'node:assert';

const BASE = '/api/v1/syncplay';

export class Rest {
    // `from` is the address that a proxy would name as the client's.
    constructor(server, { token, checker, from } = {}) {
        Object.assign(this, { server, token, checker, from });
    }

    // `body` is sent as JSON, text as it is. The answer: { status, headers, body }.
    async request(method, path, { body, token = this.token, headers = {} } = {}) {
        const all = { ...(this.from && { 'x-forwarded-for': this.from }), ...headers };
        if (body !== undefined && !('content-type' in all)) all['content-type'] = 'application/json';
        if (token && !('authorization' in all)) all.authorization = `Bearer ${token}`;
        const response = await (this.server.fetch?.bind(this.server) ?? fetch)(this.server.url + path, {
            method,
            headers: all,
            body: body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
        });
        const text = await response.text();
        const type = response.headers.get('content-type') ?? '';
        const answer = { status: response.status, headers: response.headers, text, type };
        answer.body = /json/.test(type) && text !== '' ? JSON.parse(text) : text;
        this.checker?.check(method, path, answer);
        return answer;
    }

    sessions(body, options) {
        return this.request('POST', `${BASE}/sessions`, { body, ...options });
    }

    session(code, options) {
        return this.request('GET', `${BASE}/sessions/${code}`, options);
    }

    end(code, options) {
        return this.request('DELETE', `${BASE}/sessions/${code}`, options);
    }

    // Something of a session, such as of(code, 'PUT', '/bans/...').
    of(code, method, path = '', body = undefined, options = {}) {
        return this.request(method, `${BASE}/sessions/${code}${path}`, { body, ...options });
    }

    join(code, options) {
        return this.request('POST', `${BASE}/sessions/${code}/join`, options);
    }

    leave(code, options) {
        return this.request('POST', `${BASE}/sessions/${code}/leave`, options);
    }

    participants(code, options) {
        return this.request('GET', `${BASE}/sessions/${code}/participants`, options);
    }
}

// A new guest of the server, with a REST client of their own: { user_id, name, token, rest }.
export async function guest(server, name, options = {}) {
    const { status, body } = await new Rest(server, options).request('POST', '/api/v1/users', { body: { name } });
    if (status !== 201) throw new Error(`no guest: ${status} ${JSON.stringify(body)}`);
    return { ...body, rest: new Rest(server, { ...options, token: body.token }) };
}

export const FILM = { content_type: 'movie', content_id: '0190163d-8694-739b-aea5-966c26f8ad91' };

// A session of this guest; returns the 201's body.
export async function party(host, settings = {}) {
    const { status, body } = await host.rest.sessions({ ...FILM, visibility: 'public', ...settings });
    if (status !== 201) throw new Error(`no session: ${status} ${JSON.stringify(body)}`);
    return body;
}

// The answer refuses, in the form of RFC 9457, with a sentence that holds `words`.
export function refused({ status, type, headers, body }, expected, words = /./) {
    assert.equal(status, expected, JSON.stringify(body));
    assert.match(type, /^application\/problem\+json/);
    assert.equal(body.status, expected);
    assert.match(body.title, /./);
    assert.match(body.detail, words);
    if (status === 401) assert.match(headers.get('www-authenticate'), /^Bearer/);
    return body;
}
