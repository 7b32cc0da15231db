// How much waits for a look (who knocks, what was said): counted here, and told in front of the window's title.

let subject = document.title;
const counts = { knocks: 0, lines: 0 };
const listeners = [];

function render() {
    const count = counts.knocks + counts.lines;
    document.title = count > 0 ? `(${count}) ${subject}` : subject;
}

export function setTitle(text) {
    subject = text;
    render();
}

export function setCount(what, count) {
    if (counts[what] === count) return;
    counts[what] = count;
    render();
    for (const listener of listeners) listener(counts);
}

// listener({ knocks, lines })
export const onCount = (listener) => listeners.push(listener);
