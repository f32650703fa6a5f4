import { issuesOf, type Notice, type OperatorError } from '../../core/index.ts';
import type { Io } from './io.ts';
import { type Paint, paintFor } from './paint.ts';
import { wrapText } from './wrap.ts';

/** What is to be said: where, what, what to do, and the code under which docs/errors.md says more. */
type Finding = Pick<Notice, 'path' | 'message' | 'hint'> & { readonly code?: string };

/** Of a wrong command line there is no more to say than the message does, and that is for the most part commander's. */
const SAYS_ENOUGH = 'Usage';

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

function formatFinding(label: string, colour: Colour, { path, message, hint, code }: Finding, io: Io): string {
  const paint = paintFor(io.stderr, io);
  const where = path === undefined || message.startsWith(path) ? '' : `${path}: `;
  const tag = code === undefined || code === SAYS_ENOUGH ? '' : ` [${code}]`;
  const said = wrapText(`${label}: ${where}${message}${tag}`, widthOf(io), INDENT);
  const cut = tag === '' ? said.length : said.length - tag.trim().length;
  const first = `${paint(colour, label)}${said.slice(label.length, cut)}${paint('dim', said.slice(cut))}`;
  const rest = hint === undefined ? '' : `\n${wrapText(`${' '.repeat(INDENT)}${hint}`, widthOf(io), INDENT)}`;
  return `${first}${rest}\n`;
}

/** Where output goes to a file or log, lines stay whole. */
function widthOf({ stderr }: Io): number {
  return stderr.isTerminal ? stderr.columns : Number.POSITIVE_INFINITY;
}
