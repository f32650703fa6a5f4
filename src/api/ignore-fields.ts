import { type Issue, OperatorError, type PathStep, parseTreePath } from '../core/index.ts';
import { formatFieldPath } from './field-path.ts';
import { ANNOTATIONS, LABELS } from './names.ts';
import { quote } from './quote.ts';

/** A line of the annotation `install.istio.io/ignore-fields`: a field of some objects that others may set. */
export interface IgnoreEntry {
  /** The line as it was written, for messages. */
  readonly text: string;
  readonly kind: string;
  /** '' for cluster-scoped objects. A `*` at the end stands for anything. */
  readonly namespace: string;
  /** A `*` at the end stands for anything. */
  readonly name: string;
  /** Steps to the field; `key` and `entry` only. */
  readonly path: readonly PathStep[];
}

/** Where the annotation is in the document. */
export const IGNORE_FIELDS_PATH = formatFieldPath(['metadata', 'annotations', ANNOTATIONS.ignoreFields]);

const EXAMPLE = 'Deployment/istio-system/istiod: spec.template.spec.containers.[name:discovery].resources';
const MAX_ENTRIES = 100;
const LINE = /^(?<kind>[A-Za-z]+)\/(?:(?<namespace>[^\s/]+)\/)?(?<name>[^\s/]+):\s+(?<path>\S.*)$/;

/** Reads the annotation: a line each, empty ones and those that begin with `#` aside. */
export function readIgnoreFields(annotation: string): {
  readonly entries: readonly IgnoreEntry[];
  readonly issues: readonly Issue[];
} {
  const lines = annotation
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const entries: IgnoreEntry[] = [];
  const issues: Issue[] = [];
  if (lines.length > MAX_ENTRIES) issues.push(wrongLine(`There are ${lines.length} lines.`, `At most ${MAX_ENTRIES}.`));
  for (const text of lines.slice(0, MAX_ENTRIES)) {
    const read = readLine(text);
    if ('code' in read) issues.push(read);
    else entries.push(read);
  }
  return { entries, issues };
}

function readLine(text: string): IgnoreEntry | Issue {
  const { kind = '', namespace = '', name = '', path = '' } = LINE.exec(text)?.groups ?? {};
  if (kind === '') {
    return wrongLine(`The line ${quote(text)} does not name an object and a field.`, `Write it like ${EXAMPLE}`);
  }
  try {
    const steps = parseTreePath(withColons(path));
    return unsuitable(text, steps) ?? { text, kind, namespace, name, path: steps };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const { hint } = error.detail;
    return { code: 'InvalidPath', path: IGNORE_FIELDS_PATH, message: error.message, ...(hint ? { hint } : {}) };
  }
}

/** Plans and the API server write `[name=discovery]` and `annotations["a.b"]`; people copy that. */
function withColons(path: string): string {
  return path
    .replace(/\[([A-Za-z0-9_-]+)=([^\]]*)\]/g, '[$1:$2]')
    .replace(/\["([^"\]]+)"\]/g, (_match, key: string) => `.${key.replace(/[.[\]:\\]/g, '\\$&')}`);
}

function unsuitable(text: string, steps: readonly PathStep[]): Issue | undefined {
  const wrong = steps.find(({ kind }) => kind !== 'key' && kind !== 'entry');
  if (wrong !== undefined) {
    return wrongLine(
      `The line ${quote(text)} finds a list entry by its place or text.`,
      'Name it, like [name:discovery].',
    );
  }
  const [first, second, third] = steps.map((step) => (step.kind === 'key' ? step.key : ''));
  const isOurs = third === undefined || (second === 'labels' && Object.values<string>(LABELS).includes(third));
  const isIdentity = first === 'metadata' && !(second === 'annotations' || (second === 'labels' && !isOurs));
  if (first === undefined || isIdentity || ['apiVersion', 'kind', 'status'].includes(first)) {
    return wrongLine(
      `The line ${quote(text)} names a field that the operator knows its objects by.`,
      'Name another one.',
    );
  }
  return undefined;
}

function wrongLine(message: string, hint: string): Issue {
  return { code: 'InvalidValue', path: IGNORE_FIELDS_PATH, message, hint };
}
