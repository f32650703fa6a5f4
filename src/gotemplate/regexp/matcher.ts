import type { Program } from './program.ts';
import type { Assertion } from './syntax.ts';

/** Begin and end of the match and of each group, as indices into the text; -1 where a group took no part. */
export type Match = readonly number[];

/** Takes units of work: the search stops by an error of its owner. */
export type Spend = (units: number) => void;

interface Thread {
  readonly at: number;
  readonly slots: readonly number[];
}

const WORD = /^[0-9A-Za-z_]$/;

/**
 * The first match at or after `from`, preferring earlier alternatives as Perl does. All alternatives are followed side
 * by side, so the time is bounded by the program's size times the text's.
 */
export function findMatch(program: Program, text: string, from: number, spend: Spend): Match | undefined {
  let threads: readonly Thread[] = [];
  let best: Match | undefined;
  const none: readonly number[] = new Array<number>(program.slots).fill(-1);
  for (let position = from; ; ) {
    const rune = runeAt(text, position);
    const list = new ThreadList(program, text, position);
    for (const thread of threads) list.follow(thread);
    // a new attempt has the lowest priority, and none starts behind a match
    if (best === undefined) list.follow({ at: 0, slots: withSlot(none, 0, position) });
    spend(1 + list.threads.length / 4);
    const next: Thread[] = [];
    for (const thread of list.threads) {
      const instruction = program.instructions[thread.at];
      if (instruction?.op === 'match') {
        best = withSlot(thread.slots, 1, position);
        break;
      }
      if (instruction?.op === 'char' && rune !== '' && instruction.accepts(rune)) {
        next.push({ at: thread.at + 1, slots: thread.slots });
      }
    }
    if (rune === '' || (next.length === 0 && best !== undefined)) return best;
    threads = next;
    position += rune.length;
  }
}

function withSlot(slots: readonly number[], slot: number, value: number): readonly number[] {
  const changed = slots.slice();
  changed[slot] = value;
  return changed;
}

function runeAt(text: string, position: number): string {
  const code = text.codePointAt(position);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** The threads at one position, in the order of their priority, each instruction at most once. */
class ThreadList {
  readonly threads: Thread[] = [];
  readonly #program: Program;
  readonly #text: string;
  readonly #position: number;
  readonly #seen: Uint8Array;

  constructor(program: Program, text: string, position: number) {
    this.#program = program;
    this.#text = text;
    this.#position = position;
    this.#seen = new Uint8Array(program.instructions.length);
  }

  /** Adds a thread and all that it reaches without consuming a character. */
  follow(start: Thread): void {
    const pending = [start];
    for (let thread = pending.pop(); thread !== undefined; thread = pending.pop()) {
      const { at, slots } = thread;
      if (this.#seen[at] === 1) continue;
      this.#seen[at] = 1;
      const instruction = this.#program.instructions[at];
      switch (instruction?.op) {
        case 'jump':
          pending.push({ at: instruction.to, slots });
          break;
        case 'split':
          pending.push({ at: instruction.second, slots }, { at: instruction.first, slots });
          break;
        case 'save':
          pending.push({ at: at + 1, slots: withSlot(slots, instruction.slot, this.#position) });
          break;
        case 'assert':
          if (holds(instruction.assertion, this.#text, this.#position)) pending.push({ at: at + 1, slots });
          break;
        default:
          this.threads.push(thread);
      }
    }
  }
}

function holds(assertion: Assertion, text: string, position: number): boolean {
  switch (assertion) {
    case 'textStart':
      return position === 0;
    case 'textEnd':
      return position === text.length;
    case 'lineStart':
      return position === 0 || text[position - 1] === '\n';
    case 'lineEnd':
      return position === text.length || text[position] === '\n';
    default: {
      const isBoundary = isWord(text[position - 1]) !== isWord(text[position]);
      return isBoundary === (assertion === 'boundary');
    }
  }
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && WORD.test(char);
}
