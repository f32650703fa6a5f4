/**
 * Go strings are bytes; ours are JavaScript strings in which a byte that is not part of valid UTF-8 stands as a lone
 * surrogate U+DC80..U+DCFF. Both directions lose nothing.
 */
const ESCAPED = 0xdc00;

/** Whether all characters are ASCII, so that bytes and characters are the same. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** The bytes that Go would hold for the text. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(byteLength(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) i++;
    if (code >= 0xdc80 && code <= 0xdcff) {
      bytes[at++] = code - ESCAPED;
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    at = encode(code, bytes, at);
  }
  return bytes;
}

function encode(code: number, bytes: Uint8Array, start: number): number {
  let at = start;
  if (code < 0x80) {
    bytes[at++] = code;
    return at;
  }
  if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6);
  else {
    if (code < 0x10000) bytes[at++] = 0xe0 | (code >> 12);
    else {
      bytes[at++] = 0xf0 | (code >> 18);
      bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
    }
    bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
  }
  bytes[at++] = 0x80 | (code & 0x3f);
  return at;
}

/** The number of bytes that Go would hold for the text. */
export function byteLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) length += 1;
    else if (code < 0x800) length += 2;
    else if (code >= 0xd800 && code < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      length += 4;
      i++;
    } else length += code >= 0xdc80 && code <= 0xdcff ? 1 : 3;
  }
  return length;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/** The text that bytes stand for. */
export function textOf(bytes: Uint8Array): string {
  const parts: string[] = [];
  let i = 0;
  while (i < bytes.length) {
    const [code, size] = decode(bytes, i);
    parts.push(code === undefined ? String.fromCharCode(ESCAPED + (bytes[i] ?? 0)) : String.fromCodePoint(code));
    i += size;
  }
  return parts.join('');
}

/** The code point at an index and its size; no code point and size 1 where the bytes are not UTF-8. */
function decode(bytes: Uint8Array, i: number): readonly [number | undefined, number] {
  const first = bytes[i] ?? 0;
  if (first < 0x80) return [first, 1];
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || i + size > bytes.length) return [undefined, 1];
  let code = first & (0xff >> (size + 1));
  for (let n = 1; n < size; n++) {
    const next = bytes[i + n] ?? 0;
    if ((next & 0xc0) !== 0x80) return [undefined, 1];
    code = (code << 6) | (next & 0x3f);
  }
  const least = [0, 0, 0x80, 0x800, 0x10000][size] ?? 0;
  const isValid = code >= least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isValid ? [code, size] : [undefined, 1];
}

/** A part of the text by byte offsets, as Go slices strings. */
export function byteSlice(text: string, from: number, to: number): string {
  return isAscii(text) ? text.slice(from, to) : textOf(bytesOf(text).subarray(from, to));
}

/** The characters as Go's runes: whole code points, an invalid byte is one of its own. */
export function runesOf(text: string): string[] {
  return [...text];
}

/** Orders two texts by their bytes, as Go orders strings. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left === right) continue;
    // UTF-16 puts surrogates below U+E000..U+FFFF, bytes put them above
    const isMixed = left >= 0xd800 && right >= 0xd800;
    return isMixed ? compareBytes(bytesOf(a), bytesOf(b)) : left - right;
  }
  return a.length - b.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The text with U+FFFD in place of what is not UTF-8, for output that leaves the engine. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
