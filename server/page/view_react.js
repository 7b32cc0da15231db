// Reacting from over the film, where the chat with its palette is not seen, as on a full screen. player.css knows when.

import { $ } from './dom.js';
import { say } from './language.js';
import { menu } from './menu.js';
import { icon } from './symbol.js';
import { obstacle } from './view_composer.js';
import { REACTIONS } from './view_palette.js';

export class ReactView {
    constructor(party, send) {
        Object.assign(this, { party, send });
        this.menu = menu(say('player.react'), () => [this.choices()], { face: icon('emoji') });
        $('react-menu').append(this.menu);
        this.menu.addEventListener('toggle', () => (this.isByKey = this.isByKey && this.menu.open));
    }

    choices() {
        const reason = obstacle(this.party);
        const choices = REACTIONS.map((reaction) => ({ text: reaction, reason, action: () => this.react(reaction) }));
        return { title: say('palette.react'), hint: reason, choices, isRow: true };
    }

    react(reaction) {
        this.send({ type: 'react', reaction });
        // The controls may fade again.
        if (this.isByKey) document.activeElement.blur();
    }

    // By its key: here, or in the chat where that is seen.
    toggle() {
        const [summary, list] = this.menu.children;
        if (summary.getClientRects().length === 0) return $('palette-open').click();
        summary.click();
        this.isByKey = this.menu.open;
        return this.menu.open && list.querySelector('button:not(:disabled)')?.focus();
    }
}
