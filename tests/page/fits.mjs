// What of a page does not fit into a small window: what lies beyond its edges or under something else, even when it is
// scrolled to.

import { strict as assert } from 'node:assert';

// A telephone that lies, and the narrowest that there is.
const SIZES = [{ width: 740, height: 360 }, { width: 320, height: 568 }];

// A line for each thing. Runs in the page.
function misfits() {
    const found = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) found.push(`the page is ${wide} wide`);
    const root = [...document.querySelectorAll('dialog[open], .menu[open] .menu-list')].at(-1) ?? document.body;
    for (const one of root.querySelectorAll('button, input, select, textarea, summary, a[href]')) {
        if (!one.checkVisibility({ visibilityProperty: true })) continue;
        one.scrollIntoView({ block: 'center', inline: 'nearest' });
        const { left, top, right, bottom, width, height } = one.getBoundingClientRect();
        if (width <= 1) continue; // for those who listen
        const name = `${one.tagName} ${one.id} "${one.ariaLabel ?? one.textContent}"`;
        const isIn = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        if (!isIn) found.push(`${name} is cut off: ${[left, top, right, bottom].map(Math.round)}`);
        else if (!one.contains(document.elementFromPoint(left + width / 2, top + height / 2))) found.push(`${name} is covered`);
        if (one.matches('button') && one.scrollWidth > one.clientWidth + 1) found.push(`${name} has no room for its words`);
    }
    scrollTo(0, 0);
    return found;
}

// Everything that can be pressed is within reach, and nothing scrolls sideways; the window is as large as before after it.
export async function assertFits(page, what) {
    const before = page.viewportSize();
    for (const viewport of SIZES) {
        await page.setViewportSize(viewport);
        // The layout has settled, and whoever hears of it has, too.
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        assert.deepEqual(await page.evaluate(misfits), [], `${what} at ${viewport.width} x ${viewport.height}`);
    }
    await page.setViewportSize(before);
}
