import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';

/** Finds the line of a field in a file that has been read without complaint. */
export class SourceLines {
  readonly #lines = new LineCounter();
  readonly #roots: readonly (Node | null)[];

  constructor(text: string) {
    const options = { version: '1.1', lineCounter: this.#lines, prettyErrors: false, uniqueKeys: false } as const;
    const documents = parseAllDocuments(text, { ...options, logLevel: 'silent' });
    this.#roots = Array.isArray(documents) ? documents.map(({ contents }) => contents as Node | null) : [];
  }

  /**
   * The line, from 1, of a field or of the nearest one above it that is there.
   * @param documentLine - the line at which the document begins.
   * @param path - as errors and warnings name it: `spec.components.pilot.k8s.overlays[0]`.
   */
  lineOf(documentLine: number, path: string): number {
    const root = this.#roots.find((node) => node?.range && this.#lineAt(node.range[0]) === documentLine);
    return this.#walk(root, path).line ?? documentLine;
  }

  /** The line, from 1, of a field in the first document that has it; undefined where none does. */
  find(path: string): number | undefined {
    return this.#roots.map((root) => this.#walk(root, path)).find(({ isThere }) => isThere)?.line;
  }

  /** The line of the last field on the way that is there. */
  #walk(root: unknown, path: string): { readonly line?: number; readonly isThere: boolean } {
    let reached: { line?: number } = {};
    let node: unknown = root;
    for (const step of stepsOf(path)) {
      const next = child(node, step);
      if (next === undefined) return { ...reached, isThere: false };
      reached = { line: this.#lineAt(next.offset) };
      node = next.node;
    }
    return { ...reached, isThere: true };
  }

  #lineAt(offset: number): number {
    return this.#lines.linePos(offset).line;
  }
}

function child(node: unknown, step: string | number): { readonly offset: number; readonly node: unknown } | undefined {
  if (typeof step === 'number') {
    const item = isSeq(node) ? (node.items[step] as Node | undefined) : undefined;
    return item?.range ? { offset: item.range[0], node: item } : undefined;
  }
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === step) : undefined;
  if (pair === undefined || !isScalar(pair.key) || !pair.key.range) return undefined;
  return { offset: pair.key.range[0], node: pair.value };
}

/** The steps of a path: names, in which a dot is escaped by a backslash, and indices. */
export function stepsOf(path: string): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  for (const [, index, name] of path.matchAll(/\[(\d{1,9})\]|((?:\\.|[^.[\\])+)/g)) {
    steps.push(index === undefined ? (name ?? '').replaceAll('\\.', '.') : Number(index));
  }
  return steps;
}
