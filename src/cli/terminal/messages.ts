import { issuesOf, type Notice, type OperatorError } from '../../core/index.ts';
import type { Io } from './io.ts';
import { type Paint, paintFor } from './paint.ts';
import { wrapText } from './wrap.ts';

/** What is to be said: where, what, and what to do. */
type Finding = Pick<Notice, 'path' | 'message' | 'hint'>;

/** What comes after a line of a message stands below the text behind `error: `. */
const INDENT = 7;

/** A failure as stderr shows it: one line a finding, with where, what and what to do. */
export function formatFailure(error: OperatorError, io: Io): string {
  return issuesOf(error)
    .map((issue) => formatFinding('error', 'red', issue, io))
    .join('');
}

/** Writes warnings to stderr, one line each. */
export async function warn(notices: readonly Finding[], io: Io): Promise<void> {
  await io.stderr.write(notices.map((notice) => formatFinding('warning', 'yellow', notice, io)).join(''));
}

/** Writes sentences to stderr that are no warnings. */
export async function say(text: string, io: Io): Promise<void> {
  await io.stderr.write(`${wrapText(text, widthOf(io), 0)}\n`);
}

function formatFinding(label: string, colour: Parameters<Paint>[0], { path, message, hint }: Finding, io: Io): string {
  const where = path === undefined || message.startsWith(path) ? '' : `${path}: `;
  const lines = [`${label}: ${where}${message}`, ...(hint === undefined ? [] : [`${' '.repeat(INDENT)}${hint}`])];
  const text = lines.map((line) => wrapText(line, widthOf(io), INDENT)).join('\n');
  return `${paintFor(io.stderr, io)(colour, label)}${text.slice(label.length)}\n`;
}

/** Where output goes to a file or log, lines stay whole. */
function widthOf({ stderr }: Io): number {
  return stderr.isTerminal ? stderr.columns : Number.POSITIVE_INFINITY;
}
