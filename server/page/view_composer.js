// Where one writes: the field, how much still fits in it, who else is writing, and the palette of emoji.

import { $, setText, show } from './dom.js';
import { names, say } from './language.js';
import { Palette } from './view_palette.js';

const ROWS_MOST = 4;
// What still fits is told near the limit only.
const NEAR_LIMIT = 50;
// While one writes it is said every so often; and it holds for so long.
const TYPING_EVERY_MS = 3000;
const TYPING_HOLDS_MS = 6000;
const NAMED_MOST = 2;
// Those who hear the page are told no more often than that.
const HEARD_EVERY_MS = 20000;

// Why nothing can be written, nor reacted with; '' if it can.
export function obstacle(party) {
    if (!party.session.chat_enabled) return say('chat.off');
    if (party.me?.is_muted) return say('chat.muted');
    return party.may('chat') ? '' : say('chat.not_allowed');
}

export class ComposerView {
    constructor(party, send) {
        Object.assign(this, { party, send, field: $('chat-text'), saidTyping: -Infinity, heardAt: -Infinity });
        this.typing = new Map(); // user_id -> the timer that ends it
        this.palette = new Palette({
            insert: (emoji) => this.insert(emoji),
            react: (reaction) => send({ type: 'react', reaction }),
            closed: () => this.field.focus(),
        });
        party.on('session you people', () => this.rights());
        party.on('notice', (notice) => notice.about === 'chat' && this.giveBack());
        party.on('typing', ({ user, typing }) => this.heard(user.user_id, typing));
        party.on('line', ({ author }) => author && this.heard(author, false));
        party.on('people', () => this.gone());
        this.field.addEventListener('input', () => this.changed());
        this.field.addEventListener('keydown', (event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            this.submit();
        });
        $('chat-form').addEventListener('submit', (event) => {
            event.preventDefault();
            this.submit();
        });
    }

    // --- Writing

    submit() {
        const message = this.field.value.trim();
        // While there is no connection the text stays where it is.
        if (!message || !this.send({ type: 'chat', message })) return;
        this.sent = message;
        this.saidTyping = -Infinity;
        this.fill('');
    }

    // The server did not take it: nobody should have to type it again.
    giveBack() {
        if (!this.field.value) this.fill(this.sent ?? '');
    }

    fill(text) {
        this.field.value = text;
        this.grow();
    }

    insert(emoji) {
        const { field } = this;
        if (field.disabled || field.value.length + emoji.length > field.maxLength) return;
        field.setRangeText(emoji, field.selectionStart, field.selectionEnd, 'end');
        this.changed();
    }

    changed() {
        this.grow();
        const isTyping = this.field.value !== '';
        const now = performance.now();
        if (isTyping ? now - this.saidTyping < TYPING_EVERY_MS : this.saidTyping === -Infinity) return;
        this.saidTyping = isTyping ? now : -Infinity;
        this.party.tell('ask', { type: 'typing', typing: isTyping });
    }

    // As high as what is in it.
    grow() {
        const { field } = this;
        for (field.rows = 1; field.rows < ROWS_MOST && field.scrollHeight > field.clientHeight; field.rows += 1);
        const left = field.maxLength - field.value.length;
        setText('chat-left', left <= NEAR_LIMIT ? say('chat.left', { count: left }) : '');
    }

    rights() {
        const why = obstacle(this.party);
        for (const id of ['chat-text', 'chat-send', 'palette-open']) $(id).disabled = why !== '';
        if (why) this.palette.close();
        this.field.placeholder = why || say('chat.hint');
    }

    // --- Who else is writing

    heard(userId, isTyping) {
        clearTimeout(this.typing.get(userId));
        if (isTyping) this.typing.set(userId, setTimeout(() => this.heard(userId, false), TYPING_HOLDS_MS));
        else if (!this.typing.delete(userId)) return;
        this.renderTyping();
    }

    gone() {
        for (const userId of this.typing.keys()) {
            const person = this.party.participants.get(userId);
            if (!person?.is_connected || person.is_muted) this.heard(userId, false);
        }
    }

    renderTyping() {
        const who = [...this.typing.keys()];
        const named = () => say('typing.named', { names: names(who.map((id) => this.party.nameOf(id))), count: who.length });
        const some = who.length > 0 ? named() : '';
        const text = who.length > NAMED_MOST ? say('typing.several') : some;
        setText('typing', text);
        show('typing-dots', text !== '');
        if (!text || performance.now() - this.heardAt < HEARD_EVERY_MS) return;
        this.heardAt = performance.now();
        setText('typing-heard', text);
    }
}
