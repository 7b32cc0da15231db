// What plays an address in a <video>: the browser itself, or hls.js for a stream (HLS) where the browser knows none. Knows
// nothing of parties; whatever goes wrong for good is told by one call, with the reason:
// not_found, network, format, stream (there is nothing here that plays one), or unknown (not there, or not understood).

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

// As MediaError has them.
const NETWORK = 2;
const DECODE = 3;

const SETTINGS = {
    startPosition: 0, // the follower says where to go, and nobody else
    backBufferLength: KEPT_SECONDS,
    enableWorker: false, // takes one from a blob, which the page's rules for browsers forbid
};

export class Stream {
    // failed(reason) is called when what was opened last cannot be played, or not any further.
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
            this.openHls(url).catch(() => this.failedAt(url, 'stream'));
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

    failedAt(url, reason) {
        if (url === this.url) this.failed(reason);
    }

    // hls.js has its own word about what it has brought.
    async elementFailed() {
        const { url } = this;
        if (this.isOpen && !this.hls) this.failedAt(url, await this.reasonOf(this.element.error?.code, url));
    }

    // An element does not say whether there is anything at all, but whoever has the file does. Of other servers no more is
    // to be learned than whether they answer.
    async reasonOf(code, url) {
        if (code === NETWORK) return 'network';
        if (code === DECODE || url.startsWith('blob:')) return 'format';
        const isOurs = new URL(url).origin === location.origin;
        const mode = isOurs ? 'same-origin' : 'no-cors';
        const response = await fetch(url, { method: 'HEAD', mode }).catch(() => null);
        if (!response) return 'network';
        if (!isOurs) return 'unknown';
        return response.ok ? 'format' : 'not_found';
    }

    reasonOfHls(type, response, types) {
        if (type !== types.NETWORK_ERROR) return 'format';
        return response?.code === 404 ? 'not_found' : 'network';
    }

    async openHls(url) {
        const { default: Hls } = await this.load(); // none where the build could not fetch it
        if (url !== this.url || this.hls) return;
        if (!Hls?.isSupported()) throw new Error('unsupported');
        const hls = new Hls(SETTINGS);
        let recoveries = 0;
        hls.on(Hls.Events.ERROR, (_, { fatal, type, response }) => {
            if (!fatal || hls !== this.hls) return;
            recoveries += 1;
            if (type === Hls.ErrorTypes.MEDIA_ERROR && recoveries <= RECOVERIES_MOST) hls.recoverMediaError();
            else this.failedAt(url, this.reasonOfHls(type, response, Hls.ErrorTypes));
        });
        this.hls = hls;
        hls.attachMedia(this.element);
        hls.loadSource(url);
    }
}
