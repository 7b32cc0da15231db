// Drives the <video> element along the party's timeline. What the party says is the only thing that moves it; what the
// browser does by itself (a media key, a headset) is reported as an intent and undone. Knows no DOM but its element.

import { positionAt } from './timeline.js';

const TICK_MS = 250;
// How long after play() an element with sound begins to move; learned from there.
const START_LATENCY_MS = 76;
const START_LATENCY_MOST_MS = 300;
// Timers are late by some milliseconds: the rest of the way is waited for actively.
const SPIN_MS = 6;
// A start that is late by no more than this needs no seek: the nudge makes up for it.
const LATE_START_MS = 150;
// A seek to the running film aims ahead of it, to be there in time: this, or more when seeks have taken longer.
const LEAD_MS = 250;
const LEAD_MOST_MS = 4000;

const DRIFT_ENTER_MS = 40;
const DRIFT_LEAVE_MS = 10;
const DRIFT_SEEK_MS = 800;
// The nudge aims at being there after NUDGE_MS, with the speed changed by at most NUDGE_MOST.
const NUDGE_MS = 2000;
const NUDGE_MOST = 0.05;
const COOL_DOWN_MS = 2000;

const READY_SECONDS = 1;
// Shorter gaps are nobody's business.
const STALL_MS = 250;
const END_SECONDS = 0.25;
const HAVE_CURRENT_DATA = 2;
const HAVE_FUTURE_DATA = 3;
const HAVE_ENOUGH_DATA = 4;

// modes: empty (no film), standing, starting (seeking to where the film will be), scheduled, running,
// blocked (the browser wants a tap first), tapped
export class Player {
    // on: { ready({buffered_ms, is_ready, revision}), intent('play' | 'pause' | 'end'), change() }
    constructor(element, clock, on) {
        this.element = element;
        this.clock = clock;
        this.on = on;
        this.mode = 'empty';
        this.timeline = null;
        this.startLatency = START_LATENCY_MS;
        this.lead = LEAD_MS;
        this.lastAction = 0;
        for (const name of ['loadedmetadata', 'seeked', 'canplay', 'canplaythrough', 'progress', 'playing', 'waiting']) {
            element.addEventListener(name, () => this.look());
        }
        element.addEventListener('loadedmetadata', () => this.settle());
        element.addEventListener('error', () => this.failed());
        element.addEventListener('pause', () => this.foreignPause());
        element.addEventListener('play', () => this.foreignPlay());
        element.addEventListener('ended', () => on.intent('end'));
        for (const name of ['durationchange', 'progress', 'timeupdate']) {
            element.addEventListener(name, () => on.change());
        }
        setInterval(() => this.tick(), TICK_MS);
    }

    // --- The film

    open(url) {
        this.unschedule();
        this.error = false;
        this.mode = 'empty';
        this.sent = null;
        this.element.src = url;
        this.element.load();
        this.report();
    }

    shut() {
        this.unschedule();
        this.error = false;
        this.mode = 'empty';
        this.sent = null;
        this.element.removeAttribute('src');
        this.element.load();
        this.report();
    }

    failed() {
        if (!this.element.hasAttribute('src')) return;
        this.error = true;
        this.mode = 'empty';
        this.report();
        this.on.change();
    }

    get hasFilm() {
        return !this.error && this.element.readyState >= 1;
    }

    get duration() {
        return this.hasFilm && Number.isFinite(this.element.duration) ? this.element.duration * 1000 : 0;
    }

    get hasSound() {
        const element = this.element;
        return element.mozHasAudio ?? (element.webkitAudioDecodedByteCount ?? 1) > 0;
    }

    latency() {
        return this.hasSound ? this.startLatency : 0;
    }

    // --- What the party says

    // A connection was made: the server knows nothing of what was sent before.
    forget() {
        this.sent = null;
    }

    apply(timeline) {
        this.timeline = timeline;
        this.settle();
    }

    settle() {
        this.unschedule();
        if (this.timeline && this.hasFilm) {
            if (!this.timeline.isPlaying) this.stand();
            else if (this.mode === 'running' && !this.element.paused) this.goOn();
            else if (this.mode !== 'blocked') this.start();
        }
        this.look();
        this.on.change();
    }

    // Stand exactly where everyone stands.
    stand() {
        this.mode = 'standing';
        this.halt();
        this.element.playbackRate = this.timeline.speed;
        this.goTo(this.timeline.position);
    }

    // It is playing already, and another speed or a state came: the drift says whether there is anything to do.
    goOn() {
        this.setRate(this.timeline.speed);
        this.correct();
    }

    start() {
        this.element.playbackRate = this.timeline.speed;
        if (this.isPast(positionAt(this.timeline, this.clock.now()))) {
            this.standAtEnd();
            return;
        }
        const inAdvance = this.timeline.start - this.latency() - this.clock.now();
        if (inAdvance > -LATE_START_MS && this.isAt(positionAt(this.timeline, this.timeline.start))) {
            this.schedule(this.timeline.start);
        } else {
            this.meet();
        }
    }

    // The film is over here. play() would begin again at 0.
    standAtEnd() {
        this.mode = 'running';
        this.halt();
        this.goTo(this.duration);
    }

    isPast(position) {
        return this.duration > 0 && position >= this.duration - 1;
    }

    // The film is running: go to where it will be in a moment, and start there in time.
    meet() {
        this.mode = 'starting';
        this.halt();
        this.meeting = Math.max(this.timeline.start, this.clock.now() + this.lead + this.latency());
        this.seekBegan = performance.now();
        this.goTo(positionAt(this.timeline, this.meeting));
    }

    // Called whenever something changed while starting: there, in time, or too late.
    arrive() {
        if (!this.isLoaded()) return;
        const late = this.clock.now() - (this.meeting - this.latency());
        if (late <= LATE_START_MS) {
            const took = performance.now() - this.seekBegan;
            this.lead = Math.max(LEAD_MS, Math.min(this.lead, 2 * took));
            this.schedule(this.meeting);
        } else {
            this.lead = Math.min(this.lead * 2, LEAD_MOST_MS);
            this.meet();
        }
    }

    // Starts at the server's time `at`, standing at the right place.
    schedule(at) {
        this.mode = 'scheduled';
        // Asked for again each time: the clock may have become better meanwhile.
        const when = () => this.clock.localTime(at) - this.latency();
        const fire = () => {
            const left = when() - performance.now();
            if (left > SPIN_MS) {
                this.timer = setTimeout(fire, left - SPIN_MS);
                return;
            }
            const end = when();
            while (performance.now() < end);
            this.run(performance.now() - end);
        };
        fire();
    }

    unschedule() {
        clearTimeout(this.timer);
    }

    run(late) {
        if (!this.isLoaded()) {
            this.meet();
            return;
        }
        // Timers of a hidden window may be a second late. Another appointment would be missed as well: jump.
        if (late > DRIFT_SEEK_MS) this.goTo(positionAt(this.timeline, this.clock.now() + this.lead));
        this.mode = 'running';
        this.ran = performance.now();
        this.lastAction = this.ran;
        this.learning = true;
        this.element.play().catch((error) => {
            if (error.name === 'NotAllowedError' && this.mode === 'running') {
                this.mode = 'blocked';
                this.on.change();
            }
        });
    }

    // The tap that the browser wanted. play() has to be called inside of it; then everything takes its usual way.
    unblock() {
        this.mode = 'tapped';
        this.element.play().then(() => this.settle(), () => this.settle());
    }

    halt() {
        if (!this.element.paused) this.element.pause();
    }

    goTo(position) {
        const seconds = this.inFilm(position) / 1000;
        if (Math.abs(this.element.currentTime - seconds) > 0.0005) this.element.currentTime = seconds;
    }

    inFilm(position) {
        return this.duration > 0 ? Math.min(position, this.duration) : position;
    }

    isAt(position) {
        return Math.abs(this.element.currentTime * 1000 - this.inFilm(position)) < 20;
    }

    setRate(rate) {
        if (Math.abs(this.element.playbackRate - rate) > 0.0005) this.element.playbackRate = rate;
    }

    // --- Keeping in step

    tick() {
        this.look();
        if (this.mode === 'running') this.correct();
    }

    look() {
        if (this.mode === 'starting') this.arrive();
        this.report();
    }

    // How far the player is ahead of the party, in milliseconds; undefined when that says nothing.
    drift() {
        const element = this.element;
        if (element.paused || element.seeking || element.ended || element.readyState < HAVE_FUTURE_DATA) return undefined;
        const now = this.clock.now();
        if (now < this.timeline.start + 100) return undefined;
        const wanted = positionAt(this.timeline, now);
        if (this.duration > 0 && wanted > this.duration - 1000 * END_SECONDS) return undefined;
        return element.currentTime * 1000 - wanted;
    }

    correct() {
        const drift = this.drift();
        if (drift === undefined || performance.now() - this.ran < 2 * START_LATENCY_MOST_MS) return;
        this.learn(drift);
        const speed = this.timeline.speed;
        const isCool = performance.now() - this.lastAction > COOL_DOWN_MS;
        if (Math.abs(drift) > DRIFT_SEEK_MS) {
            if (isCool) this.meet();
            return;
        }
        const isNudging = Math.abs(this.element.playbackRate - speed) > 0.0005;
        if (isNudging ? Math.abs(drift) < DRIFT_LEAVE_MS : Math.abs(drift) < DRIFT_ENTER_MS) {
            if (isNudging) this.lastAction = performance.now();
            this.setRate(speed);
        } else if (isNudging || isCool) {
            const share = Math.max(-NUDGE_MOST, Math.min(NUDGE_MOST, -drift / NUDGE_MS));
            this.setRate(speed * (1 + share));
        }
    }

    // The first look after a start says how long this browser really takes to begin.
    learn(drift) {
        if (!this.learning) return;
        this.learning = false;
        if (Math.abs(drift) < LATE_START_MS && this.hasSound) {
            this.startLatency = Math.max(0, Math.min(START_LATENCY_MOST_MS, this.startLatency - drift / 2));
        }
    }

    // --- Readiness

    bufferedAhead() {
        const { buffered, currentTime } = this.element;
        for (let index = 0; index < buffered.length; index += 1) {
            if (buffered.start(index) <= currentTime + 0.1 && buffered.end(index) > currentTime) {
                return buffered.end(index) - currentTime;
            }
        }
        return 0;
    }

    isLoaded() {
        const element = this.element;
        if (!this.hasFilm || element.seeking) return false;
        if (this.duration > 0 && element.currentTime * 1000 >= this.duration - 1000 * END_SECONDS) {
            return element.readyState >= HAVE_CURRENT_DATA;
        }
        return element.readyState >= HAVE_FUTURE_DATA;
    }

    isReady() {
        if (this.mode === 'empty' || !this.isLoaded()) return false;
        if (this.mode === 'running') return true;
        if (this.mode === 'standing' && !this.isAt(this.timeline.position)) return false;
        const element = this.element;
        const ahead = this.bufferedAhead();
        const untilEnd = element.duration - element.currentTime - END_SECONDS;
        // A browser that has stopped loading has as much as it wants.
        return ahead >= Math.min(READY_SECONDS, untilEnd) || element.readyState === HAVE_ENOUGH_DATA;
    }

    // Tells a change: being ready at once, not being ready when it lasts.
    report() {
        if (!this.timeline) return;
        const isReady = this.isReady();
        if (isReady) {
            clearTimeout(this.stall);
            this.stall = null;
            this.tellReady(true);
        } else if (!this.stall) {
            this.stall = setTimeout(() => {
                this.stall = null;
                if (!this.isReady()) this.tellReady(false);
            }, STALL_MS);
        }
    }

    tellReady(isReady) {
        const key = `${this.timeline.revision} ${isReady}`;
        if (key === this.sent) return;
        const message = { is_ready: isReady, revision: this.timeline.revision };
        message.buffered_ms = Math.floor(this.bufferedAhead() * 1000);
        if (this.on.ready(message)) this.sent = key;
    }

    // --- What the browser does by itself

    foreignPause() {
        if (this.mode !== 'running' || !this.element.paused || this.element.ended) return;
        if (this.element.seeking || this.element.error) return;
        if (this.on.intent('pause')) return;
        this.mode = 'blocked'; // alone paused: a tap leads back
        this.on.change();
    }

    foreignPlay() {
        if (this.mode !== 'standing' || this.element.paused) return;
        this.halt();
        this.on.intent('play');
    }
}
