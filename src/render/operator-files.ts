import { isObject, type Json, type JsonObject, type Notice, OperatorError, shown, suggestion } from '../core/index.ts';
import { readYaml } from './yaml-reader.ts';

/** A file as the user named it, and its text. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** The IstioOperator of one file. */
export interface OperatorDocument {
  readonly source: string;
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
  /** The whole document, for validation. */
  readonly document: JsonObject;
}

/** What was found in the files: one IstioOperator each, in the order of the files. */
export interface OperatorDocuments {
  readonly operators: readonly OperatorDocument[];
  readonly notices: readonly Notice[];
}

/** A document with its place, lists of objects taken apart. */
interface Entry {
  readonly value: JsonObject;
  readonly place: string;
}

const KIND = 'IstioOperator';
const GROUP = 'install.istio.io';

/**
 * Reads files that hold one IstioOperator each. Empty documents are skipped, objects of other kinds too, with a notice.
 * @throws {OperatorError} `InvalidYaml`, `DocumentTooLarge`, `InvalidResource`, `MultipleResources`
 */
export function readOperators(files: readonly SourceFile[]): OperatorDocuments {
  const notices: Notice[] = [];
  const operators = files.map((file) => {
    const entries = readYaml(file.text, file.name).flatMap(({ value, line }) =>
      entriesOf(value, `${file.name}:${line}`),
    );
    const [first, second] = entries.filter(({ value }) => value.kind === KIND);
    if (first === undefined) throw noOperator(file.name, entries);
    if (second !== undefined) throw tooMany(first, second);
    notices.push(...entries.filter((entry) => entry !== first).map(skipped));
    return operatorOf(first, file.name);
  });
  return { operators, notices };
}

function entriesOf(value: Json, place: string): readonly Entry[] {
  if (value === null) return [];
  if (!isObject(value)) {
    throw invalid(`${place}: the document is not an object.`, 'It must begin with apiVersion and kind.');
  }
  const isList = typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items);
  if (!isList) return [{ value, place }];
  return (value.items as readonly Json[]).flatMap((item, index) => entriesOf(item, `${place} items[${index}]`));
}

function operatorOf({ value, place }: Entry, source: string): OperatorDocument {
  const { apiVersion, spec, metadata } = value;
  if (typeof apiVersion !== 'string' || apiVersion.split('/')[0] !== GROUP) {
    throw invalid(
      `${place}: the apiVersion of the ${KIND} is not ${GROUP}/v1alpha1.`,
      `Set apiVersion: ${GROUP}/v1alpha1.`,
    );
  }
  if (!isAbsentOrMap(spec)) throw invalid(`${place}: spec is not a map.`, 'Indent the settings below spec:.');
  if (!isAbsentOrMap(metadata)) throw invalid(`${place}: metadata is not a map.`, 'Give it name and namespace.');
  return { source, document: value, spec: isObject(spec) ? spec : {}, metadata: isObject(metadata) ? metadata : {} };
}

function isAbsentOrMap(value: Json | undefined): boolean {
  return value === undefined || value === null || isObject(value);
}

function skipped({ value, place }: Entry): Notice {
  const { kind } = value;
  if (typeof kind !== 'string') {
    throw invalid(
      `${place}: the document has no kind.`,
      `Begin it with apiVersion: ${GROUP}/v1alpha1 and kind: ${KIND}.`,
    );
  }
  const message = `${place}: this ${kind} is not an ${KIND}; it is not part of the manifest.`;
  return { code: 'IgnoredField', message, hint: 'Apply it by itself.' };
}

function noOperator(source: string, entries: readonly Entry[]): OperatorError {
  const kinds = [
    ...new Set(entries.map(({ value }) => (typeof value.kind === 'string' ? value.kind : 'objects without kind'))),
  ];
  const found = kinds.length === 0 ? 'it is empty' : `it holds ${shown(kinds)}`;
  const near = kinds.map((kind) => suggestion(kind, [KIND])).find((text) => text !== '');
  return invalid(`${source}: there is no ${KIND} in the file; ${found}.`, near ?? `Give one with kind: ${KIND}.`);
}

function tooMany(first: Entry, second: Entry): OperatorError {
  return new OperatorError(`${second.place}: this is a second ${KIND}; the first is at ${first.place}.`, {
    code: 'MultipleResources',
    hint: 'Put each into a file of its own. Files given together are merged into one installation.',
  });
}

function invalid(message: string, hint: string): OperatorError {
  return new OperatorError(message, { code: 'InvalidResource', hint });
}
