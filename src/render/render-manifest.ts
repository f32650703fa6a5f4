import { checkResolved } from '../api/index.ts';
import { componentFor } from '../components/index.ts';
import {
  type ClusterFacts,
  COMPONENT_NAMES,
  type ComponentManifest,
  formatId,
  ISTIO_VERSION,
  type Issue,
  idKey,
  idOf,
  imageVersion,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type Manifest,
  type Notice,
  throwIssues,
  valueAt,
} from '../core/index.ts';
import { type ResolvedSpec, resolveSpec } from '../merge/index.ts';
import { type AppliedPatch, applyOverlays, applySettings } from '../overlay/index.ts';
import { type ComponentInput, componentInputs } from '../values/index.ts';
import { inApplyOrder } from './apply-order.ts';
import { checkOwner, type Owner, withBookkeeping } from './bookkeeping.ts';
import { checkAutoscalers } from './check-autoscalers.ts';
import { checkOverlaid } from './check-overlaid.ts';
import { checkSkew } from './check-skew.ts';
import { checkTexts } from './check-texts.ts';
import { parseYamlValue } from './yaml-reader.ts';

/** What a manifest is rendered from. The specs must have been validated. */
export interface RenderInput {
  /** The `spec` of each document, in the order in which they are merged. */
  readonly specs: readonly JsonObject[];
  /** `path=value`, over all specs. */
  readonly sets?: readonly string[];
  readonly facts: ClusterFacts;
  /** Whose objects these are; absent where the manifest is only printed. */
  readonly owner?: Owner;
}

/** A manifest, what it was merged from and what the overlays did. */
export interface Rendering extends Manifest {
  readonly resolved: ResolvedSpec;
  readonly patches: readonly AppliedPatch[];
  /** What every API server would refuse of it; also among the notices. Nothing of such a manifest should be applied. */
  readonly refusals: readonly Issue[];
}

/** The objects of one instance of a component on their way through settings and overlays. */
interface Built {
  readonly input: ComponentInput;
  readonly objects: readonly KubernetesObject[];
}

/**
 * Renders what an IstioOperator stands for: profile, merge, values, components, `k8s` settings, overlays. Pure: the same
 * input gives the same bytes.
 * @throws {OperatorError} with all findings as `issues` where overlays do not fit or objects clash.
 */
export function renderManifest({ specs, sets = [], facts, owner }: RenderInput): Rendering {
  checkOwner(owner);
  const { resolved, notices: mergeNotices } = resolveSpec(specs, sets, facts);
  const notices: Notice[] = [...mergeNotices, ...checkResolved(resolved.spec)];
  const built = componentInputs(resolved, facts).map((input) => buildWithSettings(input, notices));
  const { overlaid, patches } = overlayAll(built, notices);
  throwIssues(clashes(overlaid));
  // components know it as values have it, which win over the spec's; a spec without components has only its own
  const revision = textOr(built[0] === undefined ? resolved.spec.revision : built[0].input.revision, 'default');
  const components = byComponent(overlaid, revision, owner);
  throwIssues(checkSkew(components));
  const objects = overlaid.flatMap((each) => each.objects);
  const schema = checkOverlaid(objects, patches);
  const invalid = [...checkTexts(objects, resolved.spec), ...checkAutoscalers(overlaid)];
  notices.push(...schema.notices, ...invalid.map((issue): Notice => ({ ...issue, code: 'SchemaMismatch' })));
  return {
    components,
    notices: distinct(notices),
    revision,
    ...namespaceLabelsOf(resolved),
    version: textOr(valueAt(resolved.spec, 'values', 'global', 'tag') ?? resolved.spec.tag, ISTIO_VERSION),
    resolved,
    patches,
    refusals: [...schema.refusals, ...invalid],
  };
}

function buildWithSettings(input: ComponentInput, notices: Notice[]): Built {
  const component = componentFor(input.component);
  const isGateway = input.component === 'IngressGateways' || input.component === 'EgressGateways';
  const workload = typeof component.workload === 'function' ? component.workload(input) : component.workload;
  const target = workload && { ...workload, name: input.resourceName, hasOwnPorts: isGateway };
  const changed = applySettings(component.build(input), input.settings, target, `${input.path}.k8s`);
  notices.push(...changed.notices);
  return { input, objects: changed.objects };
}

/** Applies the overlays of all components and throws once for all that do not fit. */
function overlayAll(
  built: readonly Built[],
  notices: Notice[],
): { readonly overlaid: readonly Built[]; readonly patches: readonly AppliedPatch[] } {
  const issues: Issue[] = [];
  const patches: AppliedPatch[] = [];
  const rendered = built.flatMap(({ objects }) => objects);
  const overlaid = built.map(({ input, objects }) => {
    const context = { revision: input.revision, rendered, parseYaml: parseYamlValue };
    const result = applyOverlays(objects, input.settings.overlays, `${input.path}.k8s.overlays`, context);
    notices.push(...result.notices);
    issues.push(...result.issues);
    patches.push(...result.applied);
    return { input, objects: result.objects };
  });
  throwIssues(issues);
  return { overlaid, patches };
}

/** Objects that are rendered twice: the second would silently overwrite the first. */
function clashes(built: readonly Built[]): readonly Issue[] {
  const first = new Map<string, string>();
  const issues: Issue[] = [];
  for (const { input, objects } of built) {
    const reported = issues.length;
    for (const object of objects) {
      const key = idKey(idOf(object));
      const other = first.get(key);
      first.set(key, other ?? input.path);
      // one clash of two gateways is all there is to say about them
      if (other === undefined || issues.length > reported) continue;
      issues.push({
        code: 'InvalidManifest',
        path: input.path,
        message: `${formatId(idOf(object))} is rendered by ${other} and again by ${input.path}.`,
        hint: 'Give one of them another name or another namespace.',
      });
    }
  }
  return issues;
}

function byComponent(
  built: readonly Built[],
  revision: string,
  owner: Owner | undefined,
): readonly ComponentManifest[] {
  return COMPONENT_NAMES.flatMap((component) => {
    const objects = built.filter(({ input }) => input.component === component).flatMap((each) => each.objects);
    if (objects.length === 0) return [];
    const labelled = objects.map((object) => withBookkeeping(object, { component, revision, owner }));
    const version = objects.map(imageVersion).find((found) => found !== undefined);
    const own = version === undefined || component === 'AddonComponents' ? {} : { version };
    return [{ component, objects: inApplyOrder(labelled), ...own }];
  });
}

/** Gateways of one list can earn the same notice; once is enough. */
function distinct(notices: readonly Notice[]): readonly Notice[] {
  const seen = new Map(notices.map((notice) => [JSON.stringify(notice), notice]));
  return [...seen.values()];
}

/** A namespace that has to be created belongs to the mesh's network, as istioctl labels it. */
function namespaceLabelsOf({ spec }: ResolvedSpec): Pick<Manifest, 'namespaceLabels'> {
  const network = textOr(valueAt(spec, 'values', 'global', 'network'), '');
  return network === '' ? {} : { namespaceLabels: { 'topology.istio.io/network': network } };
}

function textOr(value: Json | undefined, otherwise: string): string {
  return (typeof value === 'string' || typeof value === 'number') && value !== '' ? String(value) : otherwise;
}
