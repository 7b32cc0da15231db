// What stands over the picture while there is none, or none that moves: who is waited for, what is to be done, why not.

import { avatar } from './avatar.js';
import { $, setText, show } from './dom.js';
import { names, say } from './language.js';

// Why a film is not played, as Stream has it, and where it may help to try again.
const BROKEN = {
    not_found: 'overlay.broken_not_found',
    network: 'overlay.broken_network',
    format: 'overlay.broken_format',
    stream: 'overlay.broken_stream',
    unknown: 'overlay.broken_unknown',
};
const PASSING = ['not_found', 'network', 'unknown'];
// So many avatars of those who are waited for; all of their names.
const FACES_MOST = 6;

export class OverlayView {
    constructor(party, player, remote, openFile) {
        Object.assign(this, { party, player, remote });
        $('file').addEventListener('change', (event) => {
            const [file] = event.target.files;
            if (file) openFile(file);
            event.target.value = '';
        });
        $('overlay-button').addEventListener('click', () => this.action());
        // Where nothing else can be done, the whole picture is the button.
        $('overlay').addEventListener('click', (event) => {
            if (event.target.closest('button, label')) return;
            if (['blocked', 'ready'].includes($('overlay').dataset.kind)) this.action();
        });
    }

    // { kind, text, hint, file, button, action, people }, or null.
    state() {
        const { party, player, remote } = this;
        const { phase } = party.timeline;
        if (player.error) return this.broken();
        if (!player.isOpen) return { kind: 'own', text: say('overlay.own'), hint: say('overlay.own_hint'), file: true };
        if (player.isApart) return this.loading();
        if (player.isBlocked) {
            const button = say('overlay.tap');
            return { kind: 'blocked', text: say('overlay.running'), button, action: () => player.tap() };
        }
        if (phase === 'waiting' && party.waitingFor.length > 0) return this.waiting();
        if (phase === 'idle') return this.ready();
        if (remote.isOver && phase === 'paused') return this.ended();
        return this.loading();
    }

    broken() {
        const { error } = this.player;
        const hint = `${say(BROKEN[error])} ${say('overlay.broken_own')}`;
        const again = { button: say('overlay.try_again'), action: () => this.player.again() };
        const retry = PASSING.includes(error) ? again : {};
        return { kind: 'broken', text: say('overlay.broken'), hint, file: true, ...retry };
    }

    ready() {
        if (!this.party.may('play')) return { kind: 'host', text: say('overlay.host_starts') };
        const button = say('player.play');
        return { kind: 'ready', text: say('overlay.ready'), button, action: () => this.remote.play() };
    }

    ended() {
        const again = { button: say('overlay.again'), action: () => this.remote.play() };
        return { kind: 'ended', text: say('overlay.ended'), ...(this.party.may('play') ? again : {}) };
    }

    // It should move, and has nothing to show.
    loading() {
        const { seen } = this.player;
        const isStuck = this.remote.isOn && !seen.canPlay && !seen.isEnded;
        return isStuck ? { kind: 'loading', text: say('overlay.loading_here') } : null;
    }

    waiting() {
        const { party } = this;
        const others = party.waitingFor.filter((id) => id !== party.you.user_id);
        const isMe = others.length < party.waitingFor.length;
        const people = others.map((id) => party.nameOf(id));
        const who = names([...people, ...(isMe ? [say('overlay.you')] : [])]);
        const hint = isMe ? say('overlay.loading') : '';
        const goOn = party.may('play') ? { button: say('overlay.go_on'), action: () => this.remote.play() } : {};
        return { kind: 'waiting', text: say('overlay.waiting', { names: who }), hint, people, ...goOn };
    }

    renderPeople(people) {
        const key = people.join('\n');
        if (key === this.people) return;
        this.people = key;
        $('overlay-mark').replaceChildren(...people.slice(0, FACES_MOST).map((name) => avatar(name)));
    }

    // Returns whether something stands there.
    render() {
        const state = this.state();
        this.action = state?.action ?? (() => {});
        $('overlay').dataset.kind = state?.kind ?? '';
        show('overlay', state !== null);
        this.renderPeople(state?.people ?? []);
        setText('overlay-text', state?.text ?? '');
        setText('overlay-hint', state?.hint ?? '');
        setText('overlay-action', state?.button ?? '');
        show('overlay-button', Boolean(state?.button));
        show('overlay-file', Boolean(state?.file));
        return state !== null;
    }
}
