// The invitations of a party, for those who may invite: making one, copying its link, taking it back.

import { joinLink } from './api.js';
import { $, copy, make, setText, show } from './dom.js';
import { inSpan, say } from './language.js';
import { rolesToGive } from './rights.js';
import { ROLE_CHOICES } from './words.js';

export class InvitationsView {
    constructor(party, serverTime, send) {
        Object.assign(this, { party, serverTime, send });
        party.on('you session', () => this.rights());
        party.on('invitations', (made) => this.render(made));
        party.on('notice', (notice) => notice.about === 'invite' && setText('invite-problem', notice.sentence));
        $('invite-open').addEventListener('click', () => {
            this.render();
            setText('invite-problem', '');
            $('invitations').showModal();
        });
        $('invite-make').addEventListener('click', () => this.make());
        $('invite-copy').addEventListener('click', (event) => copy($('invite-link').value, event.target));
        $('invitations').addEventListener('close', () => this.showLink(undefined));
    }

    rights() {
        const { party } = this;
        const mayInvite = party.may('invite');
        show('invite-open', mayInvite);
        if (!mayInvite && $('invitations').open) $('invitations').close();
        const roles = rolesToGive(party.you?.rights ?? [], party.session?.control);
        const ordered = Object.keys(ROLE_CHOICES).filter((role) => roles.includes(role));
        const wanted = $('invite-role').value;
        $('invite-role').replaceChildren(...ordered.map((role) => new Option(say(ROLE_CHOICES[role]), role)));
        if (ordered.includes(wanted)) $('invite-role').value = wanted;
    }

    make() {
        setText('invite-problem', '');
        const message = { type: 'invite', role: $('invite-role').value };
        const lifetime = Number($('invite-lifetime').value);
        const uses = Number($('invite-uses').value);
        if (lifetime > 0) message.expires_in_ms = lifetime;
        if (uses > 0) message.uses = uses;
        this.send(message);
    }

    // `made` is the id of an invitation that was made here just now.
    render(made) {
        const all = [...this.party.invitations.values()];
        if (made) this.showLink(this.party.invitations.get(made));
        else if (this.shown && !this.party.invitations.has(this.shown)) this.showLink(undefined);
        $('invite-list').replaceChildren(...all.map((one) => this.row(one)));
        show('invite-none', all.length === 0);
    }

    showLink(invitation) {
        this.shown = invitation?.id;
        show('invite-made', invitation !== undefined);
        $('invite-link').value = invitation ? joinLink(this.party.session.code, invitation.token) : '';
        if (invitation) $('invite-copy').focus();
    }

    row(invitation) {
        const { id, role, token } = invitation;
        const usage = this.usage(invitation);
        const about = say('invite.about', { role: say(ROLE_CHOICES[role]), usage });
        const buttons = make('span', { className: 'buttons' });
        const button = (text, className, action) => {
            const one = make('button', { type: 'button', className: `small ${className}` }, text);
            one.setAttribute('aria-label', say('label.about', { what: text, whom: about }));
            one.addEventListener('click', () => action(one));
            buttons.append(one);
        };
        // The token is told to the one who made it, once.
        if (token) button(say('share.copy_link'), '', (one) => copy(joinLink(this.party.session.code, token), one));
        button(say('invite.revoke'), 'danger', () => this.send({ type: 'revoke', invitation_id: id }));
        return make('li', {}, make('b', {}, say(ROLE_CHOICES[role])),
            make('span', { className: 'person-state' }, usage), buttons);
    }

    usage({ uses, used, expires_at: expires }) {
        const usage = uses ? say('invite.used_of', { used, uses }) : say('invite.used', { count: used });
        if (!expires) return usage;
        const left = expires - this.serverTime();
        return left > 0 ? say('invite.expires', { usage, when: inSpan(left) }) : say('invite.expired', { usage });
    }
}
