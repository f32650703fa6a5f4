import { bytesOf, textOf } from './utf8.ts';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The text's bytes in base 64. */
export function encodeBase64(text: string): string {
  return encode(bytesOf(text), BASE64, 6, 4);
}

/** The text's bytes in base 32. */
export function encodeBase32(text: string): string {
  return encode(bytesOf(text), BASE32, 5, 8);
}

function encode(bytes: Uint8Array, alphabet: string, bits: number, group: number): string {
  let text = '';
  let buffer = 0;
  let held = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    held += 8;
    while (held >= bits) {
      held -= bits;
      text += alphabet[(buffer >> held) & ((1 << bits) - 1)];
    }
  }
  if (held > 0) text += alphabet[(buffer << (bits - held)) & ((1 << bits) - 1)];
  return text + '='.repeat((group - (text.length % group)) % group);
}

/** The text behind base 64, or the index of the first character that is wrong. */
export function decodeBase64(text: string): string | number {
  return decode(text, BASE64, 6, 4);
}

/** The text behind base 32, or the index of the first character that is wrong. */
export function decodeBase32(text: string): string | number {
  return decode(text, BASE32, 5, 8);
}

/** The lengths that the last group can have without its padding. */
const LAST_GROUP: Readonly<Record<number, readonly number[]>> = { 4: [2, 3, 4], 8: [2, 4, 5, 7, 8] };

function decode(encoded: string, alphabet: string, bits: number, group: number): string | number {
  const text = encoded.replace(/[\r\n]/g, '');
  const bytes: number[] = [];
  let buffer = 0;
  let held = 0;
  const end = text.indexOf('=') < 0 ? text.length : text.indexOf('=');
  for (let i = 0; i < end; i++) {
    const value = alphabet.indexOf(text[i] ?? '');
    if (value < 0) return i;
    buffer = ((buffer << bits) | value) & 0xffff;
    held += bits;
    if (held < 8) continue;
    held -= 8;
    bytes.push((buffer >> held) & 0xff);
  }
  const last = end % group;
  const padding = (group - last) % group;
  const isWhole = last === 0 || LAST_GROUP[group]?.includes(last) === true;
  // without any padding, Go points at the group that lacks it
  if (last > 0 && end === text.length) return end - last;
  if (!isWhole || text.slice(end) !== '='.repeat(padding)) return wrongPadding(text, end, padding);
  return textOf(Uint8Array.from(bytes));
}

/** Where Go notices that the padding is wrong. */
function wrongPadding(text: string, end: number, padding: number): number {
  for (let i = end; i < end + padding; i++) if (text[i] !== '=') return i;
  return text.length > end + padding ? end + padding : end;
}
