import { KIND, parseOperator } from '../../api/index.ts';
import {
  type Issue,
  isObject,
  issuesOf,
  type JsonObject,
  type Notice,
  OFFLINE_FACTS,
  OperatorError,
} from '../../core/index.ts';
import { readOperators, readYaml, renderOperator, type SourceFile } from '../../render/index.ts';
import { readFiles } from '../input/read-files.ts';
import { SourceLines } from '../input/source-lines.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { type Paint, paintFor } from '../terminal/paint.ts';
import { sarif } from '../terminal/sarif.ts';

/** Options of `iop validate`. */
export interface ValidateFlags {
  readonly strict?: boolean;
  readonly output: 'text' | 'json' | 'sarif';
}

/** One thing that was found in a file. */
export interface FileFinding {
  readonly file: string;
  readonly line: number;
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
  const files = await readFiles(names, io);
  const findings = files.flatMap(checkFile);
  const bad = findings.filter(({ level }) => level === 'error' || flags.strict === true);
  if (flags.output === 'text') await io.stdout.write(text(findings, files.length, paintFor(io.stdout, io)));
  else {
    const document = flags.output === 'sarif' ? sarif(findings) : { ok: bad.length === 0, findings };
    await io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  return bad.length === 0 ? EXIT_OK : EXIT_FAILED;
}

/** All findings of one file, in the order of its lines. */
export function checkFile(file: SourceFile): readonly FileFinding[] {
  try {
    const documents = readYaml(file.text, file.name).filter(({ value }) => value !== null);
    const operators = documents.filter(({ value }) => isObject(value) && value.kind === KIND);
    if (operators.length === 0) readOperators([file]); // says what is there instead
    const lines = new SourceLines(file.text);
    return operators
      .flatMap(({ value, line }) =>
        checkDocument(value).map((found) => ({
          ...found,
          file: file.name,
          line: found.path === undefined ? line : lines.lineOf(line, found.path),
        })),
      )
      .sort((a, b) => a.line - b.line);
  } catch (error) {
    return findingsOf(error).map((found) => ({ ...found, file: file.name, line: lineIn(found.message) }));
  }
}

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

/** What cannot be read names its line itself: `file.yaml:12: …`. */
function lineIn(message: string): number {
  return Number(/:(\d{1,9})(?::\d+)?:/.exec(message)?.[1] ?? 1);
}

function text(findings: readonly FileFinding[], files: number, paint: Paint): string {
  const lines = findings.map(({ file, line, level, message, path, hint, code }) => {
    const place = message.startsWith(`${file}:`) ? '' : `${file}:${line}: `;
    const where = path === undefined || message.startsWith(path) ? '' : `${path}: `;
    const label = paint(level === 'error' ? 'red' : 'yellow', level);
    return `${place}${label}: ${where}${message} [${code}]\n${hint === undefined ? '' : `    ${hint}\n`}`;
  });
  const errors = findings.filter(({ level }) => level === 'error').length;
  const sum = `${plural(files, 'file')}: ${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}.\n`;
  return `${lines.join('')}${paint('bold', sum.trimEnd())}\n`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
