// The real server for one test run: its own port, database and media folder; it can be killed and started again.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = process.env.SYNCPLAY_SERVER ?? resolve(root, process.env.BUILD ?? 'build', 'syncplay-server');
// The server takes every SYNCPLAY_ variable for one of its settings.
const surroundings = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SYNCPLAY_')));
const START_TIMEOUT_MS = 20000;
const POLL_MS = 25;

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

export class Server {
    // `folder` is a scratch folder; `media` the films.
    constructor(folder, media) {
        Object.assign(this, { folder, media, log: '' });
    }

    get url() {
        return `http://127.0.0.1:${this.port}/`;
    }

    async start() {
        this.port ??= await freePort();
        const settings = {
            SYNCPLAY_LISTEN: `127.0.0.1:${this.port}`,
            SYNCPLAY_DATABASE: join(this.folder, 'syncplay.db'),
            SYNCPLAY_MEDIA: this.media,
        };
        const child = spawn(binary, [], {
            cwd: this.folder,
            env: { ...surroundings, ...settings },
            stdio: ['ignore', 'inherit', 'pipe'],
        });
        this.child = child;
        child.stderr.on('data', (bytes) => (this.log += bytes));
        child.on('error', (error) => (this.log += String(error)));
        const deadline = Date.now() + START_TIMEOUT_MS;
        while (!(await this.answers())) {
            if (Date.now() > deadline || child.exitCode !== null) throw new Error(`no server: ${this.log}`);
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
    }

    answers() {
        return fetch(`${this.url}healthz`).then((response) => response.ok, () => false);
    }

    async end(signal) {
        const { child } = this;
        if (!child || child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, 'exit');
        child.kill(signal);
        await exited;
    }

    kill() {
        return this.end('SIGKILL');
    }

    stop() {
        return this.end('SIGTERM');
    }
}
