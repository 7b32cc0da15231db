// One party, from the join to the end of it. Data flows one way: socket -> party -> views and player; intents -> socket.
// Another one begins with another load of the page.

import { filmUrl, findMedia, listParticipants, loadBytes } from './api.js';
import { $, setText, showPage } from './dom.js';
import { Follower } from './follower.js';
import * as fragment from './fragment.js';
import { Friends } from './friends.js';
import * as identity from './identity.js';
import { say } from './language.js';
import * as learned from './learned.js';
import * as lost from './lost.js';
import { Party } from './party.js';
import { Player } from './player.js';
import { Seat } from './seat.js';
import { watchSleep } from './sleep.js';
import { Socket } from './socket.js';
import { SubtitleTracks } from './subtitle_tracks.js';
import { setTitle } from './title.js';
import { ChatView } from './view_chat.js';
import { ComposerView } from './view_composer.js';
import { ConnectionView } from './view_connection.js';
import { goHome, home, showDoor } from './view_door.js';
import { InvitationsView } from './view_invitations.js';
import { LeaveView } from './view_leave.js';
import { LobbyView } from './view_lobby.js';
import { PeopleView } from './view_people.js';
import { PlayerView } from './view_player.js';
import { ReactionsView } from './view_reactions.js';
import { RemovedView } from './view_removed.js';
import { SettingsView } from './view_settings.js';
import { ShareView } from './view_share.js';
import { SideView } from './view_side.js';
import { doorFor, sentenceFor, titleOf } from './words.js';

// How long "you are back" is shown.
const BACK_MS = 2000;

// Of this tab (sessionStorage), or of this browser (localStorage); none where it is forbidden.
function storage(name) {
    try {
        return window[name];
    } catch {
        return undefined;
    }
}

export class Visit {
    constructor(code) {
        this.code = code;
        this.isJoined = false;
        this.follower = new Follower({ learned: learned.recall(storage('localStorage')) });
        this.party = new Party();
        this.seat = new Seat(code, storage('sessionStorage'));
        this.player = new Player($('film'), this.follower, {
            send: (message) => this.socket?.send(message),
            may: (right) => this.party.may(right),
            ended: () => this.playerView.endOfFilm(),
            change: () => this.playerView.render(),
        });
        this.subtitles = new SubtitleTracks($('film'), {
            find: findMedia, load: loadBytes, storage: storage('localStorage'),
        });
        this.showViews();
        this.party.on('membership', () => this.membership());
        this.party.on('session', () => this.session());
        this.party.on('timeline', () => this.player.apply(this.party.timeline));
        this.party.on('ask', (message) => this.socket.send(message));
        this.connection = new ConnectionView(() => this.socket.retryNow());
        this.connection.tell(say('connection.first'));
        this.socket = new Socket(identity.token(), {
            up: () => this.up(),
            down: (why, wait) => this.down(why, wait),
            message: (message, received) => this.receive(message, received),
            refused: () => this.refused(),
        });
        watchSleep(() => this.disturbed());
        addEventListener('pagehide', () => this.keepLearned());
        document.addEventListener('visibilitychange', () => document.hidden && this.keepLearned());
    }

    showViews() {
        const { party } = this;
        const send = (message) => this.send(message);
        const serverTime = () => this.follower.status(performance.now()).serverTime;
        this.friends = new Friends();
        this.playerView = new PlayerView(party, this.player, this.subtitles, send, (file) => this.openFile(file));
        new SideView();
        new ShareView(party);
        new PeopleView(party, this.friends, send, (text) => this.playerView.toast(text));
        new LobbyView(party, send);
        new ChatView(party, send);
        new ComposerView(party, send);
        new ReactionsView(party);
        new LeaveView(party, send, () => this.leave());
        new SettingsView(party, send);
        new RemovedView(party, serverTime, send);
        new InvitationsView(party, serverTime, send);
    }

    // --- Connection

    up() {
        this.join();
        this.follower.connected(performance.now());
        this.player.lookSoon();
    }

    join() {
        const invitation = fragment.invitation();
        const join = { type: 'join', session_code: this.code, ...this.seat.fields };
        this.socket.send(invitation ? { ...join, invitation } : join);
    }

    // The film goes on or stands, as the person likes it.
    down(why, wait) {
        this.isJoined = false;
        this.follower.disconnected();
        const isIn = this.party.membership === 'in';
        const stands = isIn && lost.choice() === 'pause';
        if (stands) this.player.hold(true);
        const text = say(stands ? 'connection.lost_stands' : isIn ? 'connection.lost' : 'connection.none');
        this.connection.lost(why ? `${sentenceFor({ message: why })} ${text}` : text, wait);
    }

    // The token is no good. A guest gets another; whoever has to sign in is told so.
    async refused() {
        try {
            return await identity.renew();
        } catch (error) {
            if (error.status === 401) this.over({ code: 'unauthorized', message: error.message });
            throw error;
        }
    }

    receive(message, received) {
        if (message.type === 'error' && message.code === 'bad_resume_token') return this.outdated(message);
        this.follower.receive(received, message);
        this.player.lookSoon();
        this.seat.note(message);
        if (!this.isJoined && ['state', 'resumed'].includes(message.type)) this.joined();
        this.party.receive(message);
    }

    // The seat was given up meanwhile, or another window (a copy of this tab) has it. From that one it is taken only when
    // the person says so. A connection that is lost before that is known leaves the question to the next one.
    async outdated(error) {
        const { connection } = this.socket;
        const isElsewhere = await this.isElsewhere();
        if (connection !== this.socket.connection) return;
        this.seat.forget();
        if (isElsewhere) this.party.receive(error);
        else this.join();
    }

    async isElsewhere() {
        try {
            const people = await listParticipants(identity.token(), this.code);
            return people.some((one) => one.user_id === identity.userId() && one.is_connected);
        } catch {
            return false; // not for those who do not sit there
        }
    }

    joined() {
        this.isJoined = true;
        this.player.hold(false);
        fragment.forgetInvitation();
        const isBack = this.party.membership === 'in';
        this.connection.tell(isBack ? say('connection.back') : '', true);
        if (isBack) setTimeout(() => this.isJoined && this.connection.tell(''), BACK_MS);
        else this.friends.load();
    }

    send(message) {
        if (this.isJoined && this.socket.send(message)) return true;
        this.playerView.toast(say('connection.not_now'));
        return false;
    }

    disturbed() {
        this.follower.disturbed(performance.now());
        this.player.lookSoon();
    }

    keepLearned() {
        learned.keep(storage('localStorage'), this.follower.profile());
    }

    // --- What the party says

    membership() {
        const { membership, over } = this.party;
        if (membership === 'in') showPage('party');
        if (membership === 'knocking') {
            this.connection.tell('');
            const stop = { text: say('door.stop'), action: () => this.leave() };
            showDoor(say('door.knocking'), say('door.knocking_text'), [stop], 'wait');
        }
        if (membership === 'over') this.over(over);
    }

    over(over) {
        this.isJoined = false;
        this.socket.close();
        this.follower.disconnected();
        this.player.shut();
        this.seat.forget();
        for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
        if (document.fullscreenElement) document.exitFullscreen();
        this.connection.tell('');
        const { title, text, ways, icon } = doorFor(over);
        showDoor(title, text, [...ways.map((way) => this.way(way)), home()], icon);
    }

    // Loading the page again is joining again; the seat's token is forgotten by now.
    way(way) {
        const texts = { again: 'door.again', without: 'door.without', takeover: 'door.takeover' };
        const action = () => {
            if (way === 'without') fragment.forgetInvitation();
            location.reload();
        };
        return { text: say(texts[way]), action };
    }

    session() {
        const { session } = this.party;
        const title = titleOf(session);
        setText('party-title', title);
        setTitle(`${title} \u2013 SyncPlay`);
        const film = JSON.stringify([session.content_id, session.content_type, session.url]);
        if (film === this.film) return;
        this.film = film;
        const address = session.content_type === 'local' ? '' : session.url ?? '';
        const url = filmUrl(address);
        this.subtitles.open(address);
        if (url) this.player.open(url);
        else this.player.shut();
    }

    // --- What the person does

    openFile(file) {
        URL.revokeObjectURL(this.fileUrl);
        this.fileUrl = URL.createObjectURL(file);
        this.player.open(this.fileUrl);
    }

    leave() {
        this.socket.send({ type: 'leave' });
        this.socket.close();
        this.seat.forget();
        goHome();
    }
}
