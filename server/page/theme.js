// The theme: dark unless light is chosen, or what the system likes. No module, because those run after the first paint. What is
// stored is the choice; what <html data-theme> says is what comes of it, and theme.css has the colours.

'use strict';

window.theme = (() => {
    const KEY = 'syncplay.theme';
    const CHOICES = ['dark', 'light', 'auto'];
    const systemLikesLight = matchMedia('(prefers-color-scheme: light)');
    let choice = CHOICES[0];

    function show() {
        const own = systemLikesLight.matches ? 'light' : 'dark';
        document.documentElement.dataset.theme = choice === 'auto' ? own : choice;
    }

    try {
        const stored = localStorage.getItem(KEY);
        if (CHOICES.includes(stored)) choice = stored;
    } catch {
        // Storage is forbidden: as the system likes it.
    }
    systemLikesLight.addEventListener('change', show);
    show();

    return {
        choice: () => choice,
        choose(next) {
            choice = next;
            show();
            try {
                localStorage.setItem(KEY, next);
            } catch {
                // Then it lasts as long as the page.
            }
        },
    };
})();
