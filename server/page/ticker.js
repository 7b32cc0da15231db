// A worker that keeps time for a hidden tab, whose own timers are late: told a delay, it answers when that is over. Another
// one takes its place; null takes it back.

let timer;

onmessage = ({ data: delay }) => {
    clearTimeout(timer);
    if (delay !== null) timer = setTimeout(() => postMessage(null), delay);
};
