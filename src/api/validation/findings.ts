import type { Issue, Json, Notice } from '../../core/index.ts';
import type { Step } from '../field-path.ts';

/** One change that turns the document into the form that later layers read; without a value the field is left out. */
export interface Edit {
  readonly path: readonly Step[];
  readonly value?: Json;
}

/** What has been found in a document so far. */
export interface Findings {
  readonly issues: Issue[];
  readonly notices: Notice[];
  readonly edits: Edit[];
}

/** More findings than this help nobody, and would not fit into a status. */
export const MAX_ISSUES = 50;

/** And more warnings than this. */
export const MAX_NOTICES = 100;

/** True when nothing more needs to be looked for. */
export function isFull(findings: Findings): boolean {
  return findings.issues.length >= MAX_ISSUES;
}
