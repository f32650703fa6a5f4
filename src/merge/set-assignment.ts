import { type Json, OperatorError, type PathStep, parseTreePath } from '../core/index.ts';

/** One `--set` argument, read. */
export interface SetAssignment {
  /** The argument as it was given, for messages. */
  readonly text: string;
  readonly steps: readonly PathStep[];
  readonly value: Json;
}

/** Settings that are text even where the value looks like a number: `tag=1.30`, `revision=2`. */
const TEXT_PATHS: ReadonlySet<string> = new Set([
  'profile',
  'hub',
  'tag',
  'revision',
  'namespace',
  'compatibilityVersion',
  'values.global.hub',
  'values.global.tag',
  'values.revision',
  'values.compatibilityVersion',
]);
const TEXT_PREFIXES = [
  'meshConfig.defaultConfig.proxyMetadata.',
  'values.meshConfig.defaultConfig.proxyMetadata.',
] as const;

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'T', 'true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['f', 'F', 'false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/**
 * Reads `path=value`, each without the spaces around it. A value is a number, a boolean or null where it reads as one,
 * else text in which `\,` is a comma.
 * @throws {OperatorError} `InvalidSet`
 */
export function parseSet(text: string): SetAssignment {
  const parts = text.split('=');
  const [path, raw] = parts;
  if (parts.length !== 2 || path === undefined || raw === undefined || path.trim() === '') {
    throw new OperatorError(`--set ${text}: this is not path=value with exactly one "=".`, {
      code: 'InvalidSet',
      path: `--set ${text}`,
      hint: 'Write for example --set values.global.proxy.logLevel=debug; a value that holds "=" goes into a -f file.',
    });
  }
  return { text, steps: parseSetPath(path.trim(), text), value: parseSetValue(path.trim(), raw.trim()) };
}

function parseSetPath(path: string, text: string): readonly PathStep[] {
  let steps: readonly PathStep[];
  try {
    steps = parseTreePath(path);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const detail = { ...error.detail, code: 'InvalidSet', path: `--set ${text}` } as const;
    throw new OperatorError(`--set ${text}: ${error.message}`, detail, error);
  }
  const [first] = steps;
  if (first === undefined || first.kind !== 'key') {
    throw new OperatorError(`--set ${text}: the path does not begin with a field of the spec.`, {
      code: 'InvalidSet',
      path: `--set ${text}`,
      hint: 'Begin with components, values, meshConfig, profile, hub, tag or revision.',
    });
  }
  return steps;
}

/** A value of `--set`, typed as the path and the text say. */
function parseSetValue(path: string, raw: string): Json {
  if (isTextPath(path)) return unescaped(raw);
  if (raw === 'null') return null;
  if (/^[-+]?\d+$/.test(raw)) return Number.isSafeInteger(Number(raw)) ? Number(raw) : raw;
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(raw)) {
    const number = Number(raw);
    return Number.isFinite(number) ? number : raw;
  }
  return BOOLEANS.get(raw) ?? unescaped(raw);
}

function isTextPath(path: string): boolean {
  return TEXT_PATHS.has(path) || TEXT_PREFIXES.some((prefix) => path.startsWith(prefix));
}

function unescaped(raw: string): string {
  return raw.replaceAll('\\,', ',');
}
