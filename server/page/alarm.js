// When to look again: one alarm at a time, set anew after each look. Timers are late by some milliseconds, and those of a
// hidden tab by up to a second, so a worker keeps time there. Knows instants of performance.now() only.

// The rest of the way to an exact instant is waited for actively.
const SPIN_MS = 6;
// Whatever was said, it rings no later, and no sooner.
const LATEST_MS = 1000;
const SOONEST_MS = 1;

export class Alarm {
    // ring() is called in a task of its own.
    constructor(ring) {
        this.ring = ring;
        this.tasks = new MessageChannel();
        this.tasks.port1.onmessage = () => this.rings();
        document.addEventListener('visibilitychange', () => this.soon());
    }

    // As soon as what is running is over.
    soon() {
        if (this.isSoon) return;
        this.isSoon = true;
        this.tasks.port2.postMessage(null);
    }

    // At `deadline`, or in time before `exact`.
    set(deadline, exact) {
        this.stop();
        const left = Math.ceil(Math.min(deadline, exact - SPIN_MS) - performance.now());
        const delay = Math.max(SOONEST_MS, Math.min(left, LATEST_MS));
        this.timer = setTimeout(() => this.rings(), delay);
        if (document.hidden) this.tick(delay);
    }

    stop() {
        clearTimeout(this.timer);
        if (this.isTicking) this.tick(null);
    }

    // null: not any more.
    tick(delay) {
        this.isTicking = delay !== null;
        this.ticker()?.postMessage(delay);
    }

    rings() {
        this.isSoon = false;
        this.stop();
        this.ring();
    }

    // Tells whether `exact` is so near that it is worth being waited for; then it is now.
    static arrive(exact) {
        if (exact > performance.now() + SPIN_MS) return false;
        while (performance.now() < exact);
        return true;
    }

    ticker() {
        if (this.worker === undefined) {
            try {
                this.worker = new Worker(new URL('ticker.js', import.meta.url));
                this.worker.onmessage = () => document.hidden && this.rings();
            } catch {
                this.worker = null; // then a hidden tab is late
            }
        }
        return this.worker;
    }
}
