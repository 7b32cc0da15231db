// What stands beside the film: whether it is shown, and which part of it where there is room for one only (party.css knows
// when). Knows nothing of what is in the parts but how much in them is new.

import { $, setText, show } from './dom.js';
import { number, say } from './language.js';
import { onCount } from './title.js';

const TABS = ['chat', 'people'];

export class SideView {
    constructor() {
        this.choose('chat');
        $('side-toggle').addEventListener('click', () => this.toggle());
        TABS.forEach((tab, index) => {
            $(`tab-${tab}`).addEventListener('click', () => this.choose(tab));
            $(`tab-${tab}`).addEventListener('keydown', (event) => {
                if (!['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
                event.preventDefault();
                event.stopPropagation(); // or the film goes somewhere else
                const other = TABS[(index + 1) % TABS.length];
                this.choose(other);
                $(`tab-${other}`).focus();
            });
        });
        onCount((counts) => this.news(counts));
    }

    choose(chosen) {
        $('party').dataset.tab = chosen;
        for (const tab of TABS) {
            $(`tab-${tab}`).setAttribute('aria-selected', String(tab === chosen));
            $(`tab-${tab}`).tabIndex = tab === chosen ? 0 : -1;
        }
    }

    toggle() {
        const isShown = $('party').dataset.side === 'hidden';
        $('party').dataset.side = isShown ? 'shown' : 'hidden';
        $('side-toggle').setAttribute('aria-expanded', String(isShown));
    }

    // The lobby is seen with each of the tabs.
    news({ knocks, lines }) {
        const all = knocks + lines;
        for (const [id, count] of [['side-news', all], ['chat-news', lines]]) {
            setText(id, number(count));
            show(id, count > 0);
        }
        $('side-toggle').setAttribute('aria-label', all > 0 ? say('top.side_news', { count: all }) : say('top.side'));
    }
}
