// Notices that the clock may have stood still, or that the network may be another: the machine slept, or the tab did.

const LOOK_MS = 1000;
// A visible page that was not run for so long was not awake.
const GAP_MS = 2000;
// The steady clock and the calendar have moved apart by so much.
const JUMP_MS = 1000;
// Out of sight for so long, much may have happened.
const HIDDEN_MS = 60000;

export function watchSleep(noticed) {
    let steady = performance.now();
    let calendar = Date.now();
    let hidden = document.hidden ? steady : Infinity;
    const look = () => {
        const passed = performance.now() - steady;
        const jump = Math.abs(Date.now() - calendar - passed);
        steady += passed;
        calendar = Date.now();
        if (jump > JUMP_MS || (hidden === Infinity && passed > GAP_MS)) noticed();
    };
    setInterval(look, LOOK_MS);
    document.addEventListener('visibilitychange', () => {
        const since = hidden;
        look();
        hidden = document.hidden ? steady : Infinity;
        if (!document.hidden && steady - since > HIDDEN_MS) noticed();
    });
    addEventListener('online', noticed);
}
