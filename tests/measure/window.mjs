// A Chromium of its own with one member at the page, and the recorder in it. A browser each, so that no window shares a
// process with another; all of them read the same clock of the machine, and how well is measured.

import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { Member } from '../page/member.mjs';
import { install } from './recorder.mjs';

export const FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
];
const VIEWPORT = { width: 700, height: 500 };
const PINGS = 60;

// Milliseconds since the epoch on the machine's steady clock, as windows tell it, too.
export const now = () => performance.timeOrigin + performance.now();

// Answers pings of windows with this process's time.
export class ClockHouse {
    async start() {
        this.server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
        await once(this.server, 'listening');
        this.server.on('connection', (socket) => socket.on('message', () => socket.send(String(now()))));
        this.url = `ws://127.0.0.1:${this.server.address().port}/`;
        return this;
    }

    // What is to be added to a window's times to get ours, and how wrong that can be: half the shortest round trip.
    measure(page) {
        return page.evaluate(async ([url, count]) => {
            const socket = new WebSocket(url);
            await new Promise((resolve, reject) => {
                socket.onopen = resolve;
                socket.onerror = () => reject(new Error('no connection to the clock'));
                setTimeout(socket.onerror, 10000);
            });
            let best = { bound: Infinity };
            for (let index = 0; index < count; index += 1) {
                const sent = recorder.now();
                socket.send('');
                const theirs = await new Promise((resolve) => (socket.onmessage = ({ data }) => resolve(Number(data))));
                const heard = recorder.now();
                const bound = (heard - sent) / 2;
                if (bound < best.bound) best = { offset: theirs - (sent + heard) / 2, bound };
            }
            socket.close();
            return best;
        }, [this.url, PINGS]);
    }

    stop() {
        for (const socket of this.server.clients) socket.terminate();
        this.server.close();
    }
}

export async function openBrowser(flags = []) {
    return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...flags] });
}

export class Window {
    // base: the address at which this member reaches the server.
    static async open(name, base, clocks, flags) {
        const browser = await openBrowser(flags);
        const member = await Member.open(browser, name, { viewport: VIEWPORT, bypassCSP: true });
        await install(member.context);
        return Object.assign(new Window(), { name, base, clocks, browser, member, kind: 'chromium' });
    }

    create(options) {
        return this.member.create(this.base, options);
    }

    // The link as it is at this member's way to the server.
    join(link) {
        const { pathname, search, hash } = new URL(link);
        return this.member.join(`${this.base.replace(/\/$/, '')}${pathname}${search}${hash}`);
    }

    async listen() {
        await this.member.page.evaluate(() => recorder.listen());
        this.clock = await this.clocks.measure(this.member.page);
    }

    // The frame that is on the screen, from the pixels, and what the player claims.
    standing() {
        return this.member.page.evaluate(() => {
            const film = document.getElementById('film');
            return { frame: recorder.pixels(), position: film.currentTime * 1000, isPaused: film.paused };
        });
    }

    // Everything written down so far, on the machine's clock.
    async take() {
        const after = await this.clocks.measure(this.member.page);
        const log = await this.member.page.evaluate(() => recorder.take());
        const { offset } = this.clock ?? after;
        for (const list of Object.values(log)) for (const one of list) one[0] += offset;
        return { name: this.name, kind: this.kind, ...log, clock: this.clock, clockMoved: after.offset - offset };
    }

    async close() {
        await this.member.close().catch((error) => console.log(`# ${error.message}`));
        await this.browser.close();
    }
}
