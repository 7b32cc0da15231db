// A network between a member and the server, in user space: each relay is a port that leads to the server's by a path with
// delay, jitter and loss of its own. What it adds by itself (how late it writes) is measured.

import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CLEAN } from './path.mjs';
import { summary } from './numbers.mjs';

// Real lines do not wait for a processor.
const PRIORITY = -15;

export class Relays {
    constructor() {
        this.worker = fork(fileURLToPath(new URL('./relay_worker.mjs', import.meta.url)));
        try {
            setPriority(this.worker.pid, PRIORITY);
        } catch {
            // Only root may; without it a busy machine makes the relay later, which is measured.
        }
        this.waiting = new Map();
        this.count = 0;
        this.worker.on('message', ({ id, port, late }) => {
            if (late) this.tellLate(late);
            else this.waiting.get(id)(port);
        });
    }

    // A port on 127.0.0.1 that leads to `target`. up, down: the path from and to the member, see path.mjs; rate: bytes a
    // millisecond towards the member, 0 for no limit.
    async open(target, { up = CLEAN, down = CLEAN, seed = 1, rate = 0 } = {}) {
        const id = (this.count += 1);
        const answer = new Promise((resolve) => this.waiting.set(id, resolve));
        this.worker.send({ what: 'open', id, target, up, down, seed, rate });
        const port = await answer;
        const tell = (what) => this.worker.send({ what, id });
        return { port, hold: () => tell('hold'), release: () => tell('release'), close: () => tell('close') };
    }

    // How late everything was written since the last time that this was asked, in ms.
    async lateness() {
        const late = await new Promise((resolve) => {
            this.tellLate = resolve;
            this.worker.send({ what: 'late' });
        });
        return summary(late);
    }

    stop() {
        this.worker.kill();
    }
}
