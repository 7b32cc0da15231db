// A server with a certificate of its own, and the requests of those who trust it (or whoever else has one).

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { LIMIT_MS, Server } from './server.mjs';

// Two files, folder/name.pem and folder/name.key; returns their paths and the certificate's text.
export function makeCertificate(folder, name) {
    const certificate = join(folder, `${name}.pem`);
    const key = join(folder, `${name}.key`);
    execFileSync('openssl', [
        'req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', key, '-out', certificate,
        '-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
    ], { stdio: 'ignore' });
    return { certificate, key, text: readFileSync(certificate, 'utf8') };
}

// Like the global fetch, which cannot be told whom to trust.
export async function trustingFetch(trusted, url, { method = 'GET', headers = {}, body, localAddress } = {}) {
    const asked = request(url, { method, headers, ca: trusted, agent: false, localAddress, timeout: LIMIT_MS });
    asked.end(body);
    const [answer] = await once(asked, 'response');
    const parts = [];
    for await (const part of answer) parts.push(part);
    const isEmpty = [204, 304].includes(answer.statusCode);
    return new Response(isEmpty ? null : Buffer.concat(parts), { status: answer.statusCode, headers: answer.headers });
}

export class TlsServer extends Server {
    // The certificate is server.pair; the files are those in `settings`, too.
    static async start(settings = {}) {
        const server = new TlsServer(settings);
        server.pair = makeCertificate(server.folder, 'first');
        server.trusted = [server.pair.text];
        server.settings = { TLS_CERTIFICATE: server.pair.certificate, TLS_KEY: server.pair.key, ...settings };
        await server.start();
        return server;
    }

    get url() {
        return `https://127.0.0.1:${this.port}`;
    }

    get socketUrl() {
        return `wss://127.0.0.1:${this.port}/api/v1/syncplay/ws`;
    }

    fetch(url, options) {
        return trustingFetch(this.trusted, url, options);
    }

    isHealthy() {
        return this.fetch(`${this.url}/healthz`).then((response) => response.ok, () => false);
    }

    // A TLS connection without a request.
    async connect(options = {}) {
        const socket = connect({ host: '127.0.0.1', port: this.port, ca: this.trusted, ...options });
        await once(socket, 'secureConnect');
        return socket;
    }
}
