// The chat: lines come in, text goes out. Everything shown is a text node.

import { $, make, show } from './dom.js';

const LENGTH_MAX = 500;
// Whoever has scrolled up by more than this reads, and is not pulled down.
const NEAR_END_PX = 60;

export class ChatView {
    constructor(party, send) {
        this.party = party;
        this.send = send;
        this.unread = 0;
        party.on('line', (line) => this.add(line));
        party.on('session', () => this.settings());
        party.on('notice', (notice) => notice.about === 'chat' && this.giveBack());
        $('chat-form').addEventListener('submit', (event) => {
            event.preventDefault();
            this.submit();
        });
        document.addEventListener('visibilitychange', () => this.setUnread(0));
    }

    submit() {
        const message = [...$('chat-text').value.trim()].slice(0, LENGTH_MAX).join('');
        // While there is no connection the text stays where it is.
        if (!message || !this.send({ type: 'chat', message })) return;
        this.sent = message;
        $('chat-text').value = '';
    }

    // The server did not take it: nobody should have to type it again.
    giveBack() {
        if (!$('chat-text').value) $('chat-text').value = this.sent ?? '';
    }

    settings() {
        const isOn = this.party.session.chat_enabled;
        show('chat-form', isOn);
        $('chat').classList.toggle('off', !isOn);
    }

    add(line) {
        const list = $('lines');
        const isNearEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
        list.append(line.kind === 'system' ? make('li', { className: 'system' }, line.text) : this.message(line));
        if (line.surplus) list.firstChild.remove();
        if (isNearEnd || line.mine) list.scrollTop = list.scrollHeight;
        this.last = line;
        if (line.kind === 'chat' && !line.mine && !line.history && document.hidden) this.setUnread(this.unread + 1);
    }

    message(line) {
        const when = new Date(line.at);
        const clock = when.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
        const isMore = this.last?.kind === 'chat' && this.last.name === line.name && this.last.mine === line.mine;
        const time = make('time', { dateTime: when.toISOString() }, clock);
        const head = make('span', { className: 'line-head' }, make('b', {}, line.name), ' ', time);
        if (isMore) head.classList.add('visually-hidden');
        const className = `message${line.mine ? ' mine' : ''}${isMore ? ' more' : ''}`;
        return make('li', { className }, head, make('span', { className: 'line-text' }, line.text));
    }

    setUnread(unread) {
        this.unread = unread;
        const bare = document.title.replace(/^\(\d+\) /, '');
        document.title = unread > 0 ? `(${unread}) ${bare}` : bare;
    }
}
