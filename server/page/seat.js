// What leads back to one's own seat: the resume token of the last join, and the cursor of the last message that came.
// The token is also kept for this tab, so that a page that is loaded again is the same client; the cursor is not, because
// such a page knows nothing of what came before it. Knows no socket; the storage is given to it.

export class Seat {
    constructor(code, storage) {
        this.key = `syncplay.seat.${code}`;
        this.storage = storage;
        this.cursor = undefined;
        this.token = this.read() ?? undefined;
    }

    read() {
        try {
            return this.storage.getItem(this.key);
        } catch {
            return null; // storage forbidden
        }
    }

    // Every message passes here on its way in.
    note(message) {
        if (message.resume_token) this.keep(message.resume_token);
        // A `resumed` says where the hub is; what was missed is only coming, and may still be lost on its way.
        if (message.type !== 'resumed' && Number.isFinite(message.cursor)) this.cursor = message.cursor;
    }

    keep(token) {
        this.token = token;
        try {
            this.storage.setItem(this.key, token);
        } catch {
            // Then it lasts as long as the page.
        }
    }

    forget() {
        this.token = undefined;
        this.cursor = undefined;
        try {
            this.storage.removeItem(this.key);
        } catch {
            // Nothing was kept.
        }
    }

    // The fields of a join.
    get fields() {
        if (!this.token) return {};
        return this.cursor === undefined ? { resume_token: this.token } : { resume_token: this.token, cursor: this.cursor };
    }
}
