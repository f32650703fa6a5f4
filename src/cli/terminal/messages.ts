import { issuesOf, type Notice, type OperatorError } from '../../core/index.ts';
import type { Io } from './io.ts';
import { type Paint, paintFor } from './paint.ts';
import { wrapText } from './wrap.ts';

/** What is to be said: where, what, and what to do. */
type Finding = Pick<Notice, 'path' | 'message' | 'hint'>;

type Colour = Parameters<Paint>[0];

/** What comes after a line of a message stands below the text behind `error: `. */
const INDENT = 7;

/** Nobody reads more than this at once; who has mended these sees the next. */
const MAX_FINDINGS = 100;

/** A failure as stderr shows it: one line a finding, with where, what and what to do. */
export function formatFailure(error: OperatorError, io: Io): string {
  return formatFindings('error', 'red', issuesOf(error), io);
}

/** Writes warnings to stderr, one line each. */
export async function warn(notices: readonly Finding[], io: Io): Promise<void> {
  await io.stderr.write(formatFindings('warning', 'yellow', notices, io));
}

/** Writes sentences to stderr that are no warnings. */
export async function say(text: string, io: Io): Promise<void> {
  await io.stderr.write(`${wrapText(text, widthOf(io), 0)}\n`);
}

function formatFindings(label: string, colour: Colour, findings: readonly Finding[], io: Io): string {
  const more = findings.length - MAX_FINDINGS;
  const rest: readonly Finding[] = more > 0 ? [{ message: `${more} more that are not shown.` }] : [];
  return [...findings.slice(0, MAX_FINDINGS), ...rest]
    .map((finding) => formatFinding(label, colour, finding, io))
    .join('');
}

function formatFinding(label: string, colour: Colour, { path, message, hint }: Finding, io: Io): string {
  const where = path === undefined || message.startsWith(path) ? '' : `${path}: `;
  const lines = [`${label}: ${where}${message}`, ...(hint === undefined ? [] : [`${' '.repeat(INDENT)}${hint}`])];
  const text = lines.map((line) => wrapText(line, widthOf(io), INDENT)).join('\n');
  return `${paintFor(io.stderr, io)(colour, label)}${text.slice(label.length)}\n`;
}

/** Where output goes to a file or log, lines stay whole. */
function widthOf({ stderr }: Io): number {
  return stderr.isTerminal ? stderr.columns : Number.POSITIVE_INFINITY;
}
