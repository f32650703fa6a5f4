import { type Issue, issuesOf, type Notice, type OperatorError } from '../../core/index.ts';

/** A failure as stderr shows it: one line a finding, with where, what and what to do. */
export function formatFailure(error: OperatorError): string {
  return `${issuesOf(error)
    .map((issue) => `error: ${formatFinding(issue)}`)
    .join('\n')}\n`;
}

/** Warnings as stderr shows them, one line each. */
export function formatWarnings(notices: readonly Notice[]): string {
  return notices.map((notice) => `warning: ${formatFinding(notice)}\n`).join('');
}

function formatFinding({ path, message, hint }: Pick<Issue, 'path' | 'message' | 'hint'>): string {
  const where = path === undefined || message.startsWith(path) ? '' : `${path}: `;
  return `${where}${message}${hint === undefined ? '' : `\n       ${hint}`}`;
}
