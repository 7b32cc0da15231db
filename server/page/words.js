// The sentences for what the server says in codes.

export const OVER = {
    host: ['The party is over', 'The host has ended it.'],
    timeout: ['The party is over', 'Nothing happened here for a long time.'],
    kicked: ['You were removed', 'The host has removed you from this party.'],
    denied: ['Not this time', 'The host did not let you in.'],
    latency: ['Your connection is too slow', 'The others would have had to wait for too long.'],
    replaced: ['You are here twice', 'This party was opened in another window, which took your seat.'],
    left: ['You have left', 'You left this party from another window.'],
    not_found: ['No such party', 'There is no party with this code. Look at it again, or ask for a new link.'],
    ended: ['The party is over', 'This party has ended.'],
    full: ['The party is full', 'All the seats are taken. Try again when somebody has left.'],
    removed: ['You were removed', 'The host has removed you from this party.'],
    forbidden: ['You cannot join', 'This party is not open to you.'],
};

const ERRORS = {
    forbidden: 'Only the host can do that.',
    rate_limited: 'That was too fast. Wait a moment.',
    chat_disabled: 'The chat is off.',
    stale: '',
    duplicate: '',
    not_joined: '',
};

export function sentenceFor(error) {
    return ERRORS[error.code] ?? error.message ?? 'That did not work.';
}

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
