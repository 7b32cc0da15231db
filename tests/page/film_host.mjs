// Another web server with one film, of which a browser that calls itself slow gets only the first part until it is told to go
// on. By its name, because what is caught on its way in the browser is not every request that a player makes.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const FIRST_PART = 0.08;
export const SLOW = 'slow';

export async function startFilmHost(file) {
    const film = readFileSync(file);
    const end = Math.floor(film.length * FIRST_PART);
    let letThrough;
    const gate = new Promise((resolve) => (letThrough = resolve));
    const host = createServer(async (request, response) => {
        const isSlow = request.headers['user-agent'] === SLOW;
        const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
        response.writeHead(206, {
            'Content-Type': 'video/webm',
            'Accept-Ranges': 'bytes',
            'Content-Range': `bytes ${start}-${film.length - 1}/${film.length}`,
            'Content-Length': film.length - start,
        });
        if (isSlow) {
            response.write(film.subarray(start, Math.max(start, end)));
            await gate;
        }
        response.end(film.subarray(isSlow ? Math.max(start, end) : start));
    });
    host.listen(0, '127.0.0.1');
    await once(host, 'listening');
    const url = `http://127.0.0.1:${host.address().port}/film.webm`;
    return {
        url,
        letThrough,
        stop() {
            letThrough();
            host.close();
            host.closeAllConnections();
        },
    };
}
