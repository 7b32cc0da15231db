// The party as this member sees it, made from the server's messages alone. No DOM, no socket, no player: it is told
// messages and tells topics: membership, you, people, lobby, invitations, removed, timeline, session, line, unline, typing,
// reaction, notice, ask.

import { say } from './language.js';
import { ROLE_NEWS, sentenceFor } from './words.js';

const LINES_MAX = 500;
// The rights that come with a list in the state.
const LIST_RIGHTS = ['admit', 'ban', 'invite'];

const byId = (list, key = 'user_id') => new Map((list ?? []).map((one) => [one[key], one]));

export class Party {
    constructor() {
        this.listeners = {};
        this.membership = 'joining'; // joining, knocking, in, over
        this.you = null;
        this.session = null;
        this.timeline = null; // as it was told; where the film is by now the follower knows
        this.participants = new Map(); // user_id -> entry, in order of joining
        this.knocking = new Map();
        this.removed = new Map();
        this.invitations = new Map(); // id -> entry, with the `token` if it was made here
        this.waitingFor = [];
        this.heardAt = -Infinity; // the server's time when it last spoke of the present
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

    may(right) {
        return this.you?.rights?.includes(right) ?? false;
    }

    // This user's own entry.
    get me() {
        return this.participants.get(this.you?.user_id);
    }

    nameOf(userId) {
        return this.participants.get(userId)?.name ?? say('people.somebody');
    }

    setMembership(membership, over = null) {
        this.membership = membership;
        this.over = over;
        this.tell('membership');
    }

    on_state(message) {
        this.participants = byId(message.participants);
        if (message.session) this.session = message.session;
        if (message.you) this.you = message.you;
        this.setLists(message);
        this.heardAt = message.server_time;
        if (this.membership !== 'in') this.setMembership('in');
        this.tell('you');
        this.tell('session');
        this.setTimeline(message);
        this.tell('people');
    }

    // Who may not see a list gets none.
    setLists({ knocking, removed, invitations }) {
        const tokens = this.invitations;
        this.knocking = byId(knocking);
        this.removed = byId(removed);
        this.invitations = byId(invitations, 'id');
        for (const [id, one] of this.invitations) one.token = tokens.get(id)?.token;
        for (const topic of ['lobby', 'removed', 'invitations']) this.tell(topic);
    }

    // Back again, and what was missed follows: it tells of the past.
    on_resumed(message) {
        this.heardAt = message.server_time;
        if (this.setYou(message.you)) this.tell('ask', { type: 'state' });
    }

    on_you({ you }) {
        // A new host is told everything anyway.
        if (this.setYou(you) && !you.is_host) this.tell('ask', { type: 'state' });
    }

    // Returns whether there is a list now that could not be seen before.
    setYou(you) {
        const before = this.you;
        this.you = you;
        const gained = LIST_RIGHTS.some((right) => this.may(right) && !before?.rights?.includes(right));
        const lists = {};
        if (this.may('admit')) lists.knocking = [...this.knocking.values()];
        if (this.may('ban')) lists.removed = [...this.removed.values()];
        if (this.may('invite')) lists.invitations = [...this.invitations.values()];
        this.setLists(lists);
        this.tell('you');
        this.tell('people');
        return gained;
    }

    on_command(message) {
        if (this.membership !== 'in') return;
        const seen = this.timeline?.revision ?? 0;
        if (message.revision < seen) return;
        if (message.revision > seen + 1) this.tell('ask', { type: 'state' });
        // At a new place nobody has said yet that they are ready.
        if (message.action === 'seek') for (const one of this.participants.values()) one.is_ready = false;
        const isNews = !(message.server_time < this.heardAt);
        this.setTimeline(message);
        this.tell('people');
        if (isNews) this.tell('notice', { kind: 'command', ...message });
    }

    setTimeline(message) {
        const isPlaying = message.is_playing ?? message.action === 'play';
        this.timeline = {
            revision: message.revision ?? 0,
            phase: message.phase ?? (isPlaying ? 'playing' : 'paused'),
            isPlaying,
            position: message.position_ms,
            speed: message.playback_speed ?? 1,
        };
        this.setWaiting(message.waiting_for, message.phase);
        this.tell('timeline');
    }

    setWaiting(waitingFor, phase = this.timeline?.phase) {
        this.waitingFor = phase === 'waiting' ? waitingFor ?? [] : [];
    }

    on_participant(message) {
        const { action, user, participant } = message;
        const isMe = user.user_id === this.you?.user_id;
        if (this.membership !== 'in') return this.knock(action);
        const before = this.participants.get(user.user_id);
        this.updateLists(message);
        if (action === 'left' || action === 'kicked') {
            // Who does not sit here was knocking and has gone away: no news.
            if (this.participants.delete(user.user_id) && !isMe) this.departed(message);
        } else if (participant) {
            this.participants.set(user.user_id, participant);
        }
        if (action === 'joined' && !isMe && !before) this.system(say('news.joined', user));
        if (action === 'host') this.newHost(user, isMe);
        if (['role', 'muted', 'unmuted'].includes(action)) this.changed(message, isMe, before?.role);
        this.updateWaiting(message);
        this.tell('people');
    }

    // Who knocks, and who may not come back.
    updateLists({ action, user, reason }) {
        if (action === 'requested') {
            this.knocking.set(user.user_id, user);
            this.tell('notice', { kind: 'knock', user });
        } else if (['joined', 'admitted', 'denied', 'left', 'kicked', 'banned'].includes(action)) {
            this.knocking.delete(user.user_id);
        }
        if (action === 'banned' || (action === 'kicked' && reason === 'kicked' && this.may('ban'))) {
            this.removed.set(user.user_id, { ...user, is_banned: action === 'banned' });
        } else if (action === 'unbanned' || action === 'joined') {
            this.removed.delete(user.user_id);
        }
        this.tell('lobby');
        this.tell('removed');
    }

    changed({ action, user, participant }, isMe, roleBefore) {
        if (action === 'role') {
            const news = ROLE_NEWS[participant?.role];
            if (news && participant.role !== roleBefore) this.system(say(news[isMe ? 1 : 0], user));
        } else {
            const [muted, unmuted] = isMe ? ['news.muted_you', 'news.unmuted_you'] : ['news.muted', 'news.unmuted'];
            this.system(say(action === 'muted' ? muted : unmuted, user));
        }
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
        const gone = { latency: 'news.slow', banned: 'news.banned' }[reason] ?? 'news.removed';
        this.system(say(action === 'left' ? 'news.left' : gone, user));
    }

    newHost(user, isMe) {
        this.session = { ...this.session, host_user_id: user.user_id };
        for (const one of this.participants.values()) one.is_host = one.user_id === user.user_id;
        this.system(say(isMe ? 'news.host_you' : 'news.host', user));
        this.tell('session');
    }

    on_session(message) {
        const before = this.session;
        this.session = message.session;
        if (before && before.chat_enabled !== this.session.chat_enabled) {
            this.system(say(this.session.chat_enabled ? 'news.chat_on' : 'news.chat_off'));
        }
        if (before && before.control !== this.session.control) {
            this.system(say(this.session.control === 'host' ? 'news.control_host' : 'news.control_everyone'));
        }
        this.tell('session');
        this.tell('people');
        if (before && before.content_id !== this.session.content_id) {
            const { title } = this.session;
            this.system(title ? say('news.film', { title }) : say('news.film_untitled'));
        }
    }

    on_invitation({ action, invitation, token }) {
        const known = token ?? this.invitations.get(invitation.id)?.token;
        if (action === 'revoked') this.invitations.delete(invitation.id);
        else this.invitations.set(invitation.id, { ...invitation, token: known });
        this.tell('invitations', token ? invitation.id : undefined);
    }

    on_chat(message) {
        if (message.id !== undefined) {
            if (this.seenChat.has(message.id)) return;
            this.seenChat.add(message.id);
        }
        this.line({
            kind: 'chat',
            id: message.id,
            author: message.user.user_id,
            name: message.user.name,
            mine: message.user.user_id === this.you?.user_id,
            text: message.message,
            at: message.timestamp,
            history: Boolean(message.history),
        });
    }

    // Of the moment: shown, and kept nowhere.
    on_typing(message) {
        this.tell('typing', message);
    }

    on_reaction(message) {
        this.tell('reaction', message);
    }

    // Also before it was seen: what was missed may bring the message after all.
    on_chat_deleted({ id }) {
        this.seenChat.add(id);
        this.tell('unline', id);
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

    on_ended({ reason, message }) {
        // A server that goes down comes back with the party; the socket sees to that.
        if (reason === 'shutdown') return;
        const code = reason === 'timeout' && this.membership === 'knocking' ? 'unanswered' : reason;
        this.setMembership('over', { code, message });
    }
}
