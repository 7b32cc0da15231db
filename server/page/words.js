// What to say for what the server says in codes: which message is for which code, role and reason. The messages themselves
// are in the language's file.

import { inSpan, say } from './language.js';

const AGAIN = ['again'];

// How a visit ends: title, text ('' for the server's own sentence), what may be done next, beside going home:
// `again` tries once more as before, `without` and `takeover` try in another way (see visit.js).
const DOORS = {
    host: ['door.over', 'door.over_host'],
    timeout: ['door.over', 'door.over_timeout'],
    operator: ['door.over', 'door.over_operator'],
    ended: ['door.over', 'door.over_ended'],
    kicked: ['door.removed', 'door.removed_kicked'],
    banned: ['door.removed', 'door.removed_banned'],
    removed: ['door.removed', 'door.removed_kicked'],
    denied: ['door.denied', 'door.denied_text'],
    unanswered: ['door.unanswered', 'door.unanswered_text', AGAIN],
    latency: ['door.latency', 'door.latency_text', AGAIN],
    replaced: ['door.replaced', 'door.replaced_text', AGAIN],
    left: ['door.left', 'door.left_text', AGAIN],
    not_found: ['door.not_found', 'door.not_found_text'],
    full: ['door.full', 'door.full_text', AGAIN],
    forbidden: ['door.cannot', 'door.cannot_text'],
    rate_limited: ['door.too_often', 'door.too_often_text', AGAIN],
    limit: ['door.limit', 'door.limit_text', AGAIN],
    bad_invitation: ['door.invitation', 'door.invitation_text', ['without']],
    bad_resume_token: ['door.twice', 'door.twice_text', ['takeover']],
    unauthorized: ['door.sign_in', ''],
};

const ICONS = {
    over: ['host', 'timeout', 'operator', 'ended', 'left'],
    wait: ['unanswered', 'full', 'limit', 'rate_limited'],
    offline: ['latency'],
    play: ['replaced', 'bad_resume_token'],
};

// What to put on the door that somebody stands at: { title, text, ways, icon }.
export function doorFor({ code, message }) {
    const [title, text, ways = []] = DOORS[code] ?? ['door.cannot', ''];
    const icon = Object.keys(ICONS).find((one) => ICONS[one].includes(code)) ?? 'closed';
    return { title: say(title), text: reasonIn(message) || (text ? say(text) : sentence(message)), ways, icon };
}

const inSeconds = (seconds) => inSpan(1000 * seconds);

// What the server's English sentences tell beyond their code: how they are known, the message for it, and the values that
// it takes from there. A sentence that is not known costs no more than that.
const REASONS = [
    [/friends of its host/, 'reason.friends_only'],
    [/permission ([\w.]+)/, 'reason.permission', (permission) => ({ permission })],
    [/no such invitation/, 'reason.no_such_invitation'],
    [/invitation has expired/, 'reason.invitation_expired'],
    [/invitation is used up/, 'reason.invitation_used_up'],
    [/removed .* come again in (\d+) s/, 'reason.removed_until', (seconds) => ({ when: inSeconds(seconds) })],
    [/removed .* for good/, 'reason.removed_for_good'],
    [/too many wrong codes, wait (\d+) s/, 'reason.wrong_codes', (seconds) => ({ when: inSeconds(seconds) })],
    [/too many knocks, wait (\d+) s/, 'reason.knocks', (seconds) => ({ when: inSeconds(seconds) })],
    [/from this address, wait (\d+) s/, 'reason.requests', (seconds) => ({ when: inSeconds(seconds) })],
    [/may knock at the same time/, 'reason.knockers'],
    [/too many connections of one user/, 'reason.user_connections'],
    [/too many connections from this address/, 'reason.address_connections'],
    [/declined; you may ask again in (\d+) s/, 'reason.declined', (seconds) => ({ when: inSeconds(seconds) })],
    [/chat messages in/, 'reason.chat_rate'],
    [/^name must be 1 to (\d+)/, 'reason.name', (most) => ({ most: Number(most) })],
    [/^(\w+) must be (\d+) to (\d+)$/, 'reason.range',
        (field, least, most) => ({ field, least: Number(least), most: Number(most) })],
    [/max_sessions/, 'reason.sessions'],
    [/max_invitations = (\d+)/, 'reason.invitations', (most) => ({ most: Number(most) })],
];

function reasonIn(message = '') {
    for (const [pattern, key, values = () => ({})] of REASONS) {
        const match = pattern.exec(message);
        if (match) return say(key, values(...match.slice(1)));
    }
    return '';
}

// The server's sentences begin small, often with the name of a field, and end without a full stop.
function sentence(text = '') {
    const begun = /^[a-z]+\b/.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
    return begun && `${begun}${/[.!?]$/.test(begun) ? '' : '.'}`;
}

// '' for what is nothing to speak of.
const ERRORS = {
    forbidden: 'error.forbidden',
    rate_limited: 'error.rate_limited',
    limit: 'error.limit',
    not_found: 'error.not_found',
    ended: 'error.ended',
    unauthorized: 'error.unauthorized',
    chat_disabled: 'chat.off',
    malformed: 'error.not_understood',
    unknown_type: 'error.not_understood',
    bad_field: 'error.bad_field',
    too_large: 'error.too_large',
    already_joined: 'error.already_joined',
    full: 'door.full_text',
    removed: 'door.removed_kicked',
    no_memory: 'error.no_memory',
    no_entropy: 'error.no_memory',
    exists: 'error.unknown',
    bad_argument: 'error.bad_field',
    bad_invitation: 'door.invitation_text',
    bad_resume_token: 'door.twice_text',
    stale: '',
    duplicate: '',
    not_joined: '',
};

// The page's own words as far as it has any, else those of the server.
export function sentenceFor({ code, message }) {
    const key = ERRORS[code];
    if (key === '') return '';
    return reasonIn(message) || (key ? say(key, { detail: sentence(message) }) : sentence(message) || say('error.unknown'));
}

// What each role is called: as a tag behind a name, and in a list to choose from.
export const ROLE_TAGS = { host: 'tag.host', controller: 'tag.controls', chat_only: 'tag.chat_only' };
export const ROLE_CHOICES = { viewer: 'role.viewer', controller: 'role.controller', chat_only: 'role.chat_only' };

// What is told when somebody gets a role: of others, and of oneself.
export const ROLE_NEWS = {
    controller: ['news.controller', 'news.controller_you'],
    viewer: ['news.viewer', 'news.viewer_you'],
    chat_only: ['news.chat_only', 'news.chat_only_you'],
};

// What a party watches.
export function titleOf({ title, content_type: type }) {
    return title || say(type === 'local' ? 'film.own_title' : 'film.untitled');
}

// A place in a film: 59:07, 1:02:03.
export function time(milliseconds) {
    const all = Math.max(0, Math.floor(milliseconds / 1000));
    const two = (number) => String(number).padStart(2, '0');
    const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
