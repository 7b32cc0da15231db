// What there is to say about the connection, over the page: that it is lost, when it is tried again, that it is back.

import { $, setText, show } from './dom.js';
import { say } from './language.js';

const TICK_MS = 500;

export class ConnectionView {
    // retry(): now, not later
    constructor(retry) {
        $('connection-now').addEventListener('click', retry);
    }

    tell(text, isGood = false) {
        clearInterval(this.timer);
        setText('connection-text', text);
        $('connection').classList.toggle('good', isGood);
        show('connection', text !== '');
        this.count(0);
        show('connection-now', false);
    }

    // `wait`: until it is tried again
    lost(text, wait) {
        this.tell(text);
        show('connection-now', true);
        const at = performance.now() + wait;
        this.count(wait);
        this.timer = setInterval(() => this.count(at - performance.now()), TICK_MS);
    }

    count(left) {
        const seconds = Math.ceil(left / 1000);
        setText('connection-next', seconds > 0 ? say('connection.next', { count: seconds }) : '');
    }
}
