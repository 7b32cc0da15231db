// What roles give, as the golden table says, and the ways to try each right: over the WebSocket, and over REST where there is a
// route.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './server.mjs';

export const ROLES = ['host', 'controller', 'viewer', 'chat_only'];

// A line for each right, with cells yes, control (while everyone controls) or -: { right: { role: cell } }.
function readTable() {
    const text = readFileSync(join(root, 'tests', 'unit', 'rights.txt'), 'utf8');
    const [header, ...lines] = text.trim().split('\n').map((line) => line.trim().split(/\s+/));
    assert.deepEqual(header, ['right', ...ROLES]);
    for (const [right, ...cells] of lines) assert.ok(cells.length === 4 && cells.every((cell) => /^(yes|control|-)$/.test(cell)), right);
    return Object.fromEntries(lines.map(([right, ...cells]) => [right, Object.fromEntries(ROLES.map((role, index) => [role, cells[index]]))]));
}

export const table = readTable();
export const RIGHTS = Object.keys(table);
export const has = (role, right, control) => table[right][role] === 'yes' || (table[right][role] === 'control' && control === 'everyone');

// Each way to use a right: a message, or a request [method, path, body]; `reads` where nothing changes by it. `other` is a viewer,
// `guest` knocks, `outcast` is banned; `spare` is an invitation, `said` a message of other's.
export const TRIES = {
    play: [{ message: () => ({ type: 'play' }) }],
    seek: [{ message: () => ({ type: 'seek', position_ms: 9000 }) }],
    speed: [{ message: () => ({ type: 'speed', playback_speed: 1.5 }) }],
    content: [{ message: () => ({ type: 'content', content_type: 'movie', content_id: '0190163d-8694-739b-aea5-966c26f8ad92' }) }],
    excuse: [{ message: ({ other }) => ({ type: 'wait', user_id: other.user_id, excused: true }) }],
    settings: [
        { message: () => ({ type: 'settings', wait: 'nobody' }) },
        { request: () => ['PATCH', '', { strangers: 'knock', max_participants: 5 }] },
    ],
    invite: [
        { message: () => ({ type: 'invite' }) },
        { message: ({ spare }) => ({ type: 'revoke', invitation_id: spare }) },
        { request: () => ['GET', '/invitations'], reads: true },
        { request: () => ['POST', '/invitations', {}] },
        { request: ({ spare }) => ['DELETE', `/invitations/${spare}`] },
    ],
    admit: [
        { message: ({ guest }) => ({ type: 'admit', user_id: guest.user_id }) },
        { message: ({ guest }) => ({ type: 'deny', user_id: guest.user_id }) },
        { request: () => ['GET', '/lobby'], reads: true },
        { request: ({ guest }) => ['PUT', `/lobby/${guest.user_id}`] },
        { request: ({ guest }) => ['DELETE', `/lobby/${guest.user_id}`] },
    ],
    kick: [
        { message: ({ other }) => ({ type: 'kick', user_id: other.user_id }) },
        { request: ({ other }) => ['DELETE', `/participants/${other.user_id}`] },
    ],
    ban: [
        { message: ({ other }) => ({ type: 'ban', user_id: other.user_id }) },
        { message: ({ outcast }) => ({ type: 'unban', user_id: outcast }) },
        { request: () => ['GET', '/bans'], reads: true },
        { request: ({ other }) => ['PUT', `/bans/${other.user_id}`] },
        { request: ({ outcast }) => ['DELETE', `/bans/${outcast}`] },
    ],
    mute: [
        { message: ({ other }) => ({ type: 'mute', user_id: other.user_id, muted: true }) },
        { request: ({ other }) => ['PATCH', `/participants/${other.user_id}`, { muted: true }] },
    ],
    role: [
        { message: ({ other }) => ({ type: 'role', user_id: other.user_id, role: 'chat_only' }) },
        { message: ({ other }) => ({ type: 'role', user_id: other.user_id, deny: ['chat'] }) },
        { request: ({ other }) => ['PATCH', `/participants/${other.user_id}`, { role: 'chat_only', deny: ['chat'] }] },
    ],
    hand_over: [
        { message: ({ other }) => ({ type: 'host', user_id: other.user_id }) },
        { request: ({ other }) => ['PUT', '/host', { user_id: other.user_id }] },
    ],
    end: [{ message: () => ({ type: 'end' }) }, { request: () => ['DELETE', ''] }],
    chat: [{ message: () => ({ type: 'chat', message: 'a word' }) }],
    delete_chat: [{ message: ({ said }) => ({ type: 'delete', id: said }) }, { request: ({ said }) => ['DELETE', `/messages/${said}`] }],
    waited_for: [],
};

// Pausing is of the right to play.
TRIES.play.push({ message: () => ({ type: 'pause', position_ms: 5000 }) });
