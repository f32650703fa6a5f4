import { OperatorError } from '../../core/index.ts';

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The text of a flag where it can name a namespace.
 * @throws {OperatorError} `Usage`, naming the flag.
 */
export function namespaceName(text: string, flag: string): string {
  if (NAME.test(text)) return text;
  throw new OperatorError(`${flag}: "${text}" is not the name of a namespace.`, {
    code: 'Usage',
    hint: 'Use lower-case letters, digits and dashes.',
  });
}
