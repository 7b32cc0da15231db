// A reverse proxy that puts the server below a path, as people do with nginx. HTTP and WebSocket, nothing else. It is also
// a network that fails: cut() ends all connections and takes no more until mend().

import { once } from 'node:events';
import { createServer, request } from 'node:http';

export async function startProxy(server, path) {
    const target = (incoming) => ({
        host: '127.0.0.1',
        port: server.port,
        method: incoming.method,
        path: incoming.url.slice(path.length - 1),
        headers: incoming.headers,
    });
    const sockets = new Set();
    let isCut = false;
    const proxy = createServer((incoming, outgoing) => {
        if (!incoming.url.startsWith(path)) {
            outgoing.writeHead(404).end();
            return;
        }
        const inner = request(target(incoming), (answer) => {
            outgoing.writeHead(answer.statusCode, answer.headers);
            answer.pipe(outgoing);
        });
        inner.on('error', () => outgoing.destroy());
        incoming.pipe(inner);
    });
    proxy.on('upgrade', (incoming, socket) => {
        const inner = request(target(incoming));
        inner.on('error', () => socket.destroy());
        inner.on('upgrade', (answer, innerSocket, head) => {
            const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
            socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('')}\r\n`);
            socket.write(head);
            innerSocket.pipe(socket).pipe(innerSocket);
            for (const one of [socket, innerSocket]) one.on('error', () => one.destroy());
            socket.on('close', () => innerSocket.destroy());
        });
        inner.end();
    });
    proxy.on('connection', (socket) => {
        if (isCut) socket.destroy();
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    return {
        url: `http://127.0.0.1:${proxy.address().port}${path}`,
        cut() {
            isCut = true;
            for (const socket of sockets) socket.destroy();
        },
        mend() {
            isCut = false;
        },
        stop() {
            proxy.close();
            for (const socket of sockets) socket.destroy();
        },
    };
}
