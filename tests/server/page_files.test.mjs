// The page's files as the server sends them: packed for those who take that, and told apart.

import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { root, Server } from './server.mjs';

const folder = join(root, 'server', 'page');

let server;
before(async () => (server = await Server.start()));
after(() => server.finish());

// As it comes: Node's own http unpacks nothing.
async function get(path, headers = {}) {
    const [answer] = await once(request(server.url + path, { headers }).end(), 'response');
    const parts = [];
    for await (const part of answer) parts.push(part);
    return { status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts) };
}

test('each file comes as it is, and packed to those who take gzip', async () => {
    for (const name of readdirSync(folder)) {
        const path = name === 'index.html' ? '/' : `/${name}`;
        const file = readFileSync(join(folder, name));
        const plain = await get(path);
        assert.deepEqual([plain.status, plain.headers['content-encoding'], plain.headers.vary], [200, undefined, 'Accept-Encoding'], name);
        assert.ok(plain.bytes.equals(file), name);
        const packed = await get(path, { 'accept-encoding': 'br, gzip' });
        assert.deepEqual([packed.status, packed.headers['content-encoding']], [200, 'gzip'], name);
        assert.ok(gunzipSync(packed.bytes).equals(file), name);
        assert.equal(packed.headers['content-type'], plain.headers['content-type']);
        assert.notEqual(packed.headers.etag, plain.headers.etag, 'caches keep them apart');
    }
});

test('who has it already gets no more than a word', async () => {
    const { headers } = await get('/main.js', { 'accept-encoding': 'gzip' });
    const again = await get('/main.js', { 'accept-encoding': 'gzip', 'if-none-match': headers.etag });
    assert.deepEqual([again.status, again.bytes.length, again.headers['content-encoding'], again.headers.vary], [304, 0, undefined, 'Accept-Encoding']);
    const other = await get('/main.js', { 'if-none-match': headers.etag });
    assert.deepEqual([other.status, other.headers['content-encoding']], [200, undefined]);
});
