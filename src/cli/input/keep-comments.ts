import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments } from 'yaml';
import { KIND } from '../../api/index.ts';

/**
 * Gives a document the comments that the author has written at the same fields. What was said of a field that is gone
 * goes with it.
 * @param text - a file with one IstioOperator that has been read without complaint.
 */
export function keepComments(text: string, document: Document): void {
  const parsed = parseAllDocuments(text, {
    version: '1.1',
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  for (const source of Array.isArray(parsed) ? parsed : []) {
    const root = operatorIn(source.contents);
    if (root === undefined) continue;
    takeComments(source, document);
    walk(root, document.contents);
  }
}

/** The IstioOperator in a document, which may be in a List. */
function operatorIn(node: unknown): Node | undefined {
  if (isSeq(node)) return node.items.map(operatorIn).find((found) => found !== undefined);
  if (!isMap(node)) return undefined;
  return node.get('kind') === KIND ? node : operatorIn(node.get('items'));
}

type Commented = Pick<Node, 'comment' | 'commentBefore'>;

function takeComments(from: Commented, to: Commented): void {
  to.commentBefore = joined(to.commentBefore, from.commentBefore);
  to.comment = joined(to.comment, from.comment);
}

function joined(...comments: readonly (string | null | undefined)[]): string | null {
  return comments.filter((comment) => comment).join('\n') || null;
}

/** What an alias stands for has its comments where it is written. */
function walk(from: unknown, to: unknown): void {
  const isAlike = (isMap(from) && isMap(to)) || (isSeq(from) && isSeq(to)) || (isScalar(from) && isScalar(to));
  if (!isAlike) return;
  takeComments(from as Node, to as Node);
  if (isSeq(from) && isSeq(to)) for (const [index, item] of to.items.entries()) walk(from.items[index], item);
  if (!isMap(from) || !isMap(to)) return;
  for (const pair of to.items) {
    const source = from.items.find((each) => keyOf(each) === keyOf(pair));
    if (source === undefined) continue;
    walk(source.key, pair.key);
    walk(source.value, pair.value);
  }
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}
