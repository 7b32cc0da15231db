// Who is here, in which role and state, and what one may do about each.

import { avatar } from './avatar.js';
import { $, make, setText } from './dom.js';
import { say } from './language.js';
import { menu, reopen } from './menu.js';
import { deeds } from './rights.js';
import { ROLE_TAGS } from './words.js';

function stateOf(person, isWaitedFor) {
    if (!person.is_connected) return ['away', 'state.away'];
    if (isWaitedFor) return ['late', 'state.buffering'];
    if (person.is_ready) return person.is_excused ? ['excused', 'state.excused'] : ['ready', 'state.ready'];
    return person.is_excused ? ['excused', 'state.catching_up'] : ['late', 'state.not_ready'];
}

// What each deed says, and the command that does it.
function offer(deed, { user_id, name }, isMe) {
    // About oneself the command names nobody.
    const whom = isMe ? {} : { user_id };
    const offers = {
        excuse: [isMe ? 'deed.excuse_me' : 'deed.excuse', { type: 'wait', excused: true }],
        wait: [isMe ? 'deed.wait_me' : 'deed.wait', { type: 'wait', excused: false }],
        controller: ['deed.controller', { type: 'role', role: 'controller' }],
        viewer: ['deed.viewer', { type: 'role', role: 'viewer' }],
        chat_only: ['deed.chat_only', { type: 'role', role: 'chat_only' }],
        mute: ['deed.mute', { type: 'mute', muted: true }],
        unmute: ['deed.unmute', { type: 'mute', muted: false }],
        host: ['deed.host', { type: 'host' }, 'deed.host_sure'],
        kick: ['deed.kick', { type: 'kick' }],
        ban: ['deed.ban', { type: 'ban' }, 'deed.ban_sure'],
    };
    const [text, message, sure] = offers[deed];
    const question = sure && say(sure, { name });
    return { text: say(text), message: { ...message, ...whom }, question, isDanger: ['kick', 'ban'].includes(deed) };
}

// Figures that are shown are not older than this.
const DETAILS_MS = 5000;

// 38 ms, 0.4 ms, 12 s
function duration(ms) {
    if (ms >= 10000) return say('figures.seconds', { count: Math.round(ms / 1000) });
    return say('figures.milliseconds', { count: ms < 9.95 ? Number(ms.toFixed(1)) : Math.round(ms) });
}

// How well somebody's player and clock keep to the party, as far as that is known.
export function figuresOf({ is_connected: isConnected, round_trip_ms: roundTrip, drift_ms: drift, clock_error_ms: error }) {
    const said = [];
    if (roundTrip !== undefined) said.push(say('figures.round_trip', { span: duration(roundTrip) }));
    const sign = Math.abs(drift) < 0.05 ? '' : drift < 0 ? '\u2212' : '+';
    if (drift !== undefined) said.push(say('figures.drift', { span: `${sign}${duration(Math.abs(drift))}` }));
    if (error !== undefined) said.push(say('figures.clock', { span: duration(error) }));
    if (said.length === 0 && isConnected) return say('figures.none');
    return said.map((one) => one.replaceAll(' ', '\u00a0')).join(', '); // lines break between them only
}

// What can be done about a friend, or one who is not yet: [text, whether it asks or ends].
const FRIENDSHIP = {
    none: [['deed.friend', 'ask']],
    requested: [['deed.friend_take_back', 'end']],
    asks: [['deed.friend_accept', 'ask'], ['deed.friend_decline', 'end']],
    friends: [['deed.friend_end', 'end']],
};

export class PeopleView {
    // friends: see friends.js; toast(text) shows it for a moment
    constructor(party, friends, send, toast) {
        Object.assign(this, { party, friends, send, toast });
        this.rows = new Map();
        party.on('people you session', () => this.render());
        friends.onChange(() => this.party.membership === 'in' && this.render());
        $('people-details').addEventListener('click', () => this.showDetails(!this.hasDetails));
    }

    get hasDetails() {
        return this.timer !== undefined;
    }

    // Nobody is told of figures that change: whoever looks at them asks.
    showDetails(isOn) {
        clearInterval(this.timer);
        this.timer = isOn ? setInterval(() => this.ask(), DETAILS_MS) : undefined;
        $('people-details').setAttribute('aria-expanded', String(isOn));
        if (isOn) this.ask();
        this.render();
    }

    // A dialog is left alone: a state would put its fields back.
    ask() {
        const isSeen = this.party.membership === 'in' && !document.hidden && !document.querySelector('dialog[open]');
        if (isSeen) this.party.tell('ask', { type: 'state' });
    }

    render() {
        const { party } = this;
        const people = [...party.participants.values()];
        const title = say('people.title', { count: people.filter((one) => one.is_connected).length });
        for (const id of ['people-title', 'tab-people']) setText(id, title);
        // A row that says the same as before stays, and with it its menu and the focus.
        const opened = $('people').querySelector('.menu[open]')?.closest('li');
        const rows = new Map();
        for (const person of people) {
            const facts = this.facts(person);
            const key = JSON.stringify(facts);
            const old = this.rows.get(person.user_id);
            rows.set(person.user_id, old?.key === key ? old : { key, element: this.row(person, facts) });
        }
        const before = this.rows;
        this.rows = rows;
        this.place($('people'), [...rows.values()].map((row) => row.element));
        for (const person of people) this.putFigures(rows.get(person.user_id).element, person);
        for (const [id, row] of opened ? rows : []) {
            if (before.get(id)?.element === opened && row.element !== opened) reopen(row.element);
        }
    }

    // Puts the rows in their order, without moving those that stand right.
    place(list, elements) {
        for (const child of [...list.children]) if (!elements.includes(child)) child.remove();
        elements.forEach((element, index) => {
            if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
        });
    }

    // Into the row as it is, with its menu and the focus.
    putFigures(element, person) {
        const figures = element.querySelector('.person-figures');
        const text = this.hasDetails ? figuresOf(person) : '';
        figures.hidden = text === '';
        if (figures.textContent !== text) figures.textContent = text;
    }

    facts(person) {
        const { party, friends } = this;
        const isMe = person.user_id === party.you?.user_id;
        const [state, words] = stateOf(person, party.waitingFor.includes(person.user_id));
        const tags = [];
        if (isMe) tags.push('tag.you');
        const role = ROLE_TAGS[person.is_host ? 'host' : person.role];
        if (role) tags.push(role);
        if (person.is_muted) tags.push('tag.muted');
        const friendship = friends.isOn && !isMe ? friends.statusOf(person.user_id) ?? 'none' : undefined;
        return { name: person.name, isMe, state, words, tags, deeds: deeds(person, party), friendship };
    }

    row(person, facts) {
        const { state, tags } = facts;
        const words = say(facts.words);
        const line = make('div', { className: 'person-line' });
        const name = make('span', { className: 'person-name', title: person.name }, person.name);
        line.append(make('span', { className: 'person-face', title: words }, avatar(person.name), make('span', { className: 'dot' })), name);
        for (const tag of tags) line.append(make('span', { className: tag.replace('.', ' ') }, say(tag)));
        const note = make('span', { className: 'person-state' }, words);
        if (state === 'ready') note.classList.add('visually-hidden');
        line.append(note, make('span', { className: 'spring' }));
        const entries = [...this.deeds(person, facts), ...this.friendship(person, facts)];
        if (entries.length > 0) line.append(menu(say('people.more', person), entries, { opened: () => this.opened() }));
        const figures = make('p', { className: 'person-figures', hidden: true });
        return make('li', { className: `person ${state}` }, line, figures);
    }

    // What friends have done meanwhile is told nowhere else.
    opened() {
        if (this.friends.isOn) this.friends.load();
    }

    deeds(person, { deeds: list, isMe }) {
        return list.map((deed) => {
            const { message, ...entry } = offer(deed, person, isMe);
            return { ...entry, action: () => this.send(message) };
        });
    }

    friendship({ user_id: userId }, { friendship }) {
        return (FRIENDSHIP[friendship] ?? []).map(([text, act]) => {
            const action = () => this.friends[act](userId).catch((error) => this.toast(error.message));
            return { text: say(text), action };
        });
    }
}
