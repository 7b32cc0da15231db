// What plays an address in a <video>: the browser itself, or hls.js for a stream (HLS) where the browser knows none. Knows
// nothing of parties; whatever goes wrong for good is told by one call.

const STREAM_TYPE = 'application/vnd.apple.mpegurl';
// So often it is tried to go on after a piece that cannot be decoded.
const RECOVERIES_MOST = 3;
// Seconds of what has been seen already that are kept, for a step back.
const KEPT_SECONDS = 60;

export function isStream(url) {
    try {
        return /\.m3u8$/i.test(new URL(url, 'http://here').pathname);
    } catch {
        return false;
    }
}

const SETTINGS = {
    startPosition: 0, // the follower says where to go, and nobody else
    backBufferLength: KEPT_SECONDS,
    enableWorker: false, // takes one from a blob, which the page's rules for browsers forbid
};

export class Stream {
    // failed() is called when what was opened last cannot be played, or not any further.
    constructor(element, failed, load = () => import('./hls.js')) {
        Object.assign(this, { element, failed, load, hls: null, url: '' });
        element.addEventListener('error', () => this.elementFailed());
    }

    // There is something to play, or will be, or should have been.
    get isOpen() {
        return this.url !== '';
    }

    open(url) {
        this.drop();
        this.url = url;
        if (isStream(url) && !this.element.canPlayType(STREAM_TYPE)) {
            this.element.removeAttribute('src');
            this.openHls(url).catch(() => this.failedAt(url));
        } else {
            this.element.src = url;
        }
        this.element.load();
    }

    shut() {
        this.drop();
        this.url = '';
        this.element.removeAttribute('src');
        this.element.load();
    }

    drop() {
        this.hls?.destroy();
        this.hls = null;
    }

    failedAt(url) {
        if (url === this.url) this.failed();
    }

    // hls.js has its own word about what it has brought.
    elementFailed() {
        if (this.isOpen && !this.hls) this.failed();
    }

    async openHls(url) {
        const { default: Hls } = await this.load(); // none where the build could not fetch it
        if (url !== this.url || this.hls) return;
        if (!Hls?.isSupported()) throw new Error('unsupported');
        const hls = new Hls(SETTINGS);
        let recoveries = 0;
        hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
            if (!fatal || hls !== this.hls) return;
            recoveries += 1;
            if (type === Hls.ErrorTypes.MEDIA_ERROR && recoveries <= RECOVERIES_MOST) hls.recoverMediaError();
            else this.failedAt(url);
        });
        this.hls = hls;
        hls.attachMedia(this.element);
        hls.loadSource(url);
    }
}
