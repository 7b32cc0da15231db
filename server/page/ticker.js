// A worker that keeps time for a hidden tab, whose own timers are late: told a delay, it answers when that is over.

let timer;

onmessage = ({ data: delay }) => {
    clearTimeout(timer);
    timer = setTimeout(() => postMessage(null), delay);
};
