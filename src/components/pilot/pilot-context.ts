import type { ComponentInput, IstiodValues } from '../../values/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { revisionLabel, withRevision } from '../shared/revision.ts';

/** What the builders of Pilot share: the values, and the names that follow from revision and namespaces. */
export interface PilotContext {
  readonly values: IstiodValues;
  readonly documents: NonNullable<ComponentInput['documents']>;
  /** `istiod` or `istiod-<revision>`: Deployment, Service, account and most else. */
  readonly name: string;
  /** '' for the revision without a name. */
  readonly revision: string;
  /** The value of `istio.io/rev`: `default` for the revision without a name. */
  readonly revisionLabel: string;
  /** Where istiod runs. */
  readonly namespace: string;
  /** The mesh's root of administration; roles and accounts are there. */
  readonly istioNamespace: string;
  /** For cluster-scoped objects, whose names must differ by revision and by namespace. */
  readonly clusterName: (name: string) => string;
  /** Labels of objects that belong to istiod: its account and roles. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels of objects that belong to one revision of istiod. */
  readonly revisionLabels: Readonly<Record<string, string>>;
  /** What Service and disruption budget select the pods by. */
  readonly podSelector: Readonly<Record<string, string>>;
}

/** The context of an instance. */
export function pilotContext(input: ComponentInput<IstiodValues>): PilotContext {
  const { values, namespace } = input;
  const revision = values.revision ?? '';
  const rev = revisionLabel(revision);
  return {
    values,
    documents: input.documents ?? { original: {}, merged: {} },
    name: withRevision('istiod', revision),
    revision,
    revisionLabel: rev,
    namespace,
    istioNamespace: values.global.istioNamespace ?? '',
    clusterName: (name) => `${withRevision(name, revision)}-${namespace}`,
    labels: { app: 'istiod', ...istioLabels('istiod') },
    revisionLabels: { 'istio.io/rev': rev, ...istioLabels('istiod') },
    // `istio: pilot` is only on pods of the unnamed revision, so what selects by it leaves canaries out.
    podSelector: { app: 'istiod', ...(revision === '' ? { istio: 'pilot' } : { 'istio.io/rev': rev }) },
  };
}

/** True when istiod itself runs in this cluster: always, unless a remote one does all its work. */
export function runsIstiod({ istiodRemote }: IstiodValues): boolean {
  return !istiodRemote.enabled || istiodRemote.enabledLocalInjectorIstiod === true;
}

/** True when an istiod, here or remote, reads configuration from this cluster and so needs rights in it. */
export function servesConfig(values: IstiodValues): boolean {
  return runsIstiod(values) || values.global.configCluster === true;
}
