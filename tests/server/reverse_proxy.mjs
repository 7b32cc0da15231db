// nginx and Caddy as Debian has them, in front of a server, with the files that we tell people to use: server/nginx.conf
// and server/Caddyfile. Nothing in them is changed but what whoever uses them would change, and the ports. Each is a
// process and a folder of its own.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMIT_MS, freePort, root } from './server.mjs';
import { makeCertificate, trustingFetch } from './tls.mjs';

// The file with each [text, other] replaced, which has to be there.
function adapted(file, changes) {
    return changes.reduce((text, [from, to]) => {
        if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
        return text.replaceAll(from, to);
    }, readFileSync(join(root, 'server', file), 'utf8'));
}

class ReverseProxy {
    // `path` is "/" or "/party/"; `more` is for nginx's http {}.
    static async start(server, path, more = '') {
        const proxy = new this();
        proxy.folder = mkdtempSync(join(tmpdir(), 'syncplay-proxy-'));
        proxy.pair = makeCertificate(proxy.folder, 'proxy');
        proxy.trusted = [proxy.pair.text];
        proxy.port = await freePort();
        proxy.origin = `https://127.0.0.1:${proxy.port}`;
        proxy.url = proxy.origin + path.slice(0, -1);
        proxy.socketUrl = `${proxy.url.replace('https', 'wss')}/api/v1/syncplay/ws`;
        proxy.log = '';
        const [program, args] = await proxy.prepare(server, path, more);
        // Of the environment, the proxy sees no home but its own folder.
        const env = { ...process.env, HOME: proxy.folder, XDG_DATA_HOME: proxy.folder, XDG_CONFIG_HOME: proxy.folder };
        proxy.child = spawn(program, args, { cwd: proxy.folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
        proxy.child.stderr.on('data', (bytes) => (proxy.log += bytes));
        proxy.child.on('error', (error) => (proxy.log += `${error}\n`));
        const deadline = Date.now() + LIMIT_MS;
        while (!(await proxy.fetch(`${proxy.url}/healthz`).then(({ status }) => status === 200, () => false))) {
            if (proxy.child.exitCode !== null || Date.now() > deadline) throw new Error(`no proxy:\n${proxy.log}`);
            await new Promise((done) => setTimeout(done, 20));
        }
        return proxy;
    }

    // The proxy, as somebody at another address of this machine reaches it.
    from(localAddress) {
        const { origin, url, socketUrl, trusted } = this;
        return {
            origin, url, socketUrl, options: { ca: trusted, localAddress },
            fetch: (asked, options) => trustingFetch(trusted, asked, { localAddress, ...options }),
        };
    }

    fetch(url, options) {
        return trustingFetch(this.trusted, url, options);
    }

    async stop() {
        if (this.child.exitCode !== null || this.child.signalCode !== null) return;
        const exited = once(this.child, 'exit');
        this.child.kill('SIGQUIT'); // both: no new requests, and those under way are ended
        const timer = setTimeout(() => this.child.kill('SIGTERM'), LIMIT_MS);
        await exited;
        clearTimeout(timer);
        rmSync(this.folder, { recursive: true, force: true });
    }
}

export class Nginx extends ReverseProxy {
    async prepare(server, path, more) {
        this.plainPort = await freePort();
        writeFileSync(join(this.folder, 'site.conf'), adapted('nginx.conf', [
            ['listen 80;', `listen 127.0.0.1:${this.plainPort};`],
            ['listen [::]:80;', ''],
            ['listen 443 ssl http2;', `listen 127.0.0.1:${this.port} ssl http2;`],
            ['listen [::]:443 ssl http2;', ''],
            ['films.example;', '127.0.0.1;'],
            ['/etc/letsencrypt/live/films.example/fullchain.pem', this.pair.certificate],
            ['/etc/letsencrypt/live/films.example/privkey.pem', this.pair.key],
            ['location /party/ {', `location ${path} {`],
            ['127.0.0.1:8080', `127.0.0.1:${server.port}`],
        ]));
        const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => {
            mkdirSync(join(this.folder, name));
            return `${name}_temp_path ${name};`;
        });
        // Each request, once it is over. `user` is for root alone, whose folder nobody else can read.
        writeFileSync(join(this.folder, 'nginx.conf'), `
            ${process.getuid() === 0 ? 'user root;' : ''}
            worker_processes 1;
            pid pid;
            error_log stderr warn;
            events {}
            http {
                ${folders.join(' ')}
                log_format seen escape=json '{"method":"$request_method","uri":"$request_uri","status":$status,'
                    '"protocol":"$server_protocol","range":"$http_range","scheme":"$scheme","upgrade":"$http_upgrade"}';
                access_log seen.log seen;
                ${more}
                include site.conf;
            }`);
        const args = ['-p', this.folder, '-c', join(this.folder, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off;'];
        return ['/usr/sbin/nginx', args];
    }

    // The requests that are over, once they are enough.
    async seen(isEnough) {
        for (;;) {
            const lines = readFileSync(join(this.folder, 'seen.log'), 'utf8').trim().split('\n');
            const requests = lines.map((line) => JSON.parse(line));
            if (isEnough(requests)) return requests;
            await new Promise((done) => setTimeout(done, 50));
        }
    }
}

// As the Caddyfile says it for a whole host.
const WHOLE_HOST = [
    ['redir /party /party/', ''],
    ['handle_path /party/* {\n\t\treverse_proxy 127.0.0.1:8080\n\t}', 'reverse_proxy 127.0.0.1:8080'],
];

export class Caddy extends ReverseProxy {
    async prepare(server, path) {
        const file = join(this.folder, 'Caddyfile');
        const site = adapted('Caddyfile', [
            ['films.example {', `${this.origin} {`],
            ['# tls internal', `tls ${this.pair.certificate} ${this.pair.key}`],
            ...(path === '/' ? WHOLE_HOST : [['/party', path.slice(0, -1)]]),
            ['127.0.0.1:8080', `127.0.0.1:${server.port}`],
        ]);
        writeFileSync(file, `{\n\tadmin off\n\tauto_https disable_redirects\n\tdefault_bind 127.0.0.1\n}\n${site}`);
        return ['/usr/bin/caddy', ['run', '--config', file, '--adapter', 'caddyfile']];
    }

    // What is in the file as people get it.
    static validate() {
        const folder = mkdtempSync(join(tmpdir(), 'syncplay-caddy-'));
        const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
        const args = ['validate', '--adapter', 'caddyfile', '--config', join(root, 'server', 'Caddyfile')];
        try {
            return execFileSync('/usr/bin/caddy', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    }
}
