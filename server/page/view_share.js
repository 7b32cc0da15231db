// How others come in: the code, the link, and a picture of the link for the camera of a telephone.

import { joinLink, showCode } from './api.js';
import { $, copy, setText, show } from './dom.js';
import { say } from './language.js';
import { qrCode } from './qr.js';
import { titleOf } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const QUIET_ZONE = 4;

// An address that every computer has for itself.
const isHereOnly = /^(localhost|127\..*|\[::1\])$/.test(location.hostname);

// What the link alone is good for.
function hintFor({ visibility, strangers }) {
    if (visibility === 'public') return 'share.anyone';
    if (visibility === 'private') return 'share.knock';
    return strangers === 'knock' ? 'share.friends_knock' : 'share.friends';
}

// Dark modules as one path, in a square of units.
function draw(rows) {
    const svg = document.createElementNS(SVG, 'svg');
    const size = rows.length + 2 * QUIET_ZONE;
    svg.setAttribute('viewBox', `${-QUIET_ZONE} ${-QUIET_ZONE} ${size} ${size}`);
    svg.setAttribute('class', 'qr');
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', say('share.picture'));
    const path = document.createElementNS(SVG, 'path');
    const squares = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')));
    path.setAttribute('d', squares.join(''));
    svg.append(path);
    return svg;
}

export class ShareView {
    constructor(party) {
        this.party = party;
        party.on('session', () => this.render());
        $('share-open').addEventListener('click', () => {
            this.picture();
            $('share').showModal();
        });
        $('copy-code').addEventListener('click', (event) => copy(showCode(party.session.code), event.target));
        $('copy-link').addEventListener('click', (event) => copy(this.link, event.target));
        show('share-native', 'share' in navigator);
        $('share-native').addEventListener('click', () => {
            navigator.share({ title: titleOf(party.session), url: this.link }).catch(() => {}); // thought better of it
        });
    }

    get link() {
        return joinLink(this.party.session.code);
    }

    render() {
        const { session } = this.party;
        setText('party-code', showCode(session.code));
        setText('share-code', showCode(session.code));
        setText('share-hint', [say(hintFor(session)), isHereOnly ? say('share.here_only') : ''].join(' ').trim());
    }

    async picture() {
        if (this.pictured) return;
        this.pictured = true;
        show('share-picture', true);
        const rows = await qrCode(this.link).catch(() => null);
        show('share-picture', rows !== null);
        if (rows) $('share-picture').replaceChildren(draw(rows));
        else this.pictured = false;
    }
}
