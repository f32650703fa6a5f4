import type { Issue } from '../../core/index.ts';

/** An issue in one line: where, what, what to do. */
export function formatIssue(issue: Issue): string {
  const where = issue.path === undefined ? '' : `${issue.path}: `;
  return `${where}${issue.message}${issue.hint === undefined ? '' : ` ${issue.hint}`}`;
}
