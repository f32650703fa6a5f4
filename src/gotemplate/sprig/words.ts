import { byteSlice, bytesOf, isAscii, textOf } from '../text/utf8.ts';

const LETTER = /\p{L}/u;
const WORD_PART = /[\p{L}\p{Nd}_]/u;
const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** The text with the first letter of each word in upper case. */
export function titled(text: string): string {
  let isStart = true;
  return [...text]
    .map((rune) => {
      const shown = isStart && LETTER.test(rune) ? upper(rune) : rune;
      isStart = !isInsideWord(rune);
      return shown;
    })
    .join('');
}

/** Letters, digits and underscores go on with a word, and so does any other character of ASCII's upper half: `’`. */
function isInsideWord(rune: string): boolean {
  if (rune <= '\x7f') return /[A-Za-z0-9_]/.test(rune);
  return WORD_PART.test(rune) || !SPACE.test(rune);
}

/** The text with the first character of each word in lower case. */
export function untitled(text: string): string {
  let isStart = true;
  return [...text]
    .map((rune) => {
      if (SPACE.test(rune)) {
        isStart = true;
        return rune;
      }
      const shown = isStart ? lower(rune) : rune;
      isStart = false;
      return shown;
    })
    .join('');
}

/** The first byte of each word. */
export function initialsOf(text: string): string {
  let initials = '';
  let wasSpace = true;
  for (const byte of bytesOf(text)) {
    const char = String.fromCharCode(byte);
    const isSpace = SPACE.test(char);
    if (!isSpace && wasSpace) initials += char;
    wasSpace = isSpace;
  }
  return initials;
}

/** Upper case letters in lower case and the other way round. */
export function swappedCase(text: string): string {
  return [...text]
    .map((rune) => (/\p{Lu}|\p{Lt}/u.test(rune) ? lower(rune) : /\p{Ll}/u.test(rune) ? upper(rune) : rune))
    .join('');
}

/** One character in upper case, where that is one character again: Go maps each by itself. */
export function upper(rune: string): string {
  const changed = rune.toUpperCase();
  return [...changed].length === 1 ? changed : rune;
}

/** One character in lower case, as {@link upper}. */
export function lower(rune: string): string {
  const changed = rune.toLowerCase();
  return [...changed].length === 1 ? changed : rune;
}

/** The text in upper case as Go makes it, character by character. */
export function upperText(text: string): string {
  return isAscii(text) ? text.toUpperCase() : [...text].map(upper).join('');
}

/** The text in lower case as Go makes it, character by character. */
export function lowerText(text: string): string {
  return isAscii(text) ? text.toLowerCase() : [...text].map(lower).join('');
}

/** The text without white space. */
export function withoutSpace(text: string): string {
  return [...text].filter((rune) => !SPACE.test(rune)).join('');
}

/**
 * The text with line breaks where lines would be longer than `width` bytes: at spaces, or inside words when `isHard`.
 */
export function wrapped(text: string, width: number, lineBreak: string, isHard: boolean): string {
  const bytes = Array.from(bytesOf(text), (byte) => String.fromCharCode(byte)).join('');
  const least = Math.max(width, 1);
  const parts: string[] = [];
  let at = 0;
  while (bytes.length - at > least) {
    if (bytes[at] === ' ') {
      at += 1;
      continue;
    }
    const end = breakBefore(bytes, at, least, isHard);
    if (end === undefined) break;
    parts.push(bytes.slice(at, end), '\0');
    at = end + (bytes[end] === ' ' && !(isHard && end === at + least && !isSpaceBreak(bytes, at, least)) ? 1 : 0);
  }
  parts.push(bytes.slice(at));
  return parts.map((part) => (part === '\0' ? lineBreak : fromBytes(part))).join('');
}

/** Where the line ends that begins at `at`; undefined when there is no place to break. */
function breakBefore(bytes: string, at: number, width: number, isHard: boolean): number | undefined {
  const space = bytes.lastIndexOf(' ', at + width);
  if (space >= at) return space;
  if (isHard) return at + width;
  const next = bytes.indexOf(' ', at + width);
  return next < 0 ? undefined : next;
}

function isSpaceBreak(bytes: string, at: number, width: number): boolean {
  return bytes.lastIndexOf(' ', at + width) >= at;
}

function fromBytes(bytes: string): string {
  return textOf(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}

/** At most `width` bytes from `offset` on, with `...` where something is cut off. */
export function abbreviated(text: string, offset: number, width: number): string {
  const length = bytesOf(text).length;
  if (text === '' || width < 4 || length <= width) return width < 4 && text !== '' ? '' : text;
  let from = Math.min(offset, length);
  if (length - from < width - 3) from = length - (width - 3);
  if (from <= 4) return `${byteSlice(text, 0, width - 3)}...`;
  if (width < 7) return '';
  if (from + width - 3 < length) return `...${abbreviated(byteSlice(text, from, length), 0, width - 3)}`;
  return `...${byteSlice(text, length - (width - 3), length)}`;
}
