// The party as this member sees it, made from the server's messages alone. No DOM, no socket, no player: it is told
// messages and tells topics: membership, people, timeline, session, line, notice, ask.

import { timelineOf } from './timeline.js';
import { sentenceFor } from './words.js';

const LINES_MAX = 500;

export class Party {
    constructor() {
        this.listeners = {};
        this.membership = 'joining'; // joining, knocking, in, over
        this.you = null;
        this.session = null;
        this.timeline = null;
        this.participants = new Map(); // user_id -> entry, in order of joining
        this.knocking = new Map();
        this.waitingFor = [];
        this.seenChat = new Set();
        this.lines = 0;
    }

    on(topics, listener) {
        for (const topic of topics.split(' ')) (this.listeners[topic] ??= []).push(listener);
    }

    tell(topic, value) {
        for (const listener of this.listeners[topic] ?? []) listener(value);
    }

    receive(message) {
        this[`on_${message.type}`]?.(message);
    }

    get isHost() {
        return this.session !== null && this.session.host_user_id === this.you?.user_id;
    }

    get canControl() {
        return this.isHost || Boolean(this.you?.can_control);
    }

    nameOf(userId) {
        return this.participants.get(userId)?.name ?? 'somebody';
    }

    setMembership(membership, over = null) {
        this.membership = membership;
        this.over = over;
        this.tell('membership');
    }

    on_state(message) {
        this.participants = new Map(message.participants.map((one) => [one.user_id, one]));
        this.knocking = new Map((message.knocking ?? []).map((one) => [one.user_id, one]));
        if (message.session) this.session = message.session;
        if (message.you) this.you = message.you;
        if (this.membership !== 'in') this.setMembership('in');
        this.tell('session');
        this.setTimeline(message);
        this.tell('people');
    }

    on_command(message) {
        if (this.membership !== 'in') return;
        const seen = this.timeline?.revision ?? 0;
        if (message.revision < seen) return;
        if (message.revision > seen + 1) this.tell('ask', { type: 'state' });
        // At a new place nobody has said yet that they are ready.
        if (message.action === 'seek') for (const one of this.participants.values()) one.is_ready = false;
        this.setTimeline(message);
        this.tell('people');
        this.tell('notice', { kind: 'command', ...message });
    }

    setTimeline(message) {
        this.timeline = timelineOf(message);
        this.setWaiting(message.waiting_for, message.phase);
        this.tell('timeline', message.server_time);
    }

    setWaiting(waitingFor, phase = this.timeline?.phase) {
        this.waitingFor = phase === 'waiting' ? waitingFor ?? [] : [];
    }

    on_participant(message) {
        const { action, user, participant } = message;
        const isMe = user.user_id === this.you?.user_id;
        if (this.membership !== 'in') return this.knock(action);
        if (action === 'requested') {
            this.knocking.set(user.user_id, user);
            this.tell('notice', { kind: 'knock', user });
        } else if (['joined', 'admitted', 'denied'].includes(action)) {
            this.knocking.delete(user.user_id);
        }
        if (action === 'left' || action === 'kicked') {
            // Who does not sit here was knocking and has gone away: no news.
            this.knocking.delete(user.user_id);
            if (this.participants.delete(user.user_id) && !isMe) this.departed(message);
        } else if (participant) {
            this.participants.set(user.user_id, participant);
        }
        if (action === 'joined' && !isMe) this.system(`${user.name} joined`);
        if (action === 'host') this.newHost(user, isMe);
        this.updateWaiting(message);
        this.tell('people');
    }

    // Between two commands, who is waited for follows from what becomes of each.
    updateWaiting({ action, user }) {
        const others = this.waitingFor.filter((id) => id !== user.user_id);
        if (['ready', 'excused', 'disconnected', 'left', 'kicked'].includes(action)) this.waitingFor = others;
        else if (action === 'stalled') this.setWaiting([...others, user.user_id]);
    }

    knock(action) {
        if (action === 'requested') this.setMembership('knocking');
        // The state comes by itself; asking once more costs nothing.
        if (action === 'admitted') this.tell('ask', { type: 'state' });
    }

    departed({ action, user, reason }) {
        if (action === 'left') this.system(`${user.name} left`);
        else if (reason === 'latency') this.system(`${user.name} was removed: the connection is too slow`);
        else this.system(`${user.name} was removed by the host`);
    }

    newHost(user, isMe) {
        this.session = { ...this.session, host_user_id: user.user_id };
        for (const one of this.participants.values()) one.is_host = one.user_id === user.user_id;
        this.system(isMe ? 'You are the host now' : `${user.name} is the host now`);
        this.tell('session');
        // Who knocks, and what one may do, depends on the seat.
        this.tell('ask', { type: 'state' });
    }

    on_session(message) {
        const before = this.session;
        this.session = message.session;
        if (before && before.chat_enabled !== this.session.chat_enabled) {
            this.system(this.session.chat_enabled ? 'The chat is on' : 'The chat is off');
        }
        if (before && before.control !== this.session.control) {
            this.system(this.session.control === 'host' ? 'Only the host controls now' : 'Everyone can control now');
        }
        this.tell('session');
        this.tell('people');
        if (before && before.content_id !== this.session.content_id) {
            this.system(`Now: ${this.session.title || 'another film'}`);
        }
        // What one may do depends on the settings.
        this.tell('ask', { type: 'state' });
    }

    on_chat(message) {
        if (message.id !== undefined) {
            if (this.seenChat.has(message.id)) return;
            this.seenChat.add(message.id);
        }
        this.line({
            kind: 'chat',
            name: message.user.name,
            mine: message.user.user_id === this.you?.user_id,
            text: message.message,
            at: message.timestamp,
            history: Boolean(message.history),
        });
    }

    system(text) {
        this.line({ kind: 'system', text });
    }

    line(line) {
        this.lines += 1;
        this.tell('line', { ...line, surplus: this.lines > LINES_MAX });
    }

    on_error(message) {
        if (message.in_reply_to === 'join' && message.code !== 'already_joined') {
            this.setMembership('over', { code: message.code, message: message.message });
            return;
        }
        const sentence = sentenceFor(message);
        if (sentence) this.tell('notice', { kind: 'error', sentence, about: message.in_reply_to });
    }

    on_ended(message) {
        // A server that goes down comes back with the party; the socket sees to that.
        if (message.reason !== 'shutdown') this.setMembership('over', { code: message.reason, message: message.message });
    }
}
