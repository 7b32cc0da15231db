// The window's title: what it is about, and in front of it how much waits for a look (who knocks, what was said).

let subject = document.title;
const counts = { knocks: 0, lines: 0 };

function render() {
    const count = counts.knocks + counts.lines;
    document.title = count > 0 ? `(${count}) ${subject}` : subject;
}

export function setTitle(text) {
    subject = text;
    render();
}

export function setCount(what, count) {
    counts[what] = count;
    render();
}
