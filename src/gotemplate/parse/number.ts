import { readFloat, readInt64, readUint64 } from '../text/number-syntax.ts';
import { quote, unquoteCharacter } from '../text/quote.ts';
import type { NumberNode } from './nodes.ts';

/** What is wrong with a literal; the parser says where. */
export class LiteralProblem extends Error {}

/**
 * Reads a number or a character literal. One literal can be several kinds of number, what it becomes depends on where
 * it is used: `1.0` is an integer where an integer is asked for.
 * @throws {LiteralProblem}
 */
export function readNumber(text: string, pos: number): NumberNode {
  if (text.startsWith("'")) return characterNumber(text, pos);
  const int = readInt64(text, 0);
  const uint = int === 0n ? 0n : readUint64(text);
  const whole = int ?? uint;
  if (whole !== undefined) return { kind: 'number', pos, text, int, uint, float: Number(whole) };
  const float = readFloat(text);
  if (float === undefined) throw new LiteralProblem(`illegal number syntax: ${quote(text)}`);
  if (!/[.eEpP]/.test(text)) throw new LiteralProblem(`integer overflow: ${quote(text)}`);
  return { kind: 'number', pos, text, int: wholeOf(float, 63n, true), uint: wholeOf(float, 64n, false), float };
}

function characterNumber(text: string, pos: number): NumberNode {
  const code = unquoteCharacter(text);
  if (code === undefined) {
    const isLong = text.length > 3 && !text.includes('\\');
    throw new LiteralProblem(isLong ? `malformed character constant: ${text}` : 'invalid syntax');
  }
  return { kind: 'number', pos, text, int: BigInt(code), uint: BigInt(code), float: code };
}

function wholeOf(float: number, bits: bigint, isSigned: boolean): bigint | undefined {
  if (!Number.isInteger(float) || (!isSigned && float < 0)) return undefined;
  const whole = BigInt(float);
  return whole < 1n << bits && whole >= -(1n << bits) ? whole : undefined;
}
