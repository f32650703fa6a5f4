import type { Frame } from '../exec/frame.ts';
import { TemplateProblem } from '../template-error.ts';
import { encodeBase64 } from '../text/base64.ts';
import { runesOf, textOf } from '../text/utf8.ts';
import { type FunctionTable, fn, framed } from '../values/go-function.ts';
import { hexOf } from './hash.ts';

/** Gives so many random bytes. */
export type RandomBytes = (count: number) => Uint8Array;

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const LETTERS = UPPER + UPPER.toLowerCase();
const ASCII = Array.from({ length: 95 }, (_unused, index) => String.fromCharCode(32 + index)).join('');

/** sprig's functions that need randomness. Without a source they fail. */
export function randomFunctions(source: RandomBytes | undefined): FunctionTable {
  const random: RandomBytes = (count) => {
    if (source === undefined) throw new TemplateProblem('templates have no randomness here');
    return source(count);
  };
  const text = (alphabet: string) =>
    framed(['int'], (frame, count) =>
      Array.from({ length: sized(frame, count) }, () => pick(alphabet, random)).join(''),
    );
  return {
    randAlphaNum: text(LETTERS + DIGITS),
    randAlpha: text(LETTERS),
    randNumeric: text(DIGITS),
    randAscii: text(ASCII),
    randBytes: framed(['int'], (frame, count) => encodeBase64(textOf(random(sized(frame, count))))),
    randInt: fn(['int', 'int'], (min, max) => {
      if (max <= min) throw new TemplateProblem('invalid argument to Intn');
      return min + BigInt(below(Number(max - min), random));
    }),
    shuffle: fn(['string'], (value) => shuffled(runesOf(value), random).join('')),
    uuidv4: fn([], () => uuid(random(16))),
  };
}

function sized(frame: Frame, count: bigint): number {
  if (count < 0n) throw new TemplateProblem('the number of random characters must not be negative');
  frame.run.spend(Number(count));
  return Number(count);
}

function pick(alphabet: string, random: RandomBytes): string {
  return alphabet[below(alphabet.length, random)] ?? '';
}

/** An integer below the limit, each with the same chance: what would favour the small ones is drawn again. */
function below(limit: number, random: RandomBytes): number {
  const range = 2 ** 48;
  const fair = range - (range % limit);
  for (;;) {
    const value = random(6).reduce((sum, byte) => sum * 256 + byte, 0);
    if (value < fair) return value % limit;
  }
}

function shuffled(items: readonly string[], random: RandomBytes): readonly string[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = below(i + 1, random);
    [result[i], result[j]] = [result[j] ?? '', result[i] ?? ''];
  }
  return result;
}

function uuid(bytes: Uint8Array): string {
  const fixed = Uint8Array.from(bytes, (byte, index) =>
    index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte,
  );
  return hexOf(fixed).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
