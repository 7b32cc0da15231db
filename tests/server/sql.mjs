// Databases of the server as others see them: by SQLite's own shell.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

export function sql(database, text) {
    return execFileSync('sqlite3', ['-batch', '-bail', database], { input: text, encoding: 'utf8' }).trim();
}

// Everything that is in it.
export function dump(database) {
    return `${sql(database, '.dump')}\n${sql(database, 'PRAGMA user_version')}`;
}

// Keeps others from writing until it is let go.
export async function hold(database) {
    const shell = spawn('sqlite3', ['-batch', database], { stdio: ['pipe', 'pipe', 'inherit'] });
    shell.stdin.write('BEGIN IMMEDIATE;\nSELECT 1;\n');
    await once(shell.stdout, 'data');
    return () => shell.kill('SIGKILL');
}
