// What somebody was promised: for each thing, what has been acknowledged and what has only been asked for. After a crash it must
// be in a state that one of the two explains. Knows nothing of servers.

export class Ledger {
    constructor() {
        this.things = new Map(); // name -> { sure, asked: [...], look }
        this.acknowledged = 0;
    }

    // `look` tells later what has become of the thing; it may be left out, and named with the acknowledgement.
    ask(name, outcome, look) {
        const thing = this.things.get(name) ?? { sure: undefined, asked: [], look };
        thing.look = look ?? thing.look;
        thing.asked.push(outcome);
        this.things.set(name, thing);
    }

    // The last that was asked for is promised now, and what was before it is no longer possible.
    promise(name, look) {
        const thing = this.things.get(name);
        thing.sure = thing.asked.at(-1);
        thing.asked = [];
        thing.look = look ?? thing.look;
        this.acknowledged += 1;
    }

    // Looks at everything: sentences about what is not as promised.
    async broken() {
        const wrong = [];
        for (const [name, { sure, asked, look }] of this.things) {
            if (!look || sure === undefined) continue; // nobody was promised anything
            const found = await look();
            if (found !== sure && !asked.includes(found)) wrong.push(`${name} is ${found}, not ${sure}${asked.map((one) => ` or ${one}`).join('')}`);
        }
        return wrong;
    }
}
