// The lines of the chat: they come in, and those that nobody has looked at yet are counted. Everything shown is a text node.

import { avatar, hueOf } from './avatar.js';
import { $, make, setText, show } from './dom.js';
import { clock, say } from './language.js';
import { pieces } from './links.js';
import { setCount } from './title.js';

// Whoever has scrolled up by more than this reads, and is not pulled down.
const NEAR_END_PX = 60;
// What somebody says later than that begins anew.
const TOGETHER_MS = 5 * 60000;

const link = ({ text, href }) => (href ? make('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text) : text);

const divider = (text, className) => make('li', { className: `divider ${className}` }, text);

export class ChatView {
    constructor(party, send) {
        Object.assign(this, { party, send, unread: 0, isAtEnd: true, height: 0 });
        this.list = $('lines');
        party.on('line', (line) => this.add(line));
        party.on('unline', (id) => this.remove(id));
        // Whoever may delete all gets a button at each line; one's own always have it.
        party.on('session you', () => this.list.classList.toggle('may-delete', party.may('delete_chat')));
        this.list.addEventListener('scroll', () => this.scrolled());
        document.addEventListener('visibilitychange', () => this.arrive());
        new ResizeObserver(() => this.resized()).observe(this.list);
        $('chat-newer').addEventListener('click', () => {
            this.toEnd();
            this.list.focus();
        });
    }

    // --- Lines

    add(line) {
        const { list } = this;
        this.part(line);
        list.append(line.kind === 'system' ? make('li', { className: 'system' }, line.text) : this.message(line));
        if (line.surplus) list.firstChild.remove();
        if (line.mine) this.setUnread(0);
        if (line.mine || this.isAtEnd) this.toEnd();
    }

    // A line of its own before what was said since one came, and before what is new.
    part(line) {
        const isNews = line.kind === 'chat' && !line.mine && !line.history;
        if (this.isHistory && !line.history) this.list.append(divider(say('chat.before'), 'before'));
        this.isHistory = Boolean(line.history);
        if (!isNews || this.isSeen) return;
        if (this.unread === 0) {
            this.list.querySelector('.new')?.remove();
            this.list.append(divider(say('chat.new_below'), 'new'));
        }
        this.setUnread(this.unread + 1);
    }

    message(line) {
        const when = new Date(line.at);
        const time = make('time', { dateTime: when.toISOString() }, clock(when));
        const name = make('b', { className: `hue-${hueOf(line.name)}` }, line.name);
        const before = this.list.lastElementChild;
        const isMore = before?.dataset.author === line.author && line.at - before.dataset.at < TOGETHER_MS;
        const text = make('span', { className: 'line-text' }, ...pieces(line.text).map(link));
        const element = make('li', { className: `message${line.mine ? ' mine' : ''}${isMore ? ' more' : ''}` },
            avatar(line.name), make('span', { className: 'line-head' }, name, ' ', time), text);
        Object.assign(element.dataset, { author: line.author, at: line.at });
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
        const line = [...this.list.children].find((one) => one.dataset.id === id);
        if (!line) return;
        // The next of the same person bears the name now.
        const next = line.nextElementSibling;
        if (!line.classList.contains('more')) next?.classList.remove('more');
        if (line.contains(document.activeElement)) this.list.focus();
        line.remove();
    }

    // --- What was seen of them

    get isShown() {
        return !document.hidden && this.list.getClientRects().length > 0;
    }

    get isSeen() {
        return this.isShown && this.isAtEnd;
    }

    toEnd() {
        this.list.scrollTop = this.list.scrollHeight;
    }

    scrolled() {
        const { list } = this;
        if (!this.isShown) return;
        this.isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
        if (this.isAtEnd) this.setUnread(0);
    }

    // What stands at the lower edge stays there.
    resized() {
        const { list } = this;
        const before = this.height;
        this.height = list.clientHeight;
        if (before === 0) this.arrive();
        else if (this.isAtEnd) this.toEnd();
        else list.scrollTop += before - this.height;
    }

    // Somebody looks again: at the end, or where what is new begins if that is more.
    arrive() {
        if (!this.isShown || !this.isAtEnd) return;
        const first = this.unread > 0 ? this.list.querySelector('.new') : null;
        this.toEnd();
        if (first) this.list.scrollTop = Math.min(this.list.scrollTop, first.offsetTop - this.list.offsetTop);
        this.scrolled();
    }

    setUnread(unread) {
        this.unread = unread;
        setCount('lines', unread);
        show('chat-newer', unread > 0);
        if (unread > 0) setText('chat-newer', say('chat.newer', { count: unread }));
    }
}
