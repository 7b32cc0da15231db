// The page's modules in Node, without a browser: those that know no DOM. They speak English. Node 18 wants to be told that
// they are modules.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'syncplay-modules-'));
cpSync(fileURLToPath(new URL('../../server/page', import.meta.url)), folder, { recursive: true });
const vendored = process.env.VENDOR ?? fileURLToPath(new URL('../../build/vendor', import.meta.url));
for (const name of ['hls.js', 'qrcode.js']) cpSync(join(vendored, name), join(folder, name));
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export const load = (name) => import(pathToFileURL(join(folder, name)).href);

await (await load('language.js')).speak('en', []);
