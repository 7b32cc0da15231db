// What the film does here while there is no connection: it goes on, or it stands until the others can be heard again. As this
// browser likes it.

const KEY = 'syncplay.lost';
const CHOICES = ['go_on', 'pause'];

export function choice() {
    try {
        const stored = localStorage.getItem(KEY);
        return CHOICES.includes(stored) ? stored : CHOICES[0];
    } catch {
        return CHOICES[0]; // storage forbidden
    }
}

export function choose(next) {
    try {
        localStorage.setItem(KEY, next);
    } catch {
        // Then it goes on.
    }
}
