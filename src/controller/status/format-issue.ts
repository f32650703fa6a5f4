import type { Issue, Notice } from '../../core/index.ts';

/** What errors and warnings have in common. */
type Finding = Pick<Issue | Notice, 'path' | 'message' | 'hint'>;

/** An error or a warning in one line: where, what, what to do. */
export function formatIssue({ path, message, hint }: Finding): string {
  return `${path === undefined ? '' : `${path}: `}${message}${hint === undefined ? '' : ` ${hint}`}`;
}

/** Several in one line: sentences one after the other, and what is none set apart. */
export function formatIssues(findings: readonly Finding[]): string {
  return findings
    .map(formatIssue)
    .reduce((line, text) => (line === '' ? text : `${line}${line.endsWith('.') ? ' ' : '; '}${text}`), '');
}
