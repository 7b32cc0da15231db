// Who was banned or removed a short while ago, and may be allowed to come again. A part of the settings.

import { $, make, show } from './dom.js';
import { say, span } from './language.js';

export class RemovedView {
    constructor(party, serverTime, send) {
        Object.assign(this, { party, serverTime, send });
        party.on('removed you', () => this.render());
    }

    render() {
        const { party } = this;
        const now = this.serverTime();
        const people = party.may('ban') ? [...party.removed.values()].filter((one) => !(one.until <= now)) : [];
        show('settings-removed', people.length > 0);
        $('removed').replaceChildren(...people.map((one) => this.row(one, now)));
    }

    row(person, now) {
        const { name, is_banned: isBanned, until, user_id } = person;
        const aWhile = () => (until ? say('removed.for_span', { span: span(until - now) }) : say('removed.for_a_while'));
        const howLong = isBanned ? say('removed.for_good') : aWhile();
        const button = make('button', { type: 'button', className: 'small' }, say('removed.allow'));
        button.setAttribute('aria-label', say('label.about', { what: say('removed.allow'), whom: name }));
        button.addEventListener('click', () => this.send({ type: 'unban', user_id }));
        return make('li', {}, make('span', { className: 'person-name' }, name || say('removed.nameless')),
            make('span', { className: 'person-state' }, howLong), button);
    }
}
