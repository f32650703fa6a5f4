import { compilePattern, type Instruction, PatternProblem, type Program } from './pattern-compiler.ts';

/** How much work one search may take: program size times characters. */
const MAX_WORK = 20_000_000;
/** Arguments of containers, which patterns are for, are shorter by far. */
const MAX_TEXT = 10_000;

/**
 * The index of the first text that the pattern matches anywhere, or -1. All alternatives are followed at once, so the
 * time is bounded by pattern length times text length whatever the pattern is: there is no backtracking.
 * @throws {PatternProblem} for syntax that is not supported, and for patterns that are too large.
 */
export function findMatch(pattern: string, texts: readonly string[]): number {
  const program = compilePattern(pattern);
  const length = texts.reduce((sum, text) => sum + Math.min(text.length, MAX_TEXT), 0);
  if (length * program.length > MAX_WORK) throw new PatternProblem('the pattern is too large for this list');
  return texts.findIndex((text) => matches(program, text.slice(0, MAX_TEXT)));
}

/** Whether the program matches anywhere in the text. */
function matches(program: Program, text: string): boolean {
  let threads = new Set<number>();
  for (let position = 0; position <= text.length; position++) {
    addThread(program, threads, 0, { text, position });
    if (threads.has(program.length - 1)) return true;
    const char = text[position];
    if (char === undefined) return false;
    const next = new Set<number>();
    for (const thread of threads) {
      const instruction = program[thread];
      if (instruction?.op === 'char' && instruction.accepts(char)) {
        addThread(program, next, thread + 1, { text, position: position + 1 });
      }
    }
    threads = next;
  }
  return false;
}

interface Place {
  readonly text: string;
  readonly position: number;
}

/** Adds a thread and all that it reaches without consuming a character. */
function addThread(program: Program, threads: Set<number>, start: number, place: Place): void {
  const pending = [start];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const instruction = program[at];
    if (instruction === undefined || threads.has(at)) continue;
    threads.add(at);
    pending.push(...followers(instruction, at, place));
  }
}

function followers(instruction: Instruction, at: number, { text, position }: Place): readonly number[] {
  switch (instruction.op) {
    case 'split':
      return [instruction.second, instruction.first];
    case 'jump':
      return [instruction.to];
    case 'start':
      return position === 0 ? [at + 1] : [];
    case 'end':
      return position === text.length ? [at + 1] : [];
    case 'boundary':
      return isWord(text[position - 1]) === isWord(text[position]) ? [] : [at + 1];
    default:
      return [];
  }
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /\w/.test(char);
}
