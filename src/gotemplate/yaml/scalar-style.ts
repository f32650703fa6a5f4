import { isBase60, resolvePlain } from './resolve-plain.ts';

/** How a text is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

const BREAK = /[\r\n\u0085\u2028\u2029]/;
/** What libyaml counts as printable; it does not know characters above U+FFFF, and a tab is not one either. */
const NOT_PRINTABLE = /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;
const FIRST_INDICATOR = /^[#,[\]{}&*!|>'"%@`]/;
const INDICATOR_INSIDE = /:(?=[ \t]|$|[\r\n\u0085\u2028\u2029])|[ \t\r\n\u0085\u2028\u2029]#/;
const FIRST_BEFORE_SPACE = /^[?:-](?:[ \t\r\n\u0085\u2028\u2029]|$)/;

/** The style that Go's YAML library chooses for a text; keys cannot be blocks. */
export function scalarStyle(text: string, isKey: boolean): ScalarStyle {
  if (text.includes('\n')) return !isKey && canBeLiteral(text) ? 'literal' : 'double';
  const isString = resolvePlain(text).kind === 'string' && !isBase60(text);
  if (!isString) return 'double';
  if (isKey && BREAK.test(text)) return 'double';
  if (canBePlain(text)) return 'plain';
  return canBeSingleQuoted(text) ? 'single' : 'double';
}

function canBePlain(text: string): boolean {
  if (/^ | $/.test(text) || BREAK.test(text) || NOT_PRINTABLE.test(text)) return false;
  if (/^(?:---|\.\.\.)/.test(text) || FIRST_INDICATOR.test(text) || FIRST_BEFORE_SPACE.test(text)) return false;
  return !INDICATOR_INSIDE.test(text);
}

function canBeSingleQuoted(text: string): boolean {
  return !NOT_PRINTABLE.test(text) && !/ [\r\n\u0085\u2028\u2029]|[\r\n\u0085\u2028\u2029] /.test(text);
}

function canBeLiteral(text: string): boolean {
  return !NOT_PRINTABLE.test(text) && !text.endsWith(' ') && !/ [\r\n\u0085\u2028\u2029]/.test(text);
}
