import type { Frame } from '../exec/frame.ts';
import { Regexp } from '../regexp/regexp.ts';
import { RegexpProblem } from '../regexp/syntax.ts';
import { TemplateProblem } from '../template-error.ts';
import { quote } from '../text/quote.ts';
import { type FunctionTable, fn, framed } from '../values/go-function.ts';
import { GoSlice, stringSlice } from '../values/values.ts';

/** sprig's regular expressions: Go's, in time that grows with the text only. */
export function regexFunctions(): FunctionTable {
  return {
    ...searchFunctions('', compileOrPanic),
    ...searchFunctions('must', compile),
    regexMatch: framed(['string', 'string'], (frame, pattern, text) => isMatch(frame, pattern, text)),
    mustRegexMatch: framed(['string', 'string'], (frame, pattern, text) => compile(frame, pattern).isMatch(text)),
    regexQuoteMeta: fn(['string'], (text) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
  };
}

type Compile = (frame: Frame, pattern: string) => Regexp;

function searchFunctions(prefix: string, compilePattern: Compile): FunctionTable {
  const name = (rest: string) => (prefix === '' ? `r${rest.slice(1)}` : prefix + rest);
  return {
    [name('RegexFind')]: framed(['string', 'string'], (frame, pattern, text) => {
      return compilePattern(frame, pattern).find(text) ?? '';
    }),
    [name('RegexFindAll')]: framed(['string', 'string', 'int'], (frame, pattern, text, limit) => {
      const found = compilePattern(frame, pattern).findAll(text, Number(limit));
      return found.length === 0 ? new GoSlice([], 'string', { isNil: true }) : stringSlice(found);
    }),
    [name('RegexReplaceAll')]: framed(['string', 'string', 'string'], (frame, pattern, text, template) => {
      const regexp = compilePattern(frame, pattern);
      return regexp.replaceAll(text, (match) => regexp.expand(template, text, match));
    }),
    [name('RegexReplaceAllLiteral')]: framed(['string', 'string', 'string'], (frame, pattern, text, literal) => {
      return compilePattern(frame, pattern).replaceAll(text, () => literal);
    }),
    [name('RegexSplit')]: framed(['string', 'string', 'int'], (frame, pattern, text, limit) => {
      const parts = compilePattern(frame, pattern).split(text, Number(limit));
      return limit === 0n ? new GoSlice([], 'string', { isNil: true }) : stringSlice(parts);
    }),
  };
}

/** sprig swallows the error of a pattern here, and only here. */
function isMatch(frame: Frame, pattern: string, text: string): boolean {
  try {
    return new Regexp(pattern, (units) => frame.run.spend(units)).isMatch(text);
  } catch (error) {
    if (error instanceof RegexpProblem) return false;
    throw error;
  }
}

function compile(frame: Frame, pattern: string): Regexp {
  try {
    return new Regexp(pattern, (units) => frame.run.spend(units));
  } catch (error) {
    if (error instanceof RegexpProblem) throw new TemplateProblem(error.message);
    throw error;
  }
}

/** Go's `MustCompile`, which says more when it panics. */
function compileOrPanic(frame: Frame, pattern: string): Regexp {
  try {
    return compile(frame, pattern);
  } catch (error) {
    if (!(error instanceof TemplateProblem) || !error.message.startsWith('error parsing')) throw error;
    const shown = pattern.includes('`') ? quote(pattern) : `\`${pattern}\``;
    throw new TemplateProblem(`regexp: Compile(${shown}): ${error.message}`);
  }
}
