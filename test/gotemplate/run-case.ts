import { OperatorError } from '../../src/core/index.ts';
import { TemplateSet } from '../../src/gotemplate/index.ts';
import type { Case, Outcome } from './corpus.ts';
import { typedData } from './host-data.ts';
import { testFunctions } from './test-functions.ts';

/** Runs a case with our engine. What is not an `OperatorError` is a bug and passes through. */
export function runCase({ files, data, missingKey, functions }: Case): Outcome {
  try {
    const set = new TemplateSet({ functions: functions === 'go' ? {} : testFunctions(), missingKey });
    for (const { name, text } of files) set.parse(name, text);
    return { output: set.execute(files.at(-1)?.name ?? '', typedData(data)) };
  } catch (error) {
    if (error instanceof OperatorError) return { error: error.message };
    throw error;
  }
}
