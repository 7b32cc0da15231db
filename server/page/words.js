// The sentences for what the server says in codes.

export const SIGN_IN = 'This server needs you to sign in.';
export const SIGN_IN_AGAIN =
    'Your sign-in has expired. Go back to where you came from, sign in again, and open the party anew.';

const AGAIN = ['again'];

// How a visit ends: title, text ('' for the server's own sentence), and what may be done next, beside going home:
// `again` tries once more as before, `without` and `takeover` try in another way (see visit.js).
const DOORS = {
    host: ['The party is over', 'The host has ended the party.'],
    timeout: ['The party is over', 'Nothing happened here for a long time.'],
    ended: ['The party is over', 'This party has ended.'],
    kicked: ['You were removed', 'You were removed from this party. You may come back a little later.'],
    banned: ['You were removed', 'You were removed from this party for good.'],
    removed: ['You were removed', ''],
    denied: ['Not this time', 'You were not let in.'],
    unanswered: ['Nobody answered', 'Perhaps the host is not there. You can ask again.', AGAIN],
    latency: ['Your connection is too slow', 'The others would have had to wait for too long.', AGAIN],
    replaced: ['You are here twice', 'This party was opened in another window, which took your seat.', AGAIN],
    left: ['You have left', 'You left this party from another window.', AGAIN],
    not_found: ['No such party', 'There is no party with this code. Look at it again, or ask for a new link.'],
    full: ['The party is full', 'All the seats are taken. Try again when somebody has left.', AGAIN],
    forbidden: ['You cannot join', ''],
    rate_limited: ['Too many tries', '', AGAIN],
    limit: ['Not now', '', AGAIN],
    bad_invitation: ['This invitation does not work', '', ['without']],
    bad_resume_token: ['One seat, two windows', 'This party is open in another window. Use it here instead?', ['takeover']],
    unauthorized: ['Please sign in', ''],
};

// What to write on the door that somebody stands at: { title, text, ways }.
export function doorFor({ code, message }) {
    const [title, text, ways = []] = DOORS[code] ?? ['You cannot join', ''];
    return { title, text: text || sentence(message), ways };
}

// The server's sentences begin small, often with the name of a field, and end without a full stop.
export function sentence(text = '') {
    const begun = /^[a-z]+\b/.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
    return begun && `${begun}${/[.!?]$/.test(begun) ? '' : '.'}`;
}

const ERRORS = {
    forbidden: 'You may not do that here.',
    rate_limited: 'That was too fast. Wait a moment.',
    chat_disabled: 'The chat is off.',
    stale: '',
    duplicate: '',
    not_joined: '',
};

export function sentenceFor(error) {
    return ERRORS[error.code] ?? (sentence(error.message) || 'That did not work.');
}

// What each role is called: as a tag behind a name, and in a list to choose from.
export const ROLE_TAGS = { host: 'host', controller: 'controls', chat_only: 'chat only' };
export const ROLE_CHOICES = { viewer: 'Viewer', controller: 'Controller', chat_only: 'Chat only' };

// What is told when somebody gets a role: after "You", after a name.
export const ROLE_NEWS = {
    controller: ['control the film with the host now', 'controls the film with the host now'],
    viewer: ['are a viewer now', 'is a viewer now'],
    chat_only: ['only watch and chat now', 'only watches and chats now'],
};

// Several names as people say them: "Ana, Ben and Chris".
export function names(list) {
    if (list.length < 2) return list.join('');
    return `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
}

export function time(milliseconds) {
    const all = Math.max(0, Math.floor(milliseconds / 1000));
    const two = (number) => String(number).padStart(2, '0');
    const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

// A span as one says it: "45 seconds", "20 minutes", "3 hours", "2 days"; a second less than an hour is an hour.
export function span(milliseconds) {
    const units = [['day', 86400000], ['hour', 3600000], ['minute', 60000], ['second', 1000]];
    const [unit, length] = units.find(([, one]) => milliseconds >= 0.98 * one) ?? units.at(-1);
    const count = Math.max(1, Math.round(milliseconds / length));
    return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
