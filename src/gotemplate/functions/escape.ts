import { isPrintable } from '../text/quote.ts';
import { bytesOf } from '../text/utf8.ts';

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};
const JAVASCRIPT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

/** The text as HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (char) => HTML[char] ?? char);
}

/** The text for the inside of a JavaScript string. */
export function escapeJavaScript(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
  return text.replace(/[\\'"<>&=\0-\x1f]|[^\0-\x7f]/gu, (rune) => {
    const known = JAVASCRIPT[rune];
    if (known !== undefined) return known;
    const code = rune.codePointAt(0) ?? 0;
    if (code > 0x7f && isPrintable(rune)) return rune;
    const shown = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    return shown === 0xfffd && code !== shown ? '\ufffd' : `\\u${shown.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** The text as a part of a URL's query. */
export function escapeQuery(text: string): string {
  let escaped = '';
  for (const byte of bytesOf(text)) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9_.~-]/.test(char)) escaped += char;
    else escaped += char === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}
