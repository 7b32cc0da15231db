// What is around the film: controls, the words over the picture, keys. It shows where the party is and sends intents; the
// player moves when the party says so, unless it is apart from the others.

import { $, setText, show } from './dom.js';
import { names, say } from './language.js';
import { menu } from './menu.js';
import { time } from './words.js';

const STEP_MS = 5000;
const END_MS = 300;
const TOAST_MS = 3500;
const IDLE_MS = 3000;
const VOLUME_KEY = 'syncplay.volume';

export class PlayerView {
    // send(message) -> whether it went out; openFile(file)
    constructor(party, player, send, openFile) {
        Object.assign(this, { party, player, send, film: $('film') });
        this.scrub = null; // where the thumb is held
        this.pending = null; // where a seek went that is not answered yet
        party.on('timeline', () => {
            this.pending = null;
            this.render();
        });
        party.on('people you session', () => this.render());
        party.on('notice', (notice) => this.notice(notice));
        this.wireControls();
        this.wireOverlay(openFile);
        this.wireVolume();
        this.wireFullScreen();
        document.addEventListener('keydown', (event) => this.key(event));
        this.wireMediaKeys();
    }

    // --- Intents

    get isOn() {
        if (this.player.isApart) return !this.player.seen.isPaused;
        return ['playing', 'waiting'].includes(this.party.timeline?.phase);
    }

    play() {
        const { duration } = this.player;
        const isAtEnd = duration > 0 && this.position() >= duration - END_MS;
        return this.send(isAtEnd ? { type: 'play', position_ms: 0 } : { type: 'play' });
    }

    toggle() {
        if (this.player.isApart) return this.player.own(this.isOn ? 'pause' : 'play');
        if (!this.party.may('play')) return;
        return this.isOn && !this.isOver() ? this.send({ type: 'pause' }) : this.play();
    }

    seek(position) {
        const target = Math.max(0, Math.min(position, this.player.duration || position));
        if (this.player.isApart) return this.player.own('seek', { position: target });
        if (!this.party.may('seek')) return;
        if (this.send({ type: 'seek', position_ms: Math.round(target) })) this.pending = target;
        return this.render();
    }

    speed(speed) {
        if (this.player.isApart) this.player.own('rate', { rate: speed });
        else this.send({ type: 'speed', playback_speed: speed });
        this.render();
    }

    // A media key.
    press(what) {
        if (this.player.isApart) this.player.own(what);
        else if (this.party.may('play')) this.send({ type: what });
    }

    // One of all pauses, so that the party stands at the end; with the revision, so that it happens once.
    endOfFilm() {
        const { isHost, timeline } = this.party;
        if (isHost && timeline?.isPlaying) this.send({ type: 'pause', position_ms: this.player.duration, revision: timeline.revision });
    }

    // --- Controls

    position() {
        const { player } = this;
        if (this.scrub !== null) return this.scrub;
        if (this.pending !== null) return this.pending;
        const { position } = player.isApart ? player.seen : player.status();
        const { duration } = player;
        return duration > 0 ? Math.min(position, duration) : position;
    }

    isOver() {
        const { duration } = this.player;
        return duration > 0 && this.position() >= duration;
    }

    render() {
        const { party, player } = this;
        if (!party.timeline) return;
        const { duration, isApart } = player;
        const position = this.position();
        const mayPlay = isApart || party.may('play');
        const isOn = this.isOn && !this.isOver();
        setText('time', time(position));
        setText('duration', duration > 0 ? time(duration) : '-:--');
        this.renderSeek(position, duration);
        $('play-icon').setAttribute('href', isOn ? '#icon-pause' : '#icon-play');
        $('play').setAttribute('aria-label', say(isOn ? 'player.pause' : 'player.play'));
        $('play').disabled = !mayPlay;
        $('speed').disabled = !isApart && !party.may('speed');
        $('seek').disabled = duration === 0 || !(isApart || party.may('seek'));
        $('controls').title = mayPlay ? '' : say('player.host_controls');
        this.renderSpeed(isApart ? player.seen.rate : party.timeline.speed);
        this.renderOverlay();
        const status = player.status();
        this.renderStep(status);
        // For the tests: what the party says, and what the player does about it.
        const { revision, phase, position: standsAt } = party.timeline;
        const figures = { drift: status.drift.toFixed(1), clockError: status.clockError.toFixed(1) };
        Object.assign($('stage').dataset, { revision, phase, standsAt, mode: status.mode, ...figures });
    }

    // Whether this player is in step, and if not, why.
    renderStep({ cannotKeepUp }) {
        const { isApart } = this.player;
        const slow = cannotKeepUp ? say('player.slow') : '';
        const text = isApart ? say('player.apart') : slow;
        setText('apart-text', text);
        show('apart', text !== '');
        show('apart-back', isApart);
        if (this.menuIsApart === isApart) return;
        this.menuIsApart = isApart;
        const entries = [
            isApart ? { text: say('player.back'), action: () => this.player.setApart(false) }
                : { text: say('player.go_apart'), action: () => this.player.setApart(true) },
            ...(isApart ? [] : [{ text: say('player.resync'), action: () => this.resync() }]),
        ];
        $('player-menu').replaceChildren(menu(say('player.more'), entries));
    }

    resync() {
        this.player.resync();
        this.toast(say('player.resyncing'));
    }

    renderSeek(position, duration) {
        const seek = $('seek');
        seek.max = duration;
        seek.value = position;
        const place = { position: time(position), duration: time(duration) };
        seek.setAttribute('aria-valuetext', say('player.position_of', place));
        const percent = (value) => `${duration > 0 ? (100 * value) / duration : 0}%`;
        const track = $('seek-track').style;
        track.setProperty('--played', percent(position));
        track.setProperty('--buffered', percent(Math.min(duration, position + this.player.seen.buffered)));
    }

    renderSpeed(speed) {
        const select = $('speed');
        const value = String(speed);
        if (![...select.options].some((one) => one.value === value)) {
            select.append(new Option(say('player.speed_of', { speed }), value));
        }
        select.value = value;
    }

    wireControls() {
        for (const one of $('speed').options) one.text = say('player.speed_of', { speed: Number(one.value) });
        $('play').addEventListener('click', () => this.toggle());
        this.film.addEventListener('pointerup', (event) => {
            if (event.pointerType === 'mouse' && event.button === 0) this.toggle();
        });
        $('seek').addEventListener('input', (event) => {
            this.scrub = Number(event.target.value);
            this.render();
        });
        $('seek').addEventListener('change', (event) => {
            this.scrub = null;
            this.seek(Number(event.target.value));
        });
        $('speed').addEventListener('change', (event) => {
            this.speed(Number(event.target.value));
        });
    }

    wireVolume() {
        const { film } = this;
        const saved = Number(localStorage.getItem(VOLUME_KEY) ?? 1);
        film.volume = saved >= 0 && saved <= 1 ? saved : 1;
        const render = () => {
            const isMuted = film.muted || film.volume === 0;
            $('volume').value = film.muted ? 0 : 100 * film.volume;
            $('mute').setAttribute('aria-pressed', String(isMuted));
            $('mute').setAttribute('aria-label', say(isMuted ? 'player.unmute' : 'player.mute'));
            $('mute-icon').setAttribute('href', isMuted ? '#icon-muted' : '#icon-sound');
        };
        film.addEventListener('volumechange', render);
        $('mute').addEventListener('click', () => this.mute());
        $('volume').addEventListener('input', (event) => {
            film.volume = Number(event.target.value) / 100;
            film.muted = false;
            localStorage.setItem(VOLUME_KEY, film.volume);
        });
        render();
    }

    mute() {
        const { film } = this;
        film.muted = !film.muted;
        if (!film.muted && film.volume === 0) film.volume = 1;
    }

    // --- Full screen

    wireFullScreen() {
        $('full').addEventListener('click', () => this.fullScreen());
        let timer;
        const awake = () => {
            clearTimeout(timer);
            $('stage').classList.remove('idle');
            timer = setTimeout(() => $('stage').classList.add('idle'), IDLE_MS);
        };
        for (const name of ['pointermove', 'pointerdown', 'keydown', 'focusin']) {
            $('stage').addEventListener(name, awake);
        }
        document.addEventListener('fullscreenchange', awake);
    }

    fullScreen() {
        if (document.fullscreenElement) document.exitFullscreen();
        else if ($('stage').requestFullscreen) $('stage').requestFullscreen().catch(() => {});
        else this.film.webkitEnterFullscreen?.(); // telephones that know nothing else
    }

    // --- Over the picture

    wireOverlay(openFile) {
        $('file').addEventListener('change', (event) => {
            const [file] = event.target.files;
            if (file) openFile(file);
            event.target.value = '';
        });
        $('overlay-button').addEventListener('click', () => this.overlayAction());
        $('apart-back').addEventListener('click', () => this.player.setApart(false));
    }

    // What to say over the picture: { text, hint, file, button, action }, or null.
    overlay() {
        const { party, player } = this;
        const { phase } = party.timeline;
        if (player.error) {
            return { text: say('overlay.broken'), hint: say('overlay.broken_hint'), file: true };
        }
        if (!player.isOpen) {
            return { text: say('overlay.own'), hint: say('overlay.own_hint'), file: true };
        }
        if (player.isApart) return null;
        if (player.isBlocked) {
            return { text: say('overlay.running'), button: say('overlay.tap'), action: () => player.tap() };
        }
        if (phase === 'waiting' && party.waitingFor.length > 0) return this.waiting();
        if (phase === 'idle') {
            if (!party.may('play')) return { text: say('overlay.host_starts') };
            return { text: say('overlay.ready'), button: say('player.play'), action: () => this.play() };
        }
        return null;
    }

    waiting() {
        const { party } = this;
        const others = party.waitingFor.filter((id) => id !== party.you.user_id);
        const isMe = others.length < party.waitingFor.length;
        const who = names([...others.map((id) => party.nameOf(id)), ...(isMe ? [say('overlay.you')] : [])]);
        const hint = isMe ? say('overlay.loading') : '';
        const goOn = { button: say('overlay.go_on'), action: () => this.send({ type: 'play' }) };
        return { text: say('overlay.waiting', { names: who }), hint, ...(party.may('play') ? goOn : {}) };
    }

    renderOverlay() {
        const overlay = this.overlay();
        this.overlayAction = overlay?.action ?? (() => {});
        show('overlay', overlay !== null);
        setText('overlay-text', overlay?.text ?? '');
        setText('overlay-hint', overlay?.hint ?? '');
        setText('overlay-button', overlay?.button ?? '');
        show('overlay-button', Boolean(overlay?.button));
        show('overlay-file', Boolean(overlay?.file));
    }

    toast(text) {
        clearTimeout(this.toastTimer);
        setText('toast', text);
        show('toast', true);
        this.toastTimer = setTimeout(() => show('toast', false), TOAST_MS);
    }

    notice(notice) {
        if (notice.kind === 'error') this.toast(notice.sentence);
        if (notice.kind === 'knock') this.toast(say('lobby.knock', notice.user));
        if (notice.kind === 'command') this.command(notice);
    }

    // Says what somebody else did.
    command({ action, by, position_ms: position, playback_speed: speed }) {
        const isOtherSpeed = this.lastSpeed !== undefined && speed !== this.lastSpeed;
        this.lastSpeed = speed;
        if (!by || by.user_id === this.party.you?.user_id) return;
        const keys = { play: 'toast.play', pause: 'toast.pause', seek: 'toast.seek' };
        this.toast(say(isOtherSpeed ? 'toast.speed' : keys[action], { name: by.name, speed, position: time(position) }));
    }

    // --- Keys

    key(event) {
        if ($('party').hidden || document.querySelector('dialog[open]')) return;
        if (event.ctrlKey || event.metaKey || event.altKey || this.isTaken(event)) return;
        const actions = {
            ' ': () => this.toggle(),
            ArrowLeft: () => this.seek(this.position() - STEP_MS),
            ArrowRight: () => this.seek(this.position() + STEP_MS),
            f: () => this.fullScreen(),
            m: () => this.mute(),
        };
        const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
        if (!action) return;
        event.preventDefault();
        action();
    }

    // Whether the key means something to what has the focus.
    isTaken({ target, key }) {
        if (target.matches('input:not([type=range]), textarea, select')) return true;
        if (target.id === 'volume') return key.startsWith('Arrow');
        return key === ' ' && target.matches('button, summary, label, a');
    }

    wireMediaKeys() {
        const session = navigator.mediaSession;
        if (!session) return;
        const handlers = {
            play: () => this.press('play'),
            pause: () => this.press('pause'),
            seekto: (details) => this.seek(1000 * details.seekTime),
            seekbackward: () => this.seek(this.position() - STEP_MS),
            seekforward: () => this.seek(this.position() + STEP_MS),
        };
        for (const [name, handler] of Object.entries(handlers)) {
            try {
                session.setActionHandler(name, handler);
            } catch {
                // A key that this browser does not know.
            }
        }
    }
}
