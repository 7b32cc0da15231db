// What was learned about this browser's player (see Follower.profile), kept from one visit to the next. What is read may
// have been written by anyone, so it is believed only within its bounds. Knows no follower; the storage is given to it.

const KEY = 'syncplay.player';
// In milliseconds.
const BOUNDS = { start: [0, 1000], silentStart: [0, 1000], seek: [0, 10000], loss: [-500, 500] };

function isWithin(value, [least, most]) {
    return typeof value === 'number' && value >= least && value <= most;
}

export function recall(storage) {
    try {
        const kept = JSON.parse(storage.getItem(KEY));
        const names = Object.keys(BOUNDS).filter((name) => isWithin(kept?.[name], BOUNDS[name]));
        return Object.fromEntries(names.map((name) => [name, kept[name]]));
    } catch {
        return {}; // nothing, or nonsense, or storage forbidden
    }
}

export function keep(storage, profile) {
    try {
        storage.setItem(KEY, JSON.stringify(profile));
    } catch {
        // Then it is learned again.
    }
}
