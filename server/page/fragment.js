// What the address carries after the #, which no server ever sees: `invite`, the invitation that a link brings, and
// `token`, the sign-in that a site around this page gives. Knows the address bar only.

const TOKEN_KEY = 'syncplay.token';

const fragment = () => new URLSearchParams(location.hash.slice(1));

// Takes `key` out of the address, so that it is neither copied on nor seen over a shoulder.
function take(key) {
    const rest = fragment();
    rest.delete(key);
    const hash = rest.toString();
    history.replaceState(history.state, '', `${location.pathname}${location.search}${hash && `#${hash}`}`);
}

export const invitation = () => fragment().get('invite') ?? '';
export const forgetInvitation = () => take('invite');

// The sign-in token given to this tab, now or before it was loaded again; '' if there is none.
export function givenToken() {
    const token = fragment().get('token');
    if (token) take('token');
    try {
        if (token) sessionStorage.setItem(TOKEN_KEY, token);
        return token ?? sessionStorage.getItem(TOKEN_KEY) ?? '';
    } catch {
        return token ?? ''; // storage forbidden: it lasts as long as the page
    }
}
