// What there is to say about the connection, over the page: that it is lost, when it is tried again, that it is back.

import { $, setText, show } from './dom.js';
import { say } from './language.js';

const SECOND_MS = 1000;

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
        let seconds = Math.ceil(wait / 1000);
        this.count(seconds);
        this.timer = setInterval(() => this.count((seconds -= 1)), SECOND_MS);
    }

    count(seconds) {
        setText('connection-next', seconds > 0 ? say('connection.next', { count: seconds }) : '');
    }
}
