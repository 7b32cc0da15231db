// The server under test: started with its own port, database and media folder; stopped, killed, started again.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const binary = resolve(root, process.env.SYNCPLAY_SERVER ?? join(process.env.BUILD ?? 'build', 'syncplay-server'));
export const LIMIT_MS = 20000;

// Of our own environment, the server sees nothing that is a setting; SYNCPLAY_TEST_... are for the tests.
export const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^SYNCPLAY_(?!TEST_)/.test(name)));

export async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

// Runs the program to its end; for those starts that are to fail.
export async function run(args = [], settings = {}, cwd = tmpdir()) {
    const child = spawn(binary, args, { cwd, env: { ...inherited, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
    const result = { stdout: '', stderr: '' };
    child.stdout.on('data', (bytes) => (result.stdout += bytes));
    child.stderr.on('data', (bytes) => (result.stderr += bytes));
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const [code, signal] = await once(child, 'close');
    clearTimeout(timer);
    return { ...result, code, signal };
}

// All tests come from one address, and some make many wrong guesses, users, parties and connections on purpose.
const GENEROUS = {
    GUEST_RATE_LIMIT: '1000/second', REQUEST_RATE_LIMIT: '10000/second', REQUEST_BURST: 10000, KNOCK_RATE_LIMIT: '1000/second',
    MAX_SESSIONS_PER_USER: 1000, MAX_CONNECTIONS_PER_USER: 1000, MAX_CONNECTIONS_PER_ADDRESS: 5000, GUESS_FREE: 100000,
    AWAY_AFTER: '0ms', // nobody waits for the news that somebody is away; return.test.mjs is about those who are back sooner
};

export class Server {
    // Settings are those of the environment, without the prefix: { CHAT_RATE_LIMIT: '100/second' }; undefined takes one away.
    // `environment` is the rest of it.
    static async start(settings = {}, environment = {}) {
        const server = new Server(settings, environment);
        await server.start();
        return server;
    }

    constructor(settings, environment = {}) {
        this.settings = settings;
        this.environment = environment;
        this.folder = mkdtempSync(join(tmpdir(), 'syncplay-server-'));
        this.media = join(this.folder, 'media');
        this.database = join(this.folder, 'syncplay.db');
        this.log = '';
        mkdirSync(this.media);
    }

    get url() {
        return `http://127.0.0.1:${this.port}`;
    }

    get socketUrl() {
        return `ws://127.0.0.1:${this.port}/api/v1/syncplay/ws`;
    }

    get isRunning() {
        return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
    }

    async start() {
        this.port ??= await freePort();
        const settings = {
            LISTEN: `127.0.0.1:${this.port}`, DATABASE: this.database, MEDIA: this.media, LOG_LEVEL: 'debug',
            ...GENEROUS, ...this.settings,
        };
        const given = Object.entries(settings).filter(([, value]) => value !== undefined);
        const variables = given.map(([name, value]) => [`SYNCPLAY_${name}`, String(value)]);
        this.child = spawn(binary, [], {
            cwd: this.folder,
            env: { ...inherited, ...this.environment, ...Object.fromEntries(variables) },
            stdio: ['ignore', 'ignore', 'pipe'],
        });
        this.child.stderr.on('data', (bytes) => (this.log += bytes));
        this.child.on('error', (error) => (this.log += `${error}\n`));
        const deadline = Date.now() + LIMIT_MS;
        while (!(await this.isHealthy())) {
            if (!this.isRunning || Date.now() > deadline) throw new Error(`the server did not start:\n${this.log}`);
            await new Promise((done) => setTimeout(done, 20));
        }
    }

    isHealthy() {
        return fetch(`${this.url}/healthz`).then((response) => response.ok, () => false);
    }

    // Waits until something that is to be in the log is there.
    async logged(pattern) {
        const deadline = Date.now() + LIMIT_MS;
        while (!pattern.test(this.log)) {
            if (Date.now() > deadline) throw new Error(`${pattern} is not in the log:\n${this.log.slice(-4000)}`);
            await new Promise((done) => setTimeout(done, 20));
        }
    }

    async end(signal) {
        const started = performance.now();
        if (!this.isRunning) return { code: this.child?.exitCode, signal: this.child?.signalCode, ms: 0 };
        const exited = once(this.child, 'exit');
        this.child.kill(signal);
        const timer = setTimeout(() => this.child.kill('SIGKILL'), LIMIT_MS);
        const [code, by] = await exited;
        clearTimeout(timer);
        return { code, signal: by, ms: performance.now() - started };
    }

    kill() {
        return this.end('SIGKILL');
    }

    stop() {
        return this.end('SIGTERM');
    }

    // The end of a suite. A server that has crashed before is a failure of whatever was tested.
    async finish() {
        const wasRunning = this.isRunning;
        const { code, signal } = await this.stop();
        rmSync(this.folder, { recursive: true, force: true });
        if (!wasRunning || signal) throw new Error(`the server ended by itself or had to be killed:\n${this.log.slice(-4000)}`);
        return code;
    }
}
