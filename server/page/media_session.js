// What the system knows of the film: its title where media keys are shown, and what those keys do.

const STEP_MS = 10000;

export class SystemControls {
    constructor(remote) {
        this.remote = remote;
        this.session = navigator.mediaSession;
        if (!this.session) return;
        this.handle('play', () => remote.press('play'));
        this.handle('pause', () => remote.press('pause'));
        this.handle('seekto', ({ seekTime }) => remote.seek(1000 * seekTime));
        this.handle('seekbackward', ({ seekOffset }) => remote.skip(seekOffset ? -1000 * seekOffset : -STEP_MS));
        this.handle('seekforward', ({ seekOffset }) => remote.skip(seekOffset ? 1000 * seekOffset : STEP_MS));
    }

    handle(name, handler) {
        try {
            this.session.setActionHandler(name, handler);
        } catch {
            // A key that this browser does not know.
        }
    }

    setTitle(title) {
        if (!this.session || !window.MediaMetadata) return;
        this.session.metadata = new MediaMetadata({ title, artist: 'SyncPlay' });
    }

    render() {
        if (this.session) this.session.playbackState = this.remote.isOn ? 'playing' : 'paused';
    }
}
