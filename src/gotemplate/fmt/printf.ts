import { integerOf, typeOf } from '../values/types.ts';
import type { Value } from '../values/values.ts';
import type { Directive } from './directive.ts';
import { formatValue, formatVerb } from './format-value.ts';

/** Go takes no width or precision above this. */
const MAX_SIZE = 1_000_000;

/** Formats as Go's `fmt.Sprintf`. Mistakes in the format become text such as `%!d(string=x)`, never errors. */
export function sprintf(format: string, args: readonly Value[]): string {
  const printer = new Printer(format, args);
  return printer.run();
}

/** Formats as Go's `fmt.Sprint`: a space between two operands when neither is a string. */
export function sprint(args: readonly Value[]): string {
  let text = '';
  args.forEach((arg, index) => {
    if (index > 0 && typeof arg !== 'string' && typeof args[index - 1] !== 'string') text += ' ';
    text += formatValue(arg);
  });
  return text;
}

/** Formats as Go's `fmt.Sprintln`: a space between operands, a line break at the end. */
export function sprintln(args: readonly Value[]): string {
  return `${args.map(formatValue).join(' ')}\n`;
}

const FLAGS: Readonly<Record<string, 'plus' | 'minus' | 'sharp' | 'space' | 'zero'>> = {
  '+': 'plus',
  '-': 'minus',
  '#': 'sharp',
  ' ': 'space',
  '0': 'zero',
};

type Draft = { -readonly [K in keyof Directive]: Directive[K] };

class Printer {
  readonly #format: string;
  readonly #args: readonly Value[];
  #at = 0;
  #arg = 0;
  #text = '';
  #isReordered = false;
  #wasReordered = false;
  #isGoodIndex = true;

  constructor(format: string, args: readonly Value[]) {
    this.#format = format;
    this.#args = args;
  }

  run(): string {
    while (this.#at < this.#format.length) {
      const next = this.#format.indexOf('%', this.#at);
      const end = next < 0 ? this.#format.length : next;
      this.#text += this.#format.slice(this.#at, end);
      this.#at = end + 1;
      if (next >= 0) this.#directive();
    }
    if (!this.#wasReordered && this.#arg < this.#args.length) this.#text += this.#extra();
    return this.#text;
  }

  #directive(): void {
    this.#isGoodIndex = true;
    this.#isReordered = false;
    const draft = this.#flags();
    this.#index();
    this.#width(draft);
    this.#precision(draft);
    if (!this.#isReordered || this.#format[this.#at] === '[') this.#index();
    this.#wasReordered ||= this.#isReordered;
    const code = this.#format.codePointAt(this.#at);
    if (code === undefined) {
      this.#text += '%!(NOVERB)';
      return;
    }
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    this.#verb(verb, draft);
  }

  #verb(verb: string, directive: Directive): void {
    if (verb === '%') this.#text += '%';
    else if (!this.#isGoodIndex) this.#text += `%!${verb}(BADINDEX)`;
    else if (this.#arg >= this.#args.length) this.#text += `%!${verb}(MISSING)`;
    else this.#text += formatVerb(this.#args[this.#arg++], verb, directive);
  }

  #flags(): Draft {
    const draft: Draft = {
      plus: false,
      minus: false,
      sharp: false,
      space: false,
      zero: false,
      width: undefined,
      precision: undefined,
    };
    for (; ; this.#at++) {
      const flag = FLAGS[this.#format[this.#at] ?? ''];
      if (flag === undefined) return draft;
      draft[flag] = true;
    }
  }

  #width(draft: Draft): void {
    if (this.#format[this.#at] === '*') {
      this.#at++;
      const size = this.#sizeArgument();
      if (size === undefined) this.#text += '%!(BADWIDTH)';
      else if (size < 0) {
        draft.minus = true;
        draft.zero = false;
        draft.width = -size;
      } else draft.width = size;
      return;
    }
    const size = this.#number();
    // `%[3]2d` has its width behind the index
    if (size !== undefined && this.#isReordered) this.#isGoodIndex = false;
    draft.width = size;
  }

  #precision(draft: Draft): void {
    if (this.#format[this.#at] !== '.') return;
    this.#at++;
    if (this.#isReordered) this.#isGoodIndex = false;
    this.#index();
    if (this.#format[this.#at] !== '*') {
      draft.precision = this.#number() ?? 0;
      return;
    }
    this.#at++;
    const size = this.#sizeArgument();
    if (size === undefined || size < 0) {
      if (size === undefined) this.#text += '%!(BADPREC)';
      return;
    }
    draft.precision = size;
  }

  /** A width or precision from the arguments; undefined when it is no small integer. */
  #sizeArgument(): number | undefined {
    this.#isReordered = false;
    const size = integerOf(this.#args[this.#arg]);
    if (this.#arg < this.#args.length) this.#arg++;
    return size === undefined || size > MAX_SIZE || size < -MAX_SIZE ? undefined : Number(size);
  }

  #number(): number | undefined {
    const digits = /^[0-9]{1,8}/.exec(this.#format.slice(this.#at, this.#at + 8))?.[0];
    if (digits === undefined) return undefined;
    this.#at += digits.length;
    return Number(digits) > MAX_SIZE ? undefined : Number(digits);
  }

  /** `[n]` chooses the argument. */
  #index(): void {
    if (this.#format[this.#at] !== '[') return;
    this.#isReordered = true;
    const close = this.#format.indexOf(']', this.#at);
    const digits = close < 0 ? '' : this.#format.slice(this.#at + 1, close);
    this.#at = close < 0 ? this.#at + 1 : close + 1;
    const index = /^[0-9]{1,7}$/.test(digits) ? Number(digits) - 1 : -1;
    if (index >= 0 && index < this.#args.length) this.#arg = index;
    else this.#isGoodIndex = false;
  }

  #extra(): string {
    const shown = this.#args
      .slice(this.#arg)
      .map((arg) => (arg === undefined || arg === null ? '<nil>' : `${typeOf(arg)}=${formatValue(arg)}`));
    return `%!(EXTRA ${shown.join(', ')})`;
  }
}
