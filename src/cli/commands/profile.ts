import { stringify } from 'yaml';
import { API_VERSION, KIND } from '../../api/index.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  OFFLINE_FACTS,
  OperatorError,
  valueAt,
  writeYaml,
} from '../../core/index.ts';
import { PROFILE_NAMES, PROFILE_PURPOSES } from '../../profiles/index.ts';
import { namedValues } from '../input/named-values.ts';
import { readFiles } from '../input/read-files.ts';
import { renderSources } from '../input/render-sources.ts';
import { stepsOf } from '../input/source-lines.ts';
import type { Io } from '../terminal/io.ts';
import { warn } from '../terminal/messages.ts';
import { formatTable } from '../terminal/table.ts';

/** `iop profile list`: the built-in profiles with what they are for, one a line and without a heading. */
export async function listProfiles(io: Io): Promise<void> {
  const rows = [...PROFILE_NAMES].sort().map((name) => [name, PROFILE_PURPOSES[name]]);
  await io.stdout.write(formatTable(rows, io.stdout));
}

/** Options of `iop profile dump`. */
export interface DumpOptions {
  readonly filename: readonly string[];
  readonly set: readonly string[];
  /** Where in the spec what is wanted is, names with dots between. */
  readonly configPath?: string;
  /** `flags`: as assignments that `--set` takes. */
  readonly output: 'yaml' | 'json' | 'flags';
}

/** `iop profile dump`: a profile with all that it inherits, as an IstioOperator. */
export async function dumpProfile(name: string, options: DumpOptions, io: Io): Promise<void> {
  const files = await readFiles(options.filename, io);
  const sets = [`profile=${name}`, ...options.set];
  const { resolved, notices } = renderSources({ files, sets, facts: OFFLINE_FACTS }).rendering;
  await warn(notices, io);
  const spec = { ...resolved.spec, profile: resolved.profile };
  const { configPath, output } = options;
  if (output === 'flags') await io.stdout.write(assignments(partAt(spec, configPath), configPath ?? ''));
  else if (configPath === undefined) {
    await io.stdout.write(formatted({ ...HEADER, spec }, output));
    if (output === 'yaml') await io.stdout.write(remarkOn(namedValues(resolved.spec)));
  } else await io.stdout.write(formatted(partAt(spec, configPath), output));
}

const HEADER = { apiVersion: API_VERSION, kind: KIND, metadata: { namespace: 'istio-system' } };

/** As a comment: among the values of the document, not all of them would be fields, and they would no longer follow Istio. */
function remarkOn(values: JsonObject): string {
  if (Object.keys(values).length === 0) return '';
  const text = `The profile that spec.values names sets these of Istio's values, below what is written above:\n${writeYaml([{ values }])}`;
  return text.trimEnd().replace(/^/gm, '# ').concat('\n');
}

function formatted(value: Json, output: 'yaml' | 'json'): string {
  if (output === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  return isObject(value) ? writeYaml([value]) : stringify(value);
}

/** What is at a path of the spec; whoever writes `spec.` before it means the same. */
function partAt(spec: JsonObject, path: string | undefined): Json {
  if (path === undefined) return spec;
  const steps = stepsOf(path.replace(/^spec\./, ''));
  const part = steps.reduce<Json | undefined>(
    (value, step) => (Array.isArray(value) ? value[Number(step)] : valueAt(value, String(step))),
    spec,
  );
  if (part !== undefined) return part;
  throw new OperatorError(`--config-path: the profile has nothing at ${path}.`, {
    code: 'Usage',
    hint: `See iop profile dump for what there is; the top has ${Object.keys(spec).join(', ')}.`,
  });
}

/** A line for each value, as `--set` takes it. */
function assignments(value: Json, path: string): string {
  const entries = Array.isArray(value)
    ? value.map((item, index) => [`${path}[${index}]`, item] as const)
    : isObject(value)
      ? Object.entries(value).map(([key, item]) => [joined(path, key), item] as const)
      : [];
  if (entries.length > 0) return entries.map(([at, item]) => assignments(item ?? null, at)).join('');
  const isEmpty = typeof value === 'object' && value !== null;
  return isEmpty ? '' : `${path}=${String(value)}\n`;
}

function joined(path: string, key: string): string {
  const name = key.replaceAll('.', '\\.');
  return path === '' ? name : `${path}.${name}`;
}
