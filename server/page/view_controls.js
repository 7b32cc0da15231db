// The buttons and menus along the film's lower edge, and the large ones in its middle. They press the remote control; what is
// this person's alone (subtitles, watching apart) has its own views behind them.

import { $, make, setText, show } from './dom.js';
import { say } from './language.js';
import { menu } from './menu.js';
import { icon } from './symbol.js';
import { time } from './words.js';

const SKIP_MS = 10000;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const REMAINING_KEY = 'syncplay.remaining';

// What is said many times a second, but changes rarely; nothing is drawn or read out anew for it.
function put(element, name, value) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

const speedOf = (speed) => say('player.speed_of', { speed });

export class ControlsView {
    // does: { setApart(isApart), resync(), canBeSmall, small(), help() }
    constructor(party, player, remote, does) {
        Object.assign(this, { party, player, remote, does });
        for (const id of ['play', 'centre-play']) $(id).addEventListener('click', () => remote.toggle());
        for (const id of ['back', 'centre-back']) $(id).addEventListener('click', () => remote.skip(-SKIP_MS));
        for (const id of ['forward', 'centre-forward']) $(id).addEventListener('click', () => remote.skip(SKIP_MS));
        $('apart-back').addEventListener('click', () => does.setApart(false));
        this.wireTime();
        this.speedFace = make('span', { id: 'speed' });
        this.speedMenu = menu(say('player.speed'), () => [this.speeds()], { face: this.speedFace });
        $('speed-menu').append(this.speedMenu);
        $('player-menu').append(menu(say('player.more'), () => this.more(), { face: icon('more') }));
    }

    // --- Time

    wireTime() {
        try {
            this.showsRemaining = localStorage.getItem(REMAINING_KEY) === 'yes';
        } catch {
            // Storage is forbidden: it begins as everywhere.
        }
        $('time-toggle').addEventListener('click', () => {
            this.showsRemaining = !this.showsRemaining;
            try {
                localStorage.setItem(REMAINING_KEY, this.showsRemaining ? 'yes' : 'no');
            } catch {
                // Then it lasts as long as the page.
            }
            this.renderTime();
        });
    }

    renderTime() {
        const { remote, player: { duration } } = this;
        const { position } = remote;
        const isRemaining = this.showsRemaining && duration > 0;
        setText('time', isRemaining ? `\u2212${time(duration - position)}` : time(position));
        setText('duration', duration > 0 ? time(duration) : '-:--');
        $('time-toggle').title = say(isRemaining ? 'player.time_passed' : 'player.time_left');
    }

    // --- Menus

    speeds() {
        const { remote } = this;
        const now = remote.speed;
        const known = SPEEDS.includes(now) ? SPEEDS : [...SPEEDS, now].sort((a, b) => a - b);
        const reason = remote.reason('speed');
        const choices = known.map((speed) => ({
            text: speedOf(speed), isChosen: speed === now, reason, action: () => remote.setSpeed(speed),
        }));
        return { title: say(this.player.isApart ? 'player.speed_own' : 'player.speed'), hint: reason, choices };
    }

    more() {
        const { player, remote, does } = this;
        const { isApart } = player;
        const speeds = { ...this.speeds(), isRow: true, isForNarrow: true };
        return [
            isApart ? { text: say('player.back'), action: () => does.setApart(false) }
                : { text: say('player.go_apart'), action: () => does.setApart(true) },
            ...(isApart ? [] : [{ text: say('player.resync'), action: () => does.resync() }]),
            ...(does.canBeSmall ? [{ text: say('player.pip'), action: () => does.small() }] : []),
            { text: say('keys.title'), action: () => does.help() },
            speeds,
        ];
    }

    // --- What it shows

    render() {
        const { remote } = this;
        const isOn = remote.isOn && !remote.isOver;
        const name = say(isOn ? 'player.pause' : 'player.play');
        for (const id of ['play', 'centre-play']) {
            put($(`${id}-icon`), 'href', isOn ? '#icon-pause' : '#icon-play');
            this.allow(id, 'play', name);
        }
        for (const [id, key] of [['back', 'player.skip_back'], ['forward', 'player.skip_forward']]) {
            for (const one of [id, `centre-${id}`]) this.allow(one, 'seek', say(key));
        }
        this.renderTime();
        this.renderSpeed();
        this.renderStep();
    }

    // Whoever lacks the right sees why.
    allow(id, right, name) {
        const reason = this.remote.reason(right);
        const button = $(id);
        button.disabled = reason !== '';
        put(button, 'aria-label', name);
        put(button, 'aria-description', reason);
        put(button, 'title', reason || name);
    }

    renderSpeed() {
        const { speed } = this.remote;
        setText('speed', speedOf(speed));
        this.speedMenu.classList.toggle('changed', speed !== 1);
        const title = say(this.player.isApart ? 'player.speed_own' : 'player.speed');
        put(this.speedMenu.firstChild, 'aria-label', `${title}: ${speedOf(speed)}`);
    }

    // Whether this player is in step, and if not, why.
    renderStep() {
        const { isApart } = this.player;
        const slow = this.player.status().cannotKeepUp ? say('player.slow') : '';
        const text = isApart ? say('player.apart') : slow;
        setText('apart-text', text);
        show('apart', text !== '');
        show('apart-back', isApart);
    }
}
