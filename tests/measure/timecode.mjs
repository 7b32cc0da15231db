// The number of a frame as a row of black and white blocks, so that it can be read back from the pixels of a player: Gray
// code, so that a blend of two neighbours is one of the two, and a parity block. Knows arithmetic only.

export const BITS = 16;
export const BLOCKS = BITS + 2; // a white one that says "here is a code", the bits, parity
export const BLOCK = 16; // pixels; BLOCKS * BLOCK is the width of the row

const gray = (number) => number ^ (number >> 1);

function parityOf(bits) {
    let parity = 1;
    for (let rest = bits; rest !== 0; rest >>= 1) parity ^= rest & 1;
    return parity;
}

// The blocks of a frame's number, each 0 or 1.
export function encode(number) {
    const code = gray(number);
    const blocks = [1];
    for (let bit = BITS - 1; bit >= 0; bit -= 1) blocks.push((code >> bit) & 1);
    blocks.push(parityOf(code));
    return blocks;
}

// The number that was drawn, from the brightness of each block (0 to 255); -1 if that is no code.
// Free of anything around it, because it also runs inside of the page.
export function decode(levels) {
    const bits = levels.length - 2;
    if (levels[0] < 160) return -1;
    let parity = 1;
    let number = 0;
    let last = 0;
    for (let bit = 0; bit < bits; bit += 1) {
        const level = levels[bit + 1];
        if (level > 96 && level < 160) return -1;
        const one = level > 127 ? 1 : 0;
        parity ^= one;
        last ^= one;
        number = number * 2 + last;
    }
    return parity === (levels[bits + 1] > 127 ? 1 : 0) ? number : -1;
}
