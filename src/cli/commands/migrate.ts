import { Document, isMap, isScalar, isSeq, type Node } from 'yaml';
import { API_VERSION, KIND } from '../../api/index.ts';
import {
  ISTIO_VERSION,
  type Issue,
  issuesOf,
  type Json,
  type Notice,
  OFFLINE_FACTS,
  OperatorError,
  withoutUndefined,
} from '../../core/index.ts';
import { renderFiles, type SourceFile } from '../../render/index.ts';
import { readFiles } from '../input/read-files.ts';
import { readMigrated } from '../input/read-migrated.ts';
import { stepsOf } from '../input/source-lines.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';

/**
 * `iop migrate`: an IstioOperator of an older Istio as it is written today. What changed and why stands in comments at
 * the place that it concerns.
 * @returns 1 when something is left that a person has to decide; it is marked with FIXME in the output.
 */
export async function migrate(name: string, io: Io): Promise<number> {
  const [file] = await readFiles([name], io);
  if (file === undefined) throw new Error('one file in, one file out');
  const { metadata, spec, notices } = readMigrated(file);
  const problems = problemsOf(file);
  const document = new Document(withoutUndefined({ apiVersion: API_VERSION, kind: KIND, metadata, spec }) as Json, {
    version: '1.1',
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
  });
  document.commentBefore = ` For Istio ${ISTIO_VERSION}, by iop migrate. ${headline(notices, problems)}`;
  const atTop: string[] = [];
  for (const note of notices) annotate(document, note.path, noteText(note), atTop);
  for (const issue of problems) annotate(document, issue.path, `FIXME: ${noteText(issue)}`, atTop);
  if (atTop.length > 0) document.commentBefore += `\n${atTop.map(asComment).join('\n')}`;
  await io.stdout.write(document.toString({ lineWidth: 0 }).replace(/^%YAML 1\.1\n---\n/, ''));
  return problems.length === 0 ? EXIT_OK : EXIT_FAILED;
}

/** What would keep the file from being installed although every field of it is known. */
function problemsOf(file: SourceFile): readonly Issue[] {
  try {
    renderFiles({ files: [file], facts: OFFLINE_FACTS });
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return issuesOf(error);
  }
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

/** Puts a comment above the field, or above the nearest field around it that is still there. */
function annotate(document: Document, path: string | undefined, text: string, atTop: string[]): void {
  let node: unknown = document.contents;
  let place: Node | undefined;
  for (const step of stepsOf(path ?? '')) {
    const next = childOf(node, step);
    if (next === undefined) break;
    ({ node } = next);
    place = next.place;
  }
  // `spec` alone is no place: the remark says more at the top
  if (place === undefined || (isScalar(place) && place.value === 'spec')) atTop.push(text);
  else place.commentBefore = [place.commentBefore, asComment(text)].filter((part) => part).join('\n');
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
