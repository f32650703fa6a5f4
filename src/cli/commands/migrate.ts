import { Document, isMap, isScalar, isSeq, type Node } from 'yaml';
import { API_VERSION, KIND, parseOperator } from '../../api/index.ts';
import {
  ISTIO_VERSION,
  type Issue,
  issuesOf,
  type Json,
  type JsonObject,
  type Notice,
  OFFLINE_FACTS,
  OperatorError,
  withoutUndefined,
} from '../../core/index.ts';
import { renderOperator } from '../../render/index.ts';
import { keepComments } from '../input/keep-comments.ts';
import { readFiles } from '../input/read-files.ts';
import { readMigrated } from '../input/read-migrated.ts';
import { withPlaces } from '../input/render-sources.ts';
import { stepsOf } from '../input/source-lines.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';

/** The first line of a file that has been migrated before. */
const HEADLINE = /^# For Istio \S+, by iop migrate\..*\n+/;

/**
 * `iop migrate`: an IstioOperator of an older Istio as it is written today. What changed and why stands in comments at
 * the place that it concerns, and so do the comments of the author.
 * @returns 1 when something is left that a person has to decide; it is marked with FIXME in the output.
 */
export async function migrate(name: string, io: Io): Promise<number> {
  const [file] = await readFiles([name], io);
  if (file === undefined) throw new Error('one file in, one file out');
  const { metadata, spec, notices: changes } = withPlaces([file], () => readMigrated(file));
  const { problems, warnings } = outlookOf(metadata, spec);
  const notices = [...changes, ...warnings.filter((warning) => !changes.some((each) => isSame(each, warning)))];
  const document = new Document(withoutUndefined({ apiVersion: API_VERSION, kind: KIND, metadata, spec }) as Json, {
    version: '1.1',
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
  });
  keepComments(file.text.replace(HEADLINE, ''), document);
  const remarks = [
    ...notices.map((notice) => ({ path: notice.path, text: noteText(notice) })),
    ...problems.map((issue) => ({ path: issue.path, text: `FIXME: ${noteText(issue)}` })),
  ];
  // what an earlier run has said is among the comments that were kept
  const unsaid = remarks.filter(({ text }) => !file.text.includes(`# ${text}`));
  const atTop = unsaid.filter(({ path, text }) => !annotate(document, path, text)).map(({ text }) => text);
  document.commentBefore = topComment(headline(notices, problems), atTop, document.commentBefore ?? '');
  await io.stdout.write(document.toString({ lineWidth: 0 }).replace(/^%YAML 1\.1\n---\n/, ''));
  return problems.length === 0 ? EXIT_OK : EXIT_FAILED;
}

/** What iop says of the whole comes before what the author has said. */
function topComment(summary: string, remarks: readonly string[], kept: string): string {
  const first = ` For Istio ${ISTIO_VERSION}, by iop migrate. ${summary}`;
  return [first, ...remarks.map(asComment), ...(kept === '' ? [] : ['', kept])].join('\n');
}

/** What is still to be said of the result: what would keep it from being installed, and what is worth a warning. */
function outlookOf(
  metadata: JsonObject,
  spec: JsonObject,
): { readonly problems: readonly Issue[]; readonly warnings: readonly Notice[] } {
  const { operator, notices } = parseOperator({ apiVersion: API_VERSION, kind: KIND, metadata, spec });
  const resource = { metadata: operator.metadata, spec: operator.spec as JsonObject };
  try {
    return { problems: [], warnings: renderOperator(resource, OFFLINE_FACTS, notices).notices };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { problems: issuesOf(error), warnings: notices };
  }
}

function isSame(a: Notice, b: Notice): boolean {
  return a.path === b.path && a.message === b.message;
}

function headline(notices: readonly Notice[], problems: readonly Issue[]): string {
  const what =
    notices.length === 0
      ? 'Nothing had to be changed.'
      : `${notices.length} remark${notices.length === 1 ? '' : 's'}, each where it belongs.`;
  return problems.length === 0 ? what : `${what} ${problems.length} left to decide: look for FIXME.`;
}

function noteText({ path, message, hint }: Notice | Issue): string {
  const where = path === undefined || message.startsWith(path) ? '' : `${path}: `;
  return `${where}${message}${hint === undefined ? '' : ` ${hint}`}`;
}

/**
 * Puts a comment above the field, or above the nearest field around it that is still there.
 * @returns false where there is no such place.
 */
function annotate(document: Document, path: string | undefined, text: string): boolean {
  let node: unknown = document.contents;
  let place: Node | undefined;
  for (const step of stepsOf(path ?? '')) {
    const next = childOf(node, step);
    if (next === undefined) break;
    ({ node } = next);
    place = next.place;
  }
  // `spec` alone is no place: the remark says more at the top
  if (place === undefined || (isScalar(place) && place.value === 'spec')) return false;
  place.commentBefore = [place.commentBefore, asComment(text)].filter((part) => part).join('\n');
  return true;
}

function childOf(node: unknown, step: string | number): { readonly node: unknown; readonly place: Node } | undefined {
  if (typeof step === 'number') {
    const item = isSeq(node) ? (node.items[step] as Node | undefined) : undefined;
    return item === undefined ? undefined : { node: item, place: item };
  }
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
  return pair !== undefined && isScalar(pair.key) ? { node: pair.value, place: pair.key } : undefined;
}

function asComment(text: string): string {
  return text
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n');
}
