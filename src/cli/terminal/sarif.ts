import { type JsonObject, OPERATOR_VERSION } from '../../core/index.ts';
import type { FileFinding } from '../commands/validate.ts';

/**
 * Findings as SARIF, which code hosts show beside the lines of a change.
 * @see {@link https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html}
 */
export function sarif(findings: readonly FileFinding[]): JsonObject {
  const rules = [...new Set(findings.map(({ code }) => code))].sort().map((id) => ({ id }));
  const results = findings.map(({ code, level, message, hint, path, file, line, column }) => ({
    ruleId: code,
    level,
    message: { text: `${path === undefined ? '' : `${path}: `}${message}${hint === undefined ? '' : ` ${hint}`}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: regionOf(line, column) } }],
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'iop', version: OPERATOR_VERSION, rules } }, results }],
  };
}

function regionOf(line: number, column: number | undefined): JsonObject {
  return { startLine: Math.max(1, line), ...(column === undefined ? {} : { startColumn: column }) };
}

function uriOf(file: string): string {
  return file.split(/[\\/]/).map(encodeURIComponent).join('/');
}
