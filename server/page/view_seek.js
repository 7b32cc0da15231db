// The seek bar: what has been played, what is loaded, and a bubble with the time that a pointer or the keyboard is at.

import { $, setText, show } from './dom.js';
import { say } from './language.js';
import { time } from './words.js';

// As in player.css: the thumb's middle is never nearer to an end of the bar.
const THUMB_PX = 16;

const percent = (value, whole) => (whole > 0 ? Math.min(100, (100 * value) / whole) : 0);

export class SeekView {
    constructor(remote, player) {
        Object.assign(this, { remote, player, seek: $('seek'), hover: null });
        this.wireThumb();
        this.wireBubble();
    }

    wireThumb() {
        const { seek, remote } = this;
        seek.addEventListener('input', () => {
            remote.held = Number(seek.value);
            remote.changed();
        });
        seek.addEventListener('change', () => {
            remote.held = null;
            remote.seek(Number(seek.value));
        });
    }

    wireBubble() {
        const { seek } = this;
        const leave = () => {
            this.hover = null;
            this.renderBubble();
        };
        seek.addEventListener('pointermove', (event) => {
            this.hover = this.placeAt(event.clientX);
            this.renderBubble();
        });
        for (const name of ['pointerleave', 'pointercancel']) seek.addEventListener(name, leave);
        seek.addEventListener('pointerup', (event) => event.pointerType === 'touch' && leave());
        for (const name of ['focus', 'blur']) seek.addEventListener(name, () => this.renderBubble());
    }

    placeAt(x) {
        const { left, width } = this.seek.getBoundingClientRect();
        const share = (x - left - THUMB_PX / 2) / (width - THUMB_PX);
        return Math.min(1, Math.max(0, share)) * this.player.duration;
    }

    render() {
        const { seek, remote, player } = this;
        const { duration } = player;
        const { position } = remote;
        const reason = remote.reason('seek');
        seek.disabled = duration === 0 || reason !== '';
        seek.max = duration;
        seek.value = position;
        const values = { position: time(position), duration: time(duration) };
        seek.setAttribute('aria-valuetext', say('player.position_of', values));
        const track = $('seek-track');
        track.title = reason;
        track.style.setProperty('--played', `${percent(position, duration)}%`);
        this.renderLoaded(duration);
        this.renderBubble();
    }

    // All that is loaded, however many pieces it is in.
    renderLoaded(duration) {
        const stops = this.player.loaded().map(([start, end]) => {
            const [from, to] = [percent(start, duration), percent(end, duration)].map((one) => `${one.toFixed(2)}%`);
            return `transparent ${from}, var(--track-loaded) ${from} ${to}, transparent ${to}`;
        });
        const image = stops.length > 0 ? `linear-gradient(to right, ${stops.join(', ')})` : 'none';
        if (image === this.loadedImage) return;
        this.loadedImage = image;
        $('seek-track').style.setProperty('--loaded', image);
    }

    // Where the bubble stands: under a held thumb, a pointer, or at the keyboard's place.
    renderBubble() {
        const { seek, remote, player } = this;
        const isByKey = seek.matches(':focus-visible');
        const place = remote.held ?? this.hover ?? (isByKey ? remote.position : null);
        const isShown = place !== null && player.duration > 0;
        show('seek-bubble', isShown);
        if (!isShown) return;
        setText('seek-bubble', time(place));
        const { style } = $('seek-track');
        style.setProperty('--at', `${percent(place, player.duration)}%`);
        style.setProperty('--share', percent(place, player.duration) / 100);
    }
}
