// A receiver of webhooks: checks each one, answers as the test says, and keeps what it has taken.

import { strict as assert } from 'node:assert';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Checker } from './openapi.mjs';
import { LIMIT_MS } from './server.mjs';

export const SECRET = 'of these tests alone';

const checker = new Checker();

export class HookReceiver {
    // `answer` is called with each attempt and the response; without it, everything is taken.
    static async start(answer, server = createServer()) {
        const receiver = new HookReceiver(answer, server);
        server.on('request', (request, response) => {
            receiver.receive(request, response).catch((error) => {
                receiver.errors.push(error);
                response.writeHead(400).end();
            });
        });
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        return receiver;
    }

    constructor(answer, server) {
        Object.assign(this, { answer, server, attempts: [], taken: [], waiting: [], errors: [] });
    }

    get url() {
        return `http://127.0.0.1:${this.server.address().port}/hook?token=in-the-url`;
    }

    async receive(request, response) {
        const parts = [];
        for await (const part of request) parts.push(part);
        const attempt = { headers: request.headers, path: request.url, text: String(Buffer.concat(parts)) };
        attempt.body = JSON.parse(attempt.text);
        this.check(request, attempt);
        response.on('finish', () => {
            if (response.statusCode >= 200 && response.statusCode < 300) this.taken.push(attempt.body);
            this.wake();
        });
        this.attempts.push(attempt);
        if (this.answer) this.answer(attempt, response);
        else response.writeHead(204).end();
        this.wake();
    }

    check({ method }, { headers, text, body }) {
        const timestamp = headers['x-syncplay-timestamp'];
        const right = createHmac('sha256', SECRET).update(`${timestamp}.${text}`).digest('hex');
        assert.equal(method, 'POST');
        assert.equal(headers['x-syncplay-signature'], `v1=${right}`);
        assert.match(timestamp, /^\d{10}$/);
        assert.equal(headers['content-type'], 'application/json');
        assert.match(headers['user-agent'], /^syncplay-server\/\d+\.\d+\.\d+$/);
        assert.equal(headers['x-syncplay-event'], body.event);
        assert.equal(headers['x-syncplay-delivery'], body.id);
        const validate = checker.validator('/components/schemas/Webhook');
        assert.ok(validate(body), `${JSON.stringify(validate.errors)}\n${text}`);
    }

    wake() {
        for (const look of [...this.waiting]) look();
    }

    // Resolves when this is true.
    until(isSo) {
        return new Promise((resolve, reject) => {
            const end = (settle, value) => {
                clearTimeout(timer);
                this.waiting = this.waiting.filter((other) => other !== look);
                settle(value);
            };
            const look = () => {
                if (this.errors.length > 0) end(reject, this.errors[0]);
                else if (isSo(this)) end(resolve);
            };
            const timer = setTimeout(() => end(reject, new Error(`never so, after ${JSON.stringify(this.story())}`)), LIMIT_MS);
            this.waiting.push(look);
            look();
        });
    }

    // What was taken about one session, or all, in order: "participant.left Ben kicked".
    story(session) {
        return this.taken
            .filter((body) => session === undefined || body.session.id === session.id)
            .map(({ event, user, reason }) => [event, user?.name, reason].filter(Boolean).join(' '));
    }

    // Waits until that many were taken about a session, and tells them.
    async told(session, count) {
        await this.until(() => this.story(session).length >= count);
        return this.story(session);
    }

    stop() {
        this.server.close();
        this.server.closeAllConnections?.();
    }
}
