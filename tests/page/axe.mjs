// What axe-core finds wrong with a page for those who cannot see it well, or hear it, or use a mouse.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

// A line for each thing that is wrong: the rule, the element, and why. `rules`: those alone.
export async function violations(page, rules) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
    return page.evaluate(async (only) => {
        const runOnly = only && { type: 'rule', values: only };
        const { violations: found } = await window.axe.run(document, { preload: false, resultTypes: ['violations'], runOnly });
        return found.flatMap(({ id, nodes }) => nodes.map((one) => `${id}: ${one.target.join(' ')}: ${one.failureSummary}`));
    }, rules);
}

// Nothing is wrong with what is shown, in the dark and in the light. For windows with reduced motion: elsewhere a colour may be
// on its way still.
export async function assertAccessible(page, what) {
    const isDark = (await page.evaluate(() => document.documentElement.dataset.theme)) === 'dark';
    assert.deepEqual(await violations(page), [], what);
    await page.evaluate((next) => window.theme.choose(next), isDark ? 'light' : 'dark');
    assert.deepEqual(await violations(page, ['color-contrast']), [], `${what}, in the other theme`);
    await page.evaluate((next) => window.theme.choose(next), isDark ? 'dark' : 'light');
}
