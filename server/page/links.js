// The addresses in a text that somebody has written: what is one, and where it ends. Plain text in, pieces of it out.

// No blanks, no quotes or brackets that hold an address, and nothing that turns the direction of writing.
const ADDRESS = /\bhttps?:\/\/[^\s<>"\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gi;
const CLOSING = { ')': '(', ']': '[', '}': '{' };

// What ends a sentence does not belong to the address, nor does a bracket that was opened before it.
function trim(address) {
    let end = address.length;
    for (; end > 0; end -= 1) {
        const last = address[end - 1];
        const opening = CLOSING[last];
        const isOpen = opening && address.slice(0, end).split(opening).length >= address.slice(0, end).split(last).length;
        if (isOpen || !(opening || '.,;:!?\'*_'.includes(last))) break;
    }
    return address.slice(0, end);
}

// An address with a user in it shows another place than it leads to.
function safe(address) {
    try {
        const { protocol, username, password, hostname, href } = new URL(address);
        return ['http:', 'https:'].includes(protocol) && hostname && !username && !password ? href : '';
    } catch {
        return '';
    }
}

// [{ text, href }], in order; `href` only where there is an address.
export function pieces(text) {
    const found = [];
    let from = 0;
    for (const { 0: match, index } of text.matchAll(ADDRESS)) {
        const address = trim(match);
        const href = safe(address);
        if (!href) continue;
        if (index > from) found.push({ text: text.slice(from, index) });
        found.push({ text: address, href });
        from = index + address.length;
    }
    if (from < text.length) found.push({ text: text.slice(from) });
    return found;
}
