// A text as a QR code, by the library that the build has fetched; it is loaded when the first one is wanted. No DOM.

// The smallest that holds the text; M survives a seventh of it being unreadable.
const SMALLEST = 0;
const CORRECTION = 'M';

// Rows of modules, true for dark, without the quiet zone of four around them. null where this build has no such library.
export async function qrCode(text) {
    const { qrcode } = await import('./qrcode.js');
    if (!qrcode) return null;
    const code = qrcode(SMALLEST, CORRECTION);
    code.addData(text);
    code.make();
    const each = Array.from({ length: code.getModuleCount() }, (_, index) => index);
    return each.map((row) => each.map((column) => code.isDark(row, column)));
}
