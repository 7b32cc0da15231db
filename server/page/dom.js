// The two things that every view needs: finding an element of index.html, and making one whose text is only text.

export const $ = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children); // strings become text nodes
    return element;
}

export function show(id, isShown) {
    $(id).hidden = !isShown;
}

// Sets text only where it differs, so that screen readers are not told again.
export function setText(id, text) {
    if ($(id).textContent !== text) $(id).textContent = text;
}
