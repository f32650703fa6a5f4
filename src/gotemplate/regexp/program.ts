import { assertNever } from '../../core/index.ts';
import type { ParsedPattern } from './parser.ts';
import { type Assertion, type CharTest, type Expression, RegexpProblem } from './syntax.ts';

/** One instruction; `next` and the targets of a split are indices into the program. */
export type Instruction =
  | { readonly op: 'char'; readonly accepts: CharTest }
  | { readonly op: 'assert'; readonly assertion: Assertion }
  | { readonly op: 'save'; readonly slot: number }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { readonly op: 'match' };

/** A compiled pattern. */
export interface Program {
  readonly instructions: readonly Instruction[];
  /** Two slots, begin and end, for the whole match and each group. */
  readonly slots: number;
  readonly names: readonly string[];
}

/** Bounds the memory and the time per character. */
const MAX_INSTRUCTIONS = 20_000;

/** @throws {RegexpProblem} for a pattern that is too large. */
export function compileProgram({ expression, names }: ParsedPattern): Program {
  const instructions: Instruction[] = [];
  emit(expression, instructions);
  push(instructions, { op: 'match' });
  return { instructions, slots: names.length * 2, names };
}

function push(program: Instruction[], instruction: Instruction): void {
  if (program.length >= MAX_INSTRUCTIONS) throw new RegexpProblem('expression too large');
  program.push(instruction);
}

function emit(expression: Expression, program: Instruction[]): void {
  switch (expression.kind) {
    case 'char':
      push(program, { op: 'char', accepts: expression.accepts });
      break;
    case 'assert':
      push(program, { op: 'assert', assertion: expression.assertion });
      break;
    case 'group':
      push(program, { op: 'save', slot: expression.index * 2 });
      emit(expression.body, program);
      push(program, { op: 'save', slot: expression.index * 2 + 1 });
      break;
    case 'sequence':
      for (const part of expression.parts) emit(part, program);
      break;
    case 'alternatives':
      emitAlternatives(expression.parts, program);
      break;
    case 'repeat':
      emitRepeat(expression, program);
      break;
    default:
      assertNever(expression);
  }
}

function emitAlternatives(parts: readonly Expression[], program: Instruction[]): void {
  const jumps: { op: 'jump'; to: number }[] = [];
  parts.forEach((part, index) => {
    if (index === parts.length - 1) {
      emit(part, program);
      return;
    }
    const split = { op: 'split' as const, first: program.length + 1, second: 0 };
    push(program, split);
    emit(part, program);
    const jump = { op: 'jump' as const, to: 0 };
    push(program, jump);
    jumps.push(jump);
    split.second = program.length;
  });
  for (const jump of jumps) jump.to = program.length;
}

type Repeat = Extract<Expression, { kind: 'repeat' }>;

function emitRepeat({ body, min, max, isGreedy }: Repeat, program: Instruction[]): void {
  for (let i = 0; i < min; i++) emit(body, program);
  if (max === undefined) {
    emitLoop(body, isGreedy, program);
    return;
  }
  const splits = [];
  for (let i = min; i < max; i++) {
    splits.push(emitSplit(isGreedy, program));
    emit(body, program);
  }
  for (const setExit of splits) setExit(program.length);
}

function emitLoop(body: Expression, isGreedy: boolean, program: Instruction[]): void {
  const start = program.length;
  const setExit = emitSplit(isGreedy, program);
  emit(body, program);
  push(program, { op: 'jump', to: start });
  setExit(program.length);
}

/** A choice between what follows and an exit that is set later. */
function emitSplit(isGreedy: boolean, program: Instruction[]): (exit: number) => void {
  const body = program.length + 1;
  const split = { op: 'split' as const, first: body, second: body };
  push(program, split);
  return (exit) => {
    if (isGreedy) split.second = exit;
    else split.first = exit;
  };
}
