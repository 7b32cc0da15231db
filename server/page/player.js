// The <video> element, kept in step: it is looked at, the follower is told and asked, and what that advises is carried out.
// What to do, and at which instant, the follower knows; how to do it is all that is known here. Nobody else moves the film.

import { Alarm } from './alarm.js';
import { Stream } from './stream.js';

const HAVE_METADATA = 1;
const HAVE_FUTURE_DATA = 3;
const HAVE_ENOUGH_DATA = 4;
// A gap between what is loaded that a player leaps over.
const GAP_SECONDS = 0.1;
// So many pieces of advice are carried out at once.
const ADVICE_MOST = 8;

const EVENTS = [
    'loadedmetadata', 'durationchange', 'progress', 'canplay', 'canplaythrough', 'waiting', 'stalled', 'playing', 'play',
    'pause', 'seeking', 'seeked', 'ratechange', 'ended',
];
// What the person can have done to the element itself, and the right that it takes.
const WISHES = { play: 'play', pause: 'play', seek: 'seek' };

export class Player {
    // on: { send(message), may(right), ended(), change() }
    constructor(element, follower, on) {
        Object.assign(this, { element, follower, on, isApart: false, isPartyPlaying: false, speed: 1 });
        Object.assign(this, { isBlocked: false, isHeld: false, isHushed: false, error: '' });
        this.alarm = new Alarm(() => this.step());
        for (const name of EVENTS) element.addEventListener(name, () => this.lookSoon());
        this.stream = new Stream(element, (reason) => this.failed(reason));
        element.addEventListener('ended', () => !this.isApart && on.ended());
        element.addEventListener('volumechange', () => this.heard());
        this.seen = this.look();
        this.lookSoon();
    }

    // --- The film

    open(url) {
        this.error = '';
        this.stream.open(url);
        this.lookSoon();
    }

    shut() {
        this.error = '';
        this.stream.shut();
        this.lookSoon();
    }

    // Once more, after it could not be played.
    again() {
        this.open(this.stream.url);
    }

    failed(reason) {
        this.error = reason; // as Stream says it
        this.lookSoon();
    }

    // There is a film, or will be, or should have been.
    get isOpen() {
        return this.stream.isOpen;
    }

    get duration() {
        return this.seen.duration;
    }

    status() {
        return this.follower.status(performance.now());
    }

    // --- The loop

    lookSoon() {
        this.alarm.soon();
    }

    // In a task of its own: what currentTime says is exact only when it is asked first.
    step() {
        this.alarm.set(Infinity, Infinity); // whatever happens here, the loop goes on
        this.seen = this.look();
        this.follower.observe(this.seen.at, this.seen);
        if (this.isBlocked && !this.seen.isPaused) this.unblock();
        for (const message of this.follower.due(performance.now())) this.deliver(message);
        const next = this.obey();
        this.alarm.set(this.follower.deadline(), next);
        this.on.change();
    }

    look() {
        const { element } = this;
        const position = element.currentTime * 1000;
        const at = performance.now();
        const { readyState, duration } = element;
        const hasFilm = !this.error && readyState >= HAVE_METADATA;
        return {
            at,
            position,
            hasFilm,
            hasSound: element.mozHasAudio ?? (element.webkitAudioDecodedByteCount ?? 1) > 0,
            isPaused: element.paused,
            isSeeking: element.seeking,
            canPlay: readyState >= HAVE_FUTURE_DATA,
            hasEnough: readyState >= HAVE_ENOUGH_DATA,
            isEnded: element.ended,
            rate: element.playbackRate,
            buffered: this.bufferedAfter(position / 1000) * 1000,
            duration: hasFilm && Number.isFinite(duration) ? duration * 1000 : 0,
        };
    }

    bufferedAfter(seconds) {
        const { buffered } = this.element;
        for (let index = 0; index < buffered.length; index += 1) {
            const end = buffered.end(index);
            if (buffered.start(index) <= seconds + GAP_SECONDS && end > seconds) return end - seconds;
        }
        return 0;
    }

    // All that is loaded: [[start, end]].
    loaded() {
        const { buffered } = this.element;
        return Array.from(buffered, (_, index) => [buffered.start(index) * 1000, buffered.end(index) * 1000]);
    }

    // What the person did to the element itself is a wish like any other, and as allowed.
    deliver(message) {
        const right = WISHES[message.type];
        if (!right || this.on.may(right)) {
            this.on.send(message);
            return;
        }
        this.follower.refused();
        if (message.type === 'pause') this.block(); // alone paused: a tap leads back
    }

    // Does all that is to be done now; returns when the next is.
    obey() {
        for (let count = 0; count < ADVICE_MOST; count += 1) {
            const { at } = this.follower.advise(performance.now());
            if (!Alarm.arrive(at)) return at;
            const now = performance.now();
            this.carryOut(this.follower.advise(now));
            this.follower.acted(now);
        }
        return Infinity;
    }

    carryOut({ kind, position, rate, preservesPitch }) {
        const { element } = this;
        if (kind === 'pause') element.pause();
        if (kind === 'seek') element.currentTime = position / 1000;
        if (kind === 'play' || kind === 'rate') {
            element.preservesPitch = preservesPitch;
            element.playbackRate = rate;
        }
        if (kind === 'play') element.play().catch((error) => this.refused(error));
    }

    // --- What the party says

    apply({ isPlaying, speed }) {
        Object.assign(this, { isPartyPlaying: isPlaying, speed });
        // To stand with the others takes no tap.
        if (!isPlaying) this.unblock();
        this.lookSoon();
    }

    resync() {
        this.follower.resync(performance.now());
        this.lookSoon();
    }

    // --- Out of step for a while

    // The browser wants a tap before it plays aloud. Without a sound most let it begin, in step with the others; if this one
    // doesn't either, it stands until the tap.
    refused({ name }) {
        if (name !== 'NotAllowedError' || this.isApart || !this.isPartyPlaying) return;
        if (this.element.muted) {
            if (this.isHushed) this.speakUp();
            this.block();
        } else {
            this.isHushed = true;
            this.element.muted = true;
            this.own('play');
        }
        this.lookSoon();
    }

    // From within a tap or a press, or the browser stops the film.
    speakUp() {
        this.element.muted = false;
        this.heard();
    }

    heard() {
        if (!this.isHushed || this.element.muted) return;
        this.isHushed = false;
        this.lookSoon();
    }

    block() {
        if (this.isBlocked) return;
        this.isBlocked = true;
        this.follower.suspend(performance.now(), 'blocked');
    }

    unblock() {
        if (!this.isBlocked) return;
        this.isBlocked = false;
        this.follower.resume(performance.now(), 'blocked');
    }

    // The tap. Playing has to begin inside of it to be allowed from then on; then everything takes its usual way.
    tap() {
        this.own('play');
        this.own('pause');
        this.unblock();
        this.lookSoon();
    }

    // Apart from the others, or back with them.
    setApart(isApart) {
        if (isApart === this.isApart) return;
        this.isApart = isApart;
        if (isApart) this.follower.suspend(performance.now(), 'apart');
        else this.follower.resume(performance.now(), 'apart');
        if (isApart) this.own('rate', { rate: this.speed }); // no nudge stays
        this.unblock();
        this.lookSoon();
    }

    // Stands until the connection is back, for whoever wants to miss nothing.
    hold(isHeld) {
        if (isHeld === this.isHeld || (isHeld && this.isApart)) return;
        this.isHeld = isHeld;
        if (isHeld) this.follower.suspend(performance.now(), 'blocked');
        else this.follower.resume(performance.now(), 'blocked');
        if (isHeld) this.own('pause');
        this.lookSoon();
    }

    // What the person alone wants of the player, while it is apart.
    own(kind, { position, rate = this.element.playbackRate } = {}) {
        this.carryOut({ kind, position, rate, preservesPitch: true });
    }
}
