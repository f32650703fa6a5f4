import { type Issue, type Notice, OperatorError } from '../../core/index.ts';
import { type FilesInput, type RenderedFiles, renderFiles, type SourceFile } from '../../render/index.ts';
import { SourceLines } from './source-lines.ts';

/**
 * Renders files and `--set` like `renderFiles`, and says of errors and warnings in which file and line the field stands
 * that they name.
 * @throws {OperatorError} with all findings.
 */
export function renderSources(input: FilesInput): RenderedFiles {
  const { operator, rendering } = withPlaces(input.files, () => renderFiles(input));
  return { operator, rendering: { ...rendering, notices: rendering.notices.map(placing(input.files)) } };
}

/**
 * Does something with files that have been read; what it finds wrong is said with file and line.
 * @throws {OperatorError} with all findings.
 */
export function withPlaces<T>(files: readonly SourceFile[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OperatorError) || error.detail.code === 'InvalidSet') throw error;
    const place = placing(files);
    const { issues, ...detail } = error.detail;
    const placed = place({ ...detail, message: error.message });
    const all = issues === undefined ? {} : { issues: issues.map(place) };
    throw new OperatorError(placed.message, { ...detail, ...pathOf(placed), ...all }, error);
  }
}

/** Puts the place before the path; of several files that have the field the last one counts. What is in none stays as it is. */
function placing(files: readonly SourceFile[]): <T extends Issue | Notice>(finding: T) => T {
  let sources: readonly { readonly name: string; readonly lines: SourceLines }[] | undefined;
  return (finding) => {
    const { path, message } = finding;
    if (path === undefined || files.length === 0) return finding;
    sources ??= files.map(({ name, text }) => ({ name, lines: new SourceLines(text) })).toReversed();
    for (const { name, lines } of sources) {
      const line = lines.find(path);
      if (line === undefined) continue;
      const where = `${name}:${line}`;
      return { ...finding, path: message.startsWith(path) ? where : `${where}: ${path}` };
    }
    return finding;
  };
}

function pathOf({ path }: Pick<Issue, 'path'>): { readonly path?: string } {
  return path === undefined ? {} : { path };
}
