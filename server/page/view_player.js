// The film and all that is around it, put together: it shows where the party is, and what people press becomes a wish
// (remote.js). The player moves when the party says so, unless it is apart from the others.

import { Awake } from './awake.js';
import { $, show } from './dom.js';
import { say } from './language.js';
import { SystemControls } from './media_session.js';
import { Remote } from './remote.js';
import { ControlsView } from './view_controls.js';
import { KeysView } from './view_keys.js';
import { OverlayView } from './view_overlay.js';
import { ReactView } from './view_react.js';
import { SeekView } from './view_seek.js';
import { SizeView } from './view_size.js';
import { SubtitlesView } from './view_subtitles.js';
import { toast } from './view_toast.js';
import { VolumeView } from './view_volume.js';
import { time, titleOf } from './words.js';

export class PlayerView {
    // send(message) -> whether it went out; tracks: SubtitleTracks; openFile(file)
    constructor(party, player, tracks, send, openFile) {
        Object.assign(this, { party, player, film: $('film') });
        this.remote = new Remote(party, player, send, { refused: toast, changed: () => this.render() });
        this.system = new SystemControls(this.remote);
        this.size = new SizeView(this.film);
        this.volume = new VolumeView(this.film);
        this.subtitles = new SubtitlesView(this.film, tracks);
        this.react = new ReactView(party, send);
        this.seek = new SeekView(this.remote, player);
        this.overlay = new OverlayView(party, player, this.remote, openFile);
        this.awake = new Awake($('stage'), () => this.isStill || !this.remote.isOn);
        const { remote, volume, size, subtitles, react } = this;
        this.keys = new KeysView({ remote, volume, size, subtitles, react, used: () => this.awake.wake() });
        this.controls = new ControlsView(party, player, this.remote, {
            setApart: (isApart) => player.setApart(isApart),
            resync: () => this.resync(),
            canBeSmall: this.size.canBeSmall,
            small: () => this.size.small(),
            help: () => this.keys.help(),
        });
        party.on('timeline people you session', () => this.render());
        party.on('session', () => this.system.setTitle(titleOf(party.session)));
        party.on('notice', (notice) => this.notice(notice));
        this.wireFilm();
    }

    endOfFilm() {
        this.remote.endOfFilm();
    }

    toast(text) {
        toast(text);
    }

    resync() {
        this.player.resync();
        toast(say('player.resyncing'));
    }

    render() {
        const { party, player, remote } = this;
        if (!party.timeline) return;
        this.isStill = this.overlay.render();
        this.controls.render();
        this.seek.render();
        this.system.render();
        this.awake.render();
        show('hushed', player.isHushed);
        // For the tests: what the party says, and what the player does about it.
        const { revision, phase, position: standsAt } = party.timeline;
        const { mode, drift, clockError } = player.status();
        const figures = { drift: drift.toFixed(1), clockError: clockError.toFixed(1) };
        Object.assign($('stage').dataset, { revision, phase, standsAt, mode, ...figures });
    }

    // --- The picture

    // A click plays and pauses; a finger's tap shows and hides the controls. Either closes a menu first, and lets the film be
    // heard that had to begin without a sound.
    wireFilm() {
        const { film, player, awake } = this;
        let pointer = 'mouse';
        let hadMenu = false;
        let wasAwake = true;
        film.addEventListener('pointerdown', ({ pointerType }) => {
            pointer = pointerType;
            wasAwake = awake.isAwake;
            hadMenu = $('stage').querySelector('.menu[open]') !== null;
        });
        film.addEventListener('click', () => {
            if (player.isHushed) player.speakUp();
            else if (hadMenu) return;
            else if (pointer === 'mouse') this.remote.toggle();
            else if (wasAwake) awake.sleep();
            else awake.wake();
        });
        $('hushed').addEventListener('click', () => player.speakUp());
    }

    // --- What others did

    notice(notice) {
        if (notice.kind === 'error') toast(notice.sentence);
        if (notice.kind === 'knock') toast(say('lobby.knock', notice.user));
        if (notice.kind === 'command') this.command(notice);
    }

    command({ action, by, position_ms: position, playback_speed: speed }) {
        const isOtherSpeed = this.lastSpeed !== undefined && speed !== this.lastSpeed;
        this.lastSpeed = speed;
        if (!by || by.user_id === this.party.you?.user_id) return;
        const keys = { play: 'toast.play', pause: 'toast.pause', seek: 'toast.seek' };
        const values = { name: by.name, speed, position: time(position) };
        toast(say(isOtherSpeed ? 'toast.speed' : keys[action], values), `command ${by.user_id}`);
    }
}
