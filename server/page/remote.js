// The remote control: what this person wants of the film. The party is asked for it, if they may; apart from the others the
// player does it at once. Where the film is, as far as wishes go, is known here, too.

import { say } from './language.js';

const END_MS = 300;
// A key that is held, or pressed again and again, is one wish.
const GATHER_MS = 250;

export class Remote {
    // send(message) -> whether it went out; refused(reason) is told what to say; changed() when the place is another.
    constructor(party, player, send, { refused, changed }) {
        Object.assign(this, { party, player, send, refused, changed });
        this.held = null; // where a thumb is held
        this.target = null; // where the skips lead that are being gathered
        this.pending = null; // where a seek went that is not answered yet
        party.on('timeline', () => (this.pending = null));
    }

    // --- Rights

    may(right) {
        return this.player.isApart || this.party.may(right);
    }

    // Why this person may not, or ''.
    reason(right) {
        if (this.may(right)) return '';
        if (this.party.me?.role === 'chat_only') return say('player.only_watch');
        return say(this.party.session?.control === 'host' ? 'player.host_controls' : 'player.not_allowed');
    }

    // Whether it is allowed; if not, the person is told why.
    ask(right) {
        const reason = this.reason(right);
        if (reason) this.refused(reason);
        return reason === '';
    }

    // --- Where the film is

    get isOn() {
        if (this.player.isApart) return !this.player.seen.isPaused;
        return ['playing', 'waiting'].includes(this.party.timeline?.phase);
    }

    get isOver() {
        const { duration } = this.player;
        return duration > 0 && this.position >= duration;
    }

    get position() {
        const { player } = this;
        const wished = this.held ?? this.target ?? this.pending;
        if (wished !== null) return wished;
        const { position } = player.isApart ? player.seen : player.status();
        return this.within(position);
    }

    within(position) {
        const { duration } = this.player;
        return Math.max(0, duration > 0 ? Math.min(position, duration) : position);
    }

    get speed() {
        return this.player.isApart ? this.player.seen.rate : this.party.timeline.speed;
    }

    // --- Wishes

    play() {
        const { duration } = this.player;
        const isAtEnd = duration > 0 && this.position >= duration - END_MS;
        return this.send(isAtEnd ? { type: 'play', position_ms: 0 } : { type: 'play' });
    }

    toggle() {
        if (this.player.isBlocked) this.player.tap();
        else if (this.player.isApart) this.player.own(this.isOn ? 'pause' : 'play');
        else if (this.ask('play')) this.isOn && !this.isOver ? this.send({ type: 'pause' }) : this.play();
    }

    // As a media key says it.
    press(what) {
        if (this.player.isApart) this.player.own(what);
        else if (this.may('play')) this.send({ type: what });
    }

    seek(position) {
        if (this.ask('seek')) this.go(this.within(position));
    }

    go(position) {
        if (this.player.isApart) this.player.own('seek', { position });
        else if (this.send({ type: 'seek', position_ms: Math.round(position) })) this.pending = position;
        this.changed();
    }

    // So far from where it is: the first step at once, what follows shortly after in one.
    skip(milliseconds) {
        if (!this.ask('seek')) return;
        const isFirst = this.target === null;
        this.target = this.within(this.position + milliseconds);
        if (!isFirst) return this.changed();
        const first = this.target;
        this.go(first);
        setTimeout(() => {
            const last = this.target;
            this.target = null;
            if (last !== first && this.may('seek')) this.go(last);
        }, GATHER_MS);
    }

    setSpeed(speed) {
        if (this.player.isApart) this.player.own('rate', { rate: speed });
        else if (this.ask('speed')) this.send({ type: 'speed', playback_speed: speed });
        this.changed();
    }

    // One of all pauses, so that the party stands at the end; with the revision, so that it happens once.
    endOfFilm() {
        const { isHost, timeline } = this.party;
        const { duration, isApart } = this.player;
        if (!isHost || isApart || !timeline?.isPlaying) return;
        this.send({ type: 'pause', position_ms: duration, revision: timeline.revision });
    }
}
