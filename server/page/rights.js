// What one may do about the people of a party, read from what the server says one may (`you.rights`). Plain values in and
// out; the server checks everything again.

// What a role brings with it (lib/PROTOCOL.md). Nobody can give away rights that they do not have.
const CONTROL = ['play', 'seek', 'speed', 'excuse'];
const ROLES = {
    controller: [...CONTROL, 'chat', 'waited_for'],
    viewer: ['chat', 'waited_for'],
    chat_only: ['chat'],
};

// The roles that somebody with these rights can give.
export function rolesToGive(rights, control) {
    const needed = (role) => (role === 'viewer' && control === 'everyone' ? ROLES.controller : ROLES[role]);
    return Object.keys(ROLES).filter((role) => needed(role).every((right) => rights.includes(right)));
}

// Whether the others wait for this one, as far as role and settings say.
function isWaitedFor({ role }, session) {
    if (role === 'chat_only' || session?.wait === 'nobody') return false;
    return session?.wait !== 'controllers' || ['host', 'controller'].includes(role);
}

// What can be done about `person`, as keys: see view_people.js for what they say and send.
export function deeds(person, { you, session }) {
    const rights = you?.rights ?? [];
    const may = (right) => rights.includes(right);
    const waiting = () => (isWaitedFor(person, session) ? [person.is_excused ? 'wait' : 'excuse'] : []);
    if (person.user_id === you?.user_id) return waiting();
    if (person.is_host) return [];
    const list = [];
    if (may('excuse') && person.is_connected) list.push(...waiting());
    if (may('role')) {
        const roles = rolesToGive(rights, session?.control).filter((role) => role !== person.role);
        list.push(...roles);
    }
    if (may('mute')) list.push(person.is_muted ? 'unmute' : 'mute');
    if (may('hand_over')) list.push('host');
    if (may('kick')) list.push('kick');
    if (may('ban')) list.push('ban');
    return list;
}
