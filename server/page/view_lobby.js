// Who knocks, for those who may let them in.

import { $, make, show } from './dom.js';
import { say } from './language.js';
import { setCount } from './title.js';

export class LobbyView {
    constructor(party, send) {
        this.party = party;
        this.send = send;
        this.rows = new Map();
        party.on('lobby you membership', () => this.render());
    }

    render() {
        const { party } = this;
        const guests = party.membership === 'in' && party.may('admit') ? [...party.knocking.values()] : [];
        const mayBan = party.may('ban');
        // Those who were there before stay as they are, and with them the focus.
        const rows = new Map();
        for (const user of guests) {
            const key = `${user.user_id} ${mayBan}`;
            rows.set(key, this.rows.get(key) ?? this.row(user, mayBan));
        }
        for (const [key, row] of this.rows) if (!rows.has(key)) row.remove();
        for (const [key, row] of rows) if (!this.rows.has(key)) $('knocking').append(row);
        this.rows = rows;
        show('lobby', guests.length > 0);
        setCount('knocks', guests.length);
    }

    row(user, mayBan) {
        const answer = (type, text, className) => {
            const button = make('button', { type: 'button', className }, text);
            button.setAttribute('aria-label', say('label.about', { what: text, whom: user.name }));
            button.addEventListener('click', () => this.send({ type, user_id: user.user_id }));
            return button;
        };
        const buttons = make('span', { className: 'buttons' },
            answer('admit', say('lobby.admit'), 'primary small'), answer('deny', say('lobby.deny'), 'small'));
        if (mayBan) buttons.append(answer('ban', say('lobby.ban'), 'small danger'));
        return make('li', {}, make('span', { className: 'person-name' }, user.name), ` ${say('lobby.wants')}`, buttons);
    }
}
