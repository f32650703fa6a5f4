import { nearMatch } from '../../core/index.ts';
import { formatFieldPath, type Step } from '../field-path.ts';
import { quote } from '../quote.ts';
import { oldField } from '../removed-fields.ts';
import type { Node, ObjectNode } from '../schema/schema.ts';
import type { Check } from './check-value.ts';

/** Judges a field that the schema lacks, at the end of `check.path`: removed from Istio, too new for us, or a mistake. */
export function checkUnknownField(node: ObjectNode, key: string, check: Check): void {
  const { findings } = check;
  const path = formatFieldPath(check.path);
  const old = oldField(check.path);
  if (old !== undefined) {
    if (old.notice !== undefined) findings.notices.push({ ...old.notice, path });
    if (!old.kept) findings.edits.push({ path: [...check.path] });
  } else if (node.origin === 'kubernetes' && check.newerKubernetes) {
    const message = `${quote(key)} is not a field that this operator knows; it is handed on for the API server to judge.`;
    findings.notices.push({ code: 'SchemaMismatch', path, message });
  } else {
    const hint = adviceFor(key, node, check.path);
    findings.issues.push({ code: 'UnknownField', path, message: `Unknown field ${quote(key)}.`, hint });
  }
}

const MAX_LISTED = 12;

/** A spec in the spec comes from a path of --set that begins at the top of the document, or from a line too much. */
const SPEC_IN_SPEC =
  'Leave out the second spec: what is below it belongs here, as in --set hub=registry.example/istio.';

/** What is called otherwise here, though not similarly, by the field above it and its own name. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'components.istiod': 'pilot',
  'k8s.replicas': 'replicaCount',
};

/** The field that was probably meant: one of a similar name, the same name one level down, or all where they are few. */
function adviceFor(key: string, node: ObjectNode, path: readonly Step[]): string {
  if (path.join('.') === 'spec.spec') return SPEC_IN_SPEC;
  const names = Object.keys(node.fields);
  const lower = key.toLowerCase();
  const sameWord = names.find((name) => name.toLowerCase() === lower);
  const parents = names.filter((name) => hasField(node.fields[name], key));
  const above = path.at(-2);
  const meant =
    OTHERWISE[`${above}.${key}`] ?? sameWord ?? (parents.length === 1 ? `${parents[0]}.${key}` : nearMatch(key, names));
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  if (names.length <= MAX_LISTED || node.inCrd === 'nothing') return `Known here: ${names.join(', ')}.`;
  const steps = path.slice(0, -1).filter((step) => typeof step === 'string');
  const known = `To see what is known here: kubectl explain ${['iop', ...steps].join('.')}`;
  return above === 'k8s' ? `Use a patch in k8s.overlays for what has no field. ${known}` : known;
}

function hasField(node: Node | undefined, key: string): boolean {
  return node?.kind === 'object' && Object.hasOwn(node.fields, key);
}
