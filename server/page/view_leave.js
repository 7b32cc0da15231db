// Leaving. A host who is not alone is asked what becomes of the party; everybody else just goes.

import { $, make } from './dom.js';

export class LeaveView {
    // leave(): goes, without a question
    constructor(party, send, leave) {
        Object.assign(this, { party, send, leave });
        $('leave').addEventListener('click', () => this.ask());
        $('leaving-hand-over').addEventListener('click', () => {
            if (this.send({ type: 'host', user_id: $('leaving-to').value })) this.leave();
        });
        $('leaving-end').addEventListener('click', () => {
            if (this.send({ type: 'end' })) $('leaving').close();
        });
    }

    // Those who control already come first.
    get heirs() {
        const { party } = this;
        const others = [...party.participants.values()].filter((one) => one.is_connected && !one.is_host);
        return others.sort((a, b) => (b.role === 'controller') - (a.role === 'controller'));
    }

    ask() {
        const { heirs, party } = this;
        if (!party.isHost || heirs.length === 0) {
            this.leave();
            return;
        }
        $('leaving-to').replaceChildren(...heirs.map(({ name, user_id: value }) => make('option', { value }, name)));
        $('leaving').showModal();
    }
}
