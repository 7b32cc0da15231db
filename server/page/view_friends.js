// On the start page: who asks to be this user's friend.

import { $, make, setText, show } from './dom.js';
import { say } from './language.js';

export class FriendsView {
    constructor(friends) {
        this.friends = friends;
        friends.onChange(() => this.render());
    }

    render() {
        const { asking, isOn } = this.friends;
        show('friends', isOn && asking.length > 0);
        $('friend-requests').replaceChildren(...asking.map((user) => this.row(user)));
    }

    row(user) {
        const answer = (text, className, act) => {
            const button = make('button', { type: 'button', className: `small ${className}` }, text);
            button.setAttribute('aria-label', say('label.about', { what: text, whom: user.name }));
            button.addEventListener('click', () => {
                setText('friends-problem', '');
                this.friends[act](user.user_id).catch((error) => setText('friends-problem', error.message));
            });
            return button;
        };
        return make('li', {}, make('span', { className: 'person-name' }, user.name),
            make('span', { className: 'buttons' },
                answer(say('friends.accept'), 'primary', 'ask'), answer(say('friends.decline'), '', 'end')));
    }
}
