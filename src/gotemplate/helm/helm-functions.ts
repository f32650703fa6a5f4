import { OperatorError } from '../../core/index.ts';
import type { Frame, Output } from '../exec/frame.ts';
import { readJson } from '../json/read-json.ts';
import { TemplateProblem } from '../template-error.ts';
import { quote } from '../text/quote.ts';
import { allReadWhole, type FunctionTable, fn, framed } from '../values/go-function.ts';
import { typeOf } from '../values/types.ts';
import { GoMap, GoSlice, mapOf, type Value } from '../values/values.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { writeYaml } from '../yaml/write-yaml.ts';
import { writeToml } from './write-toml.ts';

/** Reads an object of the cluster for `lookup`, or a list when `name` is empty. Gives an empty map when there is none. */
export type Lookup = (apiVersion: string, kind: string, namespace: string, name: string) => Value;

/** What Helm's functions need from outside. */
export interface HelmDeps {
  /** Default: nothing is found, as in `helm template`. */
  readonly lookup?: Lookup;
}

/** What Helm calls its set of templates, and the text that `tpl` runs. */
const INLINE_NAME = 'gotpl';

/** The functions that Helm adds to Go's and sprig's. */
export function helmFunctions(deps: HelmDeps = {}): FunctionTable {
  const lookup = deps.lookup ?? (() => new GoMap());
  return {
    include: framed(['string', 'interface {}'], included),
    tpl: framed(['string', 'interface {}'], inline),
    required: fn(['string', 'interface {}'], (message, value) => {
      if (value === null || value === undefined || value === '') throw new TemplateProblem(message);
      return value;
    }),
    fail: fn(['string'], (message) => {
      throw new TemplateProblem(message);
    }),
    lookup: fn(['string', 'string', 'string', 'string'], lookup),
    ...dataFunctions(),
  };
}

function dataFunctions(): FunctionTable {
  return {
    ...allReadWhole(writeFunctions()),
    fromYaml: fn(['string'], (text) => orError(() => asMap(readYaml(text), YAML_PROBLEM))),
    fromYamlArray: fn(['string'], (text) => orErrorList(() => asList(readYaml(text), YAML_PROBLEM))),
    fromJson: fn(['string'], (text) => orError(() => asMap(parsedJson(text), ''))),
    fromJsonArray: fn(['string'], (text) => orErrorList(() => asList(parsedJson(text), ''))),
  };
}

function writeFunctions(): FunctionTable {
  return {
    toYaml: fn(['interface {}'], (value) => attempt(() => writeYaml(value).replace(/\n$/, '')) ?? ''),
    mustToYaml: fn(['interface {}'], (value) => writeYaml(value).replace(/\n$/, '')),
    toToml: fn(['interface {}'], (value) => attempt(() => writeToml(value)) ?? ''),
  };
}

const YAML_PROBLEM = 'error unmarshaling JSON: while decoding JSON: ';

function included(frame: Frame, name: string, data: Value): string {
  if (!frame.scope.hasTemplate(name)) {
    throw new TemplateProblem(`template: no template ${quote(name)} associated with template ${quote(INLINE_NAME)}`);
  }
  const output: Output = { text: '' };
  frame.scope.runTemplate({ name, data: data ?? undefined, from: { ...callerOf(frame), output } });
  return output.text;
}

function callerOf({ run, scope, depth }: Frame) {
  return { run, scope, depth };
}

function inline(frame: Frame, text: string, data: Value): string {
  frame.run.spend(text.length * 4);
  const scope = explained(`cannot parse template ${quote(text)}`, () => frame.scope.extendedBy(INLINE_NAME, text));
  const output: Output = { text: '' };
  explained(`error during tpl function execution for ${quote(text)}`, () =>
    scope.runTemplate({ name: INLINE_NAME, data: data ?? undefined, from: { ...callerOf(frame), output } }),
  );
  return output.text.replaceAll('<no value>', '');
}

function explained<T>(lead: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof OperatorError) throw new TemplateProblem(`${lead}: ${error.message}`);
    throw error;
  }
}

function parsedJson(text: string): Value {
  const { value, problem } = readJson(text);
  if (problem !== undefined) throw problem;
  return value;
}

function asMap(value: Value, lead: string): GoMap {
  if (value instanceof GoMap) return value;
  if (value === null || value === undefined) return new GoMap();
  throw mismatch(value, 'map[string]interface {}', lead);
}

function asList(value: Value, lead: string): GoSlice {
  if (value instanceof GoSlice) return value;
  if (value === null || value === undefined) return new GoSlice([]);
  throw mismatch(value, '[]interface {}', lead);
}

function mismatch(value: Value, type: string, lead: string): TemplateProblem {
  const found = value instanceof GoMap ? 'object' : value instanceof GoSlice ? 'array' : typeOf(value);
  const shown = found === 'float64' ? 'number' : found;
  return new TemplateProblem(`${lead}json: cannot unmarshal ${shown} into Go value of type ${type}`);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateProblem) return undefined;
    throw error;
  }
}

/** Helm reports what it cannot read inside the value. */
function orError(read: () => GoMap): GoMap {
  try {
    return read();
  } catch (error) {
    if (error instanceof TemplateProblem) return mapOf([['Error', error.message]]);
    throw error;
  }
}

function orErrorList(read: () => GoSlice): GoSlice {
  try {
    return read();
  } catch (error) {
    if (error instanceof TemplateProblem) return new GoSlice([error.message]);
    throw error;
  }
}
