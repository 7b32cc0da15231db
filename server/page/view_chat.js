// The chat: lines come in, text goes out. Everything shown is a text node.

import { $, make } from './dom.js';
import { clock, say } from './language.js';
import { setCount } from './title.js';

const LENGTH_MAX = 500;
// Whoever has scrolled up by more than this reads, and is not pulled down.
const NEAR_END_PX = 60;

// Why nothing can be written; '' if it can.
function obstacle(party) {
    if (!party.session.chat_enabled) return say('chat.off');
    if (party.me?.is_muted) return say('chat.muted');
    return party.may('chat') ? '' : say('chat.not_allowed');
}

export class ChatView {
    constructor(party, send) {
        this.party = party;
        this.send = send;
        this.unread = 0;
        party.on('line', (line) => this.add(line));
        party.on('unline', (id) => this.remove(id));
        party.on('session you people', () => this.rights());
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

    rights() {
        const why = obstacle(this.party);
        for (const id of ['chat-text', 'chat-send']) $(id).disabled = why !== '';
        $('chat-text').placeholder = why || say('chat.hint');
        // Whoever may delete all gets a button at each line; one's own always have it.
        $('lines').classList.toggle('may-delete', this.party.may('delete_chat'));
    }

    add(line) {
        const list = $('lines');
        const isNearEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
        list.append(line.kind === 'system' ? make('li', { className: 'system' }, line.text) : this.message(line));
        if (line.surplus) list.firstChild.remove();
        if (isNearEnd || line.mine) list.scrollTop = list.scrollHeight;
        if (line.kind === 'chat' && !line.mine && !line.history && document.hidden) this.setUnread(this.unread + 1);
    }

    message(line) {
        const when = new Date(line.at);
        const time = make('time', { dateTime: when.toISOString() }, clock(when));
        const head = make('span', { className: 'line-head' }, make('b', {}, line.name), ' ', time);
        const isMore = $('lines').lastElementChild?.dataset.author === line.author;
        const element = make('li', { className: `message${line.mine ? ' mine' : ''}${isMore ? ' more' : ''}` }, head);
        element.append(make('span', { className: 'line-text' }, line.text));
        element.dataset.author = line.author;
        if (line.id !== undefined) {
            element.dataset.id = line.id;
            element.append(this.deleteButton(line));
        }
        return element;
    }

    deleteButton({ id, name }) {
        const button = make('button', { type: 'button', className: 'delete', title: say('chat.delete') }, '\u00d7');
        button.setAttribute('aria-label', say('chat.delete_of', { name }));
        button.addEventListener('click', () => this.send({ type: 'delete', id }));
        return button;
    }

    remove(id) {
        const line = [...$('lines').children].find((one) => one.dataset.id === id);
        if (!line) return;
        // The next of the same person bears the name now.
        const next = line.nextElementSibling;
        if (!line.classList.contains('more')) next?.classList.remove('more');
        if (line.contains(document.activeElement)) $('lines').focus();
        line.remove();
    }

    setUnread(unread) {
        this.unread = unread;
        setCount('lines', unread);
    }
}
