// The server's clock, estimated from pings. It knows times only: no socket, no timers. All in milliseconds.
//
// A ping is sent at T1 and its pong received at T4 (both on the local steady clock); the server stamped it in between.
// The ping with the shortest round trip was delayed least, so it says most: the error is at most half its round trip.

const SAMPLES = 16;
// A sample that contradicts the estimate by more than both round trips allow, and this, means that a clock has jumped.
const STEP_MS = 20;
// A message without a pong says the time only roughly.
const GUESS_MS = 500;

// How long after the one before each of the first pings is sent, and how long after the last of them the others are:
// spread out, so that they do not all see the same queue somewhere on the way.
const BURST_MS = [0, 100, 150, 250, 400, 500, 500, 500];
const STEADY_MS = 5000;

export function pingDelay(count) {
    return BURST_MS[count] ?? STEADY_MS;
}

export class Clock {
    constructor(local = () => performance.now()) {
        this.local = local;
        this.reset();
    }

    // Another server, or one that was started again: what was learned does not hold. Until a pong comes, the old
    // offset is still the best guess.
    reset() {
        this.samples = [];
    }

    get synchronised() {
        return this.offset !== undefined;
    }

    // A first guess from any message of the server's that says what time it is there; pongs replace it.
    hint(serverTime) {
        const guess = serverTime - this.local();
        if (this.samples.length > 0 || !Number.isFinite(guess)) return;
        if (!this.synchronised || Math.abs(guess - this.offset) > GUESS_MS) this.offset = guess;
    }

    sample(sent, serverTime, received) {
        const sample = { offset: serverTime - (sent + received) / 2, roundTrip: received - sent };
        if (!(sample.roundTrip >= 0) || !Number.isFinite(sample.offset)) return;
        const best = this.best();
        if (best && Math.abs(sample.offset - best.offset) > (sample.roundTrip + best.roundTrip) / 2 + STEP_MS) {
            this.samples = [];
        }
        this.samples.push(sample);
        if (this.samples.length > SAMPLES) this.samples.shift();
        this.offset = this.best().offset;
    }

    best() {
        return this.samples.reduce((best, one) => (!best || one.roundTrip <= best.roundTrip ? one : best), undefined);
    }

    get roundTrip() {
        return this.best()?.roundTrip;
    }

    // The server's time now.
    now() {
        return this.local() + (this.offset ?? 0);
    }

    // When, on the local clock, the server's clock shows `serverTime`.
    localTime(serverTime) {
        return serverTime - (this.offset ?? 0);
    }
}
