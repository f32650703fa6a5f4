import { ISTIO_VERSION, type Issue, isObject, type Json, type Notice, nearMatch } from '../core/index.ts';
import { formatFieldPath } from './field-path.ts';
import { RELEASE } from './held-version.ts';
import { readIgnoreFields } from './ignore-fields.ts';
import { ANNOTATIONS, GROUP } from './names.ts';
import { quote } from './quote.ts';
import { describeValue } from './validation/describe-value.ts';

/**
 * What happens to objects that are no longer asked for:
 * - `auto`: they are removed; what an earlier operator left and carries traffic or data waits for a confirmation
 * - `report`: all of them wait for a confirmation
 * - `off`: they stay
 */
export const PRUNE_MODES = ['auto', 'report', 'off'] as const;

/** One of `PRUNE_MODES`. */
export type PruneMode = (typeof PRUNE_MODES)[number];

const SWITCH = ['true', 'false'];

/** The values of the annotations that take no others; the empty one always is the same as no annotation. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  [ANNOTATIONS.ignoreReconcile]: SWITCH,
  [ANNOTATIONS.adopt]: SWITCH,
  [ANNOTATIONS.dryRun]: SWITCH,
  [ANNOTATIONS.forceDelete]: SWITCH,
  [ANNOTATIONS.handBack]: SWITCH,
  [ANNOTATIONS.purge]: SWITCH,
  [ANNOTATIONS.prune]: PRUNE_MODES,
};

const DEPLOYMENT = /^Deployment\/[a-z0-9.-]+\/[a-z0-9.-]+$/;

/** How an IstioOperator with these annotations, which have been checked, wants to be pruned. */
export function pruneModeOf(annotations: Readonly<Record<string, string>> | undefined): PruneMode {
  return PRUNE_MODES.find((mode) => mode === annotations?.[ANNOTATIONS.prune]) ?? 'auto';
}

/**
 * Judges the annotations by which an IstioOperator steers the operator. A value that is not understood is an error: who
 * writes `dry-run: yes` must not get an installation instead.
 */
export function checkAnnotations(annotations: Json | undefined): {
  readonly issues: readonly Issue[];
  readonly notices: readonly Notice[];
} {
  const steering = Object.entries(isObject(annotations) ? annotations : {}).filter(([key]) =>
    key.startsWith(`${GROUP}/`),
  );
  return {
    issues: steering.flatMap(([key, value]) => [
      ...wrongValue(key, value),
      ...wrongIgnoreFields(key, value),
      ...wrongNames(key, value),
      ...wrongVersion(key, value),
    ]),
    notices: steering.flatMap(([key]) => unknownAnnotation(key)),
  };
}

function wrongValue(key: string, value: Json | undefined): readonly Issue[] {
  const words = Object.hasOwn(VALUES, key) ? VALUES[key] : undefined;
  if (words === undefined || value === undefined || value === null || value === '') return [];
  if (typeof value === 'string' && words.includes(value)) return [];
  const path = formatFieldPath(['metadata', 'annotations', key]);
  const message = `Expected one of ${words.map(quote).join(', ')}, got ${describeValue(value)}.`;
  const meant = typeof value === 'boolean' ? String(value) : nearMatch(String(value), words);
  const hint = meant === undefined ? `Write, for example, ${key}: "${words[0]}".` : `Did you mean "${meant}"?`;
  return [{ code: 'InvalidValue', path, message, hint }];
}

function wrongIgnoreFields(key: string, value: Json | undefined): readonly Issue[] {
  return key === ANNOTATIONS.ignoreFields && typeof value === 'string' ? readIgnoreFields(value).issues : [];
}

/** Names of Deployments, separated by commas. */
function wrongNames(key: string, value: Json | undefined): readonly Issue[] {
  if (key !== ANNOTATIONS.recreate) return [];
  const names = String(value ?? '').split(',');
  const wrong = names.map((name) => name.trim()).find((name) => name !== '' && !DEPLOYMENT.test(name));
  if (wrong === undefined) return [];
  const path = formatFieldPath(['metadata', 'annotations', ANNOTATIONS.recreate]);
  const message = `Expected Deployments as "Deployment/namespace/name", got ${quote(wrong)}.`;
  return [
    { code: 'InvalidValue', path, message, hint: 'The message about the field that cannot change has the name.' },
  ];
}

function wrongVersion(key: string, value: Json | undefined): readonly Issue[] {
  if (key !== ANNOTATIONS.istioVersion || value === undefined || value === null || value === '') return [];
  if (typeof value === 'string' && RELEASE.test(value)) return [];
  const path = formatFieldPath(['metadata', 'annotations', key]);
  const message = `Expected a version of Istio, got ${describeValue(value)}.`;
  return [{ code: 'InvalidValue', path, message, hint: `Write, for example, ${key}: "${ISTIO_VERSION}".` }];
}

function unknownAnnotation(key: string): readonly Notice[] {
  const known: readonly string[] = Object.values(ANNOTATIONS);
  if (known.includes(key)) return [];
  const near = nearMatch(
    key.slice(GROUP.length + 1),
    known.map((name) => name.slice(GROUP.length + 1)),
  );
  return [
    {
      code: 'IgnoredField',
      path: formatFieldPath(['metadata', 'annotations', key]),
      message: 'The operator does not know this annotation.',
      ...(near === undefined ? {} : { hint: `Did you mean "${GROUP}/${near}"?` }),
    },
  ];
}
