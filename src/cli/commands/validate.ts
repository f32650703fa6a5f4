import { KIND, parseOperator } from '../../api/index.ts';
import {
  type Issue,
  isObject,
  issuesOf,
  type Json,
  type JsonObject,
  type Notice,
  OFFLINE_FACTS,
  OperatorError,
} from '../../core/index.ts';
import { readOperators, readYaml, renderOperator, type SourceFile } from '../../render/index.ts';
import { readEach } from '../input/read-files.ts';
import { SourceLines } from '../input/source-lines.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { type Paint, paintFor } from '../terminal/paint.ts';
import { sarif } from '../terminal/sarif.ts';
import { wrapText } from '../terminal/wrap.ts';

/** Options of `iop validate`. */
export interface ValidateFlags {
  readonly strict?: boolean;
  readonly output: 'text' | 'json' | 'sarif';
}

/** One thing that was found in a file. */
export interface FileFinding {
  readonly file: string;
  readonly line: number;
  /** Known for what is no YAML. */
  readonly column?: number;
  readonly level: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly hint?: string;
}

/**
 * `iop validate`: everything that can be said about IstioOperator files without a cluster, all files and documents.
 * @returns 1 when there are errors, or warnings with `--strict`.
 */
export async function validate(names: readonly string[], flags: ValidateFlags, io: Io): Promise<number> {
  if (names.length === 0) {
    throw new OperatorError('There is no file to check.', {
      code: 'Usage',
      hint: 'Name files, or - for standard input.',
    });
  }
  const checked = await checkAll(names, io);
  const findings = checked.flatMap((file) => file.findings);
  const bad = findings.filter(({ level }) => level === 'error' || flags.strict === true);
  if (flags.output === 'text') await io.stdout.write(text(checked, io));
  else {
    const document = flags.output === 'sarif' ? sarif(findings) : { ok: bad.length === 0, findings };
    await io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  return bad.length === 0 ? EXIT_OK : EXIT_FAILED;
}

/** A file that was checked, and how many IstioOperators it has. */
interface CheckedFile {
  readonly findings: readonly FileFinding[];
  readonly operators: number;
}

/** One that cannot be read is a finding among the others. */
async function checkAll(names: readonly string[], io: Io): Promise<readonly CheckedFile[]> {
  const outcomes = await Promise.allSettled(readEach(names, io));
  return outcomes.map((outcome, index) =>
    outcome.status === 'fulfilled'
      ? checkFile(outcome.value)
      : { findings: unreadable(names[index] ?? '', outcome.reason), operators: 0 },
  );
}

/** All findings of one file, in the order of its lines. */
function checkFile(file: SourceFile): CheckedFile {
  try {
    const operators = readYaml(file.text, file.name).flatMap(({ value, line }) => operatorsIn(value, line));
    if (operators.length === 0) readOperators([file]); // says what is there instead
    const lines = new SourceLines(file.text);
    const findings = operators.flatMap(({ value, line, at }) =>
      checkDocument(value).map((found) => ({
        ...found,
        file: file.name,
        line: lines.lineOf(line, `${at}${found.path ?? ''}`),
      })),
    );
    return { findings: findings.sort((a, b) => a.line - b.line), operators: operators.length };
  } catch (error) {
    return { findings: unreadable(file.name, error), operators: 0 };
  }
}

interface Located {
  readonly value: JsonObject;
  /** The line of its document. */
  readonly line: number;
  /** Where it is in the document, as the beginning of a path. */
  readonly at: string;
}

/** The IstioOperators of a document, which may be a List of them. */
function operatorsIn(value: Json, line: number, at = ''): readonly Located[] {
  if (!isObject(value)) return [];
  if (value.kind === KIND) return [{ value, line, at }];
  const items = Array.isArray(value.items) && String(value.kind).endsWith('List') ? value.items : [];
  return items.flatMap((item: Json, index: number) => operatorsIn(item, line, `${at}items[${index}].`));
}

/** What cannot be read names its place itself: `file.yaml:12:3: …`. */
function unreadable(file: string, error: unknown): readonly FileFinding[] {
  return findingsOf(error).map((found) => {
    if (!found.message.startsWith(`${file}:`)) return { ...found, file, line: 1 };
    const [, line = '1', column, message = ''] = PLACE.exec(found.message.slice(file.length)) ?? [];
    return { ...found, message, file, line: Number(line), ...(column === undefined ? {} : { column: Number(column) }) };
  });
}

/** What follows the name of the file. */
const PLACE = /^(?::(\d{1,9}))?(?::(\d{1,9}))?: (.*)$/s;

type Found = Omit<FileFinding, 'file' | 'line'>;

function checkDocument(document: unknown): readonly Found[] {
  try {
    const { operator, notices } = parseOperator(document);
    try {
      const rendered = renderOperator(
        { metadata: operator.metadata, spec: operator.spec as JsonObject },
        OFFLINE_FACTS,
        notices,
      );
      return rendered.notices.map((notice) => found('warning', notice));
    } catch (error) {
      return [...findingsOf(error), ...notices.map((notice) => found('warning', notice))];
    }
  } catch (error) {
    return findingsOf(error);
  }
}

function findingsOf(error: unknown): readonly Found[] {
  if (!(error instanceof OperatorError)) throw error;
  return issuesOf(error).map((issue) => found('error', issue));
}

function found(level: Found['level'], { code, message, path, hint }: Issue | Notice): Found {
  return { level, code, message, ...(path === undefined ? {} : { path }), ...(hint === undefined ? {} : { hint }) };
}

function text(checked: readonly CheckedFile[], io: Io): string {
  const paint = paintFor(io.stdout, io);
  const columns = io.stdout.isTerminal ? io.stdout.columns : Number.POSITIVE_INFINITY;
  const findings = checked.flatMap((file) => file.findings);
  const lines = findings.map((finding) => findingText(finding, columns, paint));
  const operators = checked.reduce((sum, file) => sum + file.operators, 0);
  const errors = findings.filter(({ level }) => level === 'error').length;
  const files = plural(checked.length, 'file');
  const what = checked.some((file) => file.operators > 1) ? `${files}, ${plural(operators, 'IstioOperator')}` : files;
  const sum = `${what}: ${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}.`;
  return `${lines.join('')}${paint('bold', sum)}\n`;
}

/** What comes after the first line of a finding is indented by this. */
const INDENT = 4;

function findingText(finding: FileFinding, columns: number, paint: Paint): string {
  const { file, line, column, level, message, path, hint, code } = finding;
  const place = `${file}:${line}${column === undefined ? '' : `:${column}`}: `;
  const where = path === undefined || message.startsWith(path) ? '' : `${path}: `;
  const lines = [`${place}${level}: ${where}${message} [${code}]`, ...(hint === undefined ? [] : [`    ${hint}`])];
  const wrapped = lines.map((each) => wrapText(each, columns, INDENT)).join('\n');
  const label = paint(level === 'error' ? 'red' : 'yellow', level);
  return `${wrapped.replace(`${place}${level}`, () => `${place}${label}`)}\n`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
