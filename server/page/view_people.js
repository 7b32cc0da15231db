// Who is here, in which state, and what the host can do about it.

import { $, make } from './dom.js';

function stateOf(person, isWaitedFor) {
    if (!person.is_connected) return ['away', 'disconnected'];
    if (isWaitedFor) return ['late', 'buffering'];
    if (person.is_ready) return person.is_excused ? ['excused', 'not waited for'] : ['ready', 'ready'];
    return person.is_excused ? ['excused', 'catching up'] : ['late', 'not ready yet'];
}

export class PeopleView {
    constructor(party, send) {
        this.party = party;
        this.send = send;
        this.rows = new Map();
        party.on('people', () => this.render());
    }

    render() {
        const { party } = this;
        const people = [...party.participants.values()];
        $('people-title').textContent = `Here (${people.filter((one) => one.is_connected).length})`;
        // A row that says the same as before stays, and with it its open menu and the focus.
        const rows = new Map();
        for (const person of people) {
            const facts = this.facts(person);
            const key = JSON.stringify(facts);
            const old = this.rows.get(person.user_id);
            rows.set(person.user_id, old?.key === key ? old : { key, element: this.row(person, facts) });
        }
        this.rows = rows;
        this.place($('people'), [...rows.values()].map((row) => row.element));
        $('knocking').replaceChildren(...[...party.knocking.values()].map((user) => this.knock(user)));
    }

    // Puts the rows in their order, without moving those that stand right.
    place(list, elements) {
        for (const child of [...list.children]) if (!elements.includes(child)) child.remove();
        elements.forEach((element, index) => {
            if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
        });
    }

    facts(person) {
        const { party } = this;
        const isMe = person.user_id === party.you?.user_id;
        const [state, words] = stateOf(person, party.waitingFor.includes(person.user_id));
        const menu = [];
        if (party.isHost && !isMe) menu.push('host', 'kick');
        if ((party.canControl || isMe) && person.is_connected) menu.push(person.is_excused ? 'wait' : 'excuse');
        return { name: person.name, isMe, isHost: person.is_host, state, words, menu };
    }

    row(person, { isMe, isHost, state, words, menu }) {
        const element = make('li', { className: `person ${state}` });
        const name = make('span', { className: 'person-name' }, person.name);
        element.append(make('span', { className: 'dot', title: words }), name);
        if (isMe) element.append(make('span', { className: 'tag' }, 'you'));
        if (isHost) element.append(make('span', { className: 'tag host' }, 'host'));
        const note = make('span', { className: 'person-state' }, words);
        if (state === 'ready') note.classList.add('visually-hidden');
        element.append(note, make('span', { className: 'spring' }));
        if (menu.length > 0) element.append(this.menu(person, isMe, menu));
        return element;
    }

    menu(person, isMe, entries) {
        const user_id = person.user_id;
        const actions = {
            host: ['Make host', { type: 'host', user_id }],
            kick: ['Remove', { type: 'kick', user_id }],
            excuse: [isMe ? 'Don\u2019t wait for me' : 'Don\u2019t wait', { type: 'wait', user_id, excused: true }],
            wait: [isMe ? 'Wait for me again' : 'Wait again', { type: 'wait', user_id, excused: false }],
        };
        const summary = make('summary', { title: 'More' }, make('span', { className: 'dots' }, '\u22ef'));
        summary.setAttribute('aria-label', `More about ${person.name}`);
        const details = make('details', { className: 'menu' }, summary);
        const list = make('div', { className: 'menu-list' });
        for (const entry of entries) {
            const [text, { ...message }] = actions[entry];
            // About oneself the command names nobody.
            if (isMe) delete message.user_id;
            const button = make('button', { type: 'button', className: entry === 'kick' ? 'danger' : '' }, text);
            button.addEventListener('click', () => {
                details.open = false;
                this.send(message);
            });
            list.append(button);
        }
        details.append(list);
        details.addEventListener('focusout', (event) => {
            if (!details.contains(event.relatedTarget)) details.open = false;
        });
        details.addEventListener('keydown', (event) => {
            if (event.key !== 'Escape') return;
            details.open = false;
            summary.focus();
        });
        return details;
    }

    knock(user) {
        const answer = (type, text, className) => {
            const button = make('button', { type: 'button', className }, text);
            button.addEventListener('click', () => this.send({ type, user_id: user.user_id }));
            return button;
        };
        return make('li', {}, make('span', { className: 'person-name' }, user.name), ' wants to come in',
            make('span', { className: 'buttons' }, answer('admit', 'Let in', 'primary small'),
                answer('deny', 'Deny', 'small')));
    }
}
