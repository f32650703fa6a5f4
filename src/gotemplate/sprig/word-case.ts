import { lower, lowerText, upper } from './words.ts';

type WordKind = 'number' | 'upper' | 'letters' | 'connector' | 'punctuation' | 'other' | 'none';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

const UPPER = /^\p{Lu}$/u;
const ALPHABET = /^\p{L}$/u;
const NUMBER = /^\p{N}$/u;
const PUNCTUATION = /^\p{P}$/u;
const NONE: Word = { kind: 'none', text: '' };

function isConnector(rune: string): boolean {
  return rune === '-' || rune === '_' || /^[\t\n\v\f\r \u0085\u00a0]$/.test(rune);
}

function kindOf(rune: string): WordKind {
  if (isConnector(rune)) return 'connector';
  if (PUNCTUATION.test(rune)) return 'punctuation';
  if (UPPER.test(rune)) return 'upper';
  if (ALPHABET.test(rune)) return 'letters';
  return NUMBER.test(rune) ? 'number' : 'other';
}

/** Splits text into words: `HTTPServer` is `HTTP` and `Server`, digits are words of their own. */
function wordsOf(text: string): readonly Word[] {
  const runes = [...text];
  const words: Word[] = [];
  for (let at = 0; at < runes.length; ) {
    const end = wordEnd(runes, at);
    words.push({ kind: kindOf(runes[at] ?? ''), text: runes.slice(at, end).join('') });
    at = end;
  }
  return words;
}

function wordEnd(runes: readonly string[], start: number): number {
  const kind = kindOf(runes[start] ?? '');
  const endOf = (from: number, wanted: WordKind) => {
    let at = from;
    while (at < runes.length && kindOf(runes[at] ?? '') === wanted) at++;
    return at;
  };
  const end = endOf(start + 1, kind);
  if (kind !== 'upper' || kindOf(runes[end] ?? '') !== 'letters' || end >= runes.length) return end;
  // one capital begins a word of small letters; after several, the last one does
  return end === start + 1 ? endOf(end, 'letters') : end - 1;
}

/** `someWord2x` as `some_word_2x`, with the connector between words. */
export function connectedCase(text: string, connector: string): string {
  const words = wordsOf(text);
  let result = '';
  let at = 0;
  const put = ({ kind, text: word }: Word) => {
    result += kind === 'connector' ? connector.repeat([...word].length) : lowerText(word);
  };
  const peek = () => words[at] ?? NONE;
  /** Puts letters and digits that go on with the word. */
  const putRun = () => {
    for (; peek().kind === 'letters' || peek().kind === 'number'; at++) put(peek());
  };
  while (at < words.length) {
    const word = peek();
    at += 1;
    put(word);
    if (at >= words.length) break;
    if (word.kind === 'number') putRun();
    else if (word.kind === 'connector' || word.kind === 'punctuation') continue;
    else if (peek().kind === 'number') {
      if (at === words.length - 1) continue;
      if (words[at + 1]?.kind === 'letters') {
        result += connector;
        putRun();
      } else {
        put(peek());
        at += 1;
      }
    }
    if (!['none', 'connector', 'punctuation'].includes(peek().kind)) result += connector;
  }
  return result;
}

/** `some_word` as `SomeWord`. Connectors at the beginning stay. */
export function pascalCase(text: string): string {
  const runes = [...text];
  const first = runes.findIndex((rune) => !isConnector(rune));
  // the original writes the last connector of such a text twice
  if (first < 0) return text + (runes.at(-1) ?? '');
  let result = runes.slice(0, first).join('');
  let current = runes[first] ?? '';
  let isCapital = UPPER.test(current);
  current = upper(current);
  for (const rune of runes.slice(first + 1)) {
    const before = current;
    current = rune;
    if (isConnector(rune) && isConnector(before)) {
      result += before;
    } else if (isConnector(before)) {
      isCapital = UPPER.test(rune);
      current = upper(rune);
    } else {
      if (isCapital && UPPER.test(rune)) current = lower(rune);
      else isCapital = false;
      result += before;
    }
  }
  return result + current;
}
