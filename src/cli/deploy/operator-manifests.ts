import { istioOperatorCrd } from '../../api/index.ts';
import { asJson, isObject, type Json, type JsonObject, type KubernetesObject } from '../../core/index.ts';
import { namespaceName } from '../input/namespace-name.ts';
import { watchedNamespaces } from '../input/watched-namespaces.ts';
import { imageFor } from './operator-image.ts';
import { OPERATOR_OBJECTS } from './operator-manifests.gen.ts';

/** How an operator differs from the one in `deploy/`. */
export interface OperatorSettings {
  readonly image?: string | undefined;
  /** Registry and tag of the image, where it is not named as a whole. */
  readonly hub?: string;
  readonly tag?: string;
  /** Names of the Secrets with which it is pulled. */
  readonly imagePullSecrets?: readonly string[] | undefined;
  readonly operatorNamespace: string;
  /** Comma-separated; empty for all. */
  readonly watchedNamespaces?: string | undefined;
}

/** What an operator that is there keeps, unless something else is asked for. */
export type KeptSettings = Pick<OperatorSettings, 'image' | 'imagePullSecrets' | 'watchedNamespaces'>;

/** The namespace that `deploy/` names. */
const GIVEN_NAMESPACE = 'istio-operator';

/**
 * The objects that make an operator: namespace, CRD, and what runs it.
 * @param kept - how the operator is set up that is there; the settings go before it, and the defaults of `deploy/` come last.
 * @throws {OperatorError} `Usage` for a namespace or an image that cannot be one.
 */
export function operatorManifests(settings: OperatorSettings, kept: KeptSettings = {}): readonly KubernetesObject[] {
  const operatorNamespace = namespaceName(settings.operatorNamespace, '--operatorNamespace');
  const crd = istioOperatorCrd() as unknown as KubernetesObject;
  const objects = OPERATOR_OBJECTS.map((object) => placed(object, operatorNamespace));
  const [namespaces, others] = [objects.filter(isNamespace), objects.filter((object) => !isNamespace(object))];
  return [
    ...namespaces,
    crd,
    ...others.map((object) => (object.kind === 'Deployment' ? tuned(object, settings, kept) : object)),
  ];
}

function isNamespace({ kind }: KubernetesObject): boolean {
  return kind === 'Namespace';
}

/** In another namespace: that of the object, of a subject, and the namespace itself. */
function placed(object: KubernetesObject, namespace: string): KubernetesObject {
  if (isNamespace(object)) return { ...object, metadata: { ...object.metadata, name: namespace } };
  const metadata = object.metadata.namespace === undefined ? object.metadata : { ...object.metadata, namespace };
  const { subjects } = asJson(object);
  if (!Array.isArray(subjects)) return { ...object, metadata };
  const moved = subjects.map((subject: Json) =>
    isObject(subject) && subject.namespace === GIVEN_NAMESPACE ? { ...subject, namespace } : subject,
  );
  return { ...object, metadata, subjects: moved } as KubernetesObject;
}

function tuned(deployment: KubernetesObject, settings: OperatorSettings, kept: KeptSettings): KubernetesObject {
  const watched =
    settings.watchedNamespaces === undefined ? kept.watchedNamespaces : namesIn(settings.watchedNamespaces);
  const { imagePullSecrets: asked = [] } = settings;
  const imagePullSecrets = asked.length > 0 ? asked : (kept.imagePullSecrets ?? []);
  const spec = asJson(deployment).spec as JsonObject;
  const template = spec.template as JsonObject;
  const pod = template.spec as JsonObject;
  const containers = (pod.containers as readonly JsonObject[]).map((container) => ({
    ...container,
    image: imageFor(settings, kept.image ?? String(container.image)),
    env: ((container.env ?? []) as readonly JsonObject[]).map((variable) =>
      variable.name === 'WATCH_NAMESPACE' ? { ...variable, value: watched ?? variable.value } : variable,
    ),
  }));
  const secrets = imagePullSecrets.length === 0 ? {} : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) };
  const changed = { ...spec, template: { ...template, spec: { ...pod, containers, ...secrets } } };
  return { ...deployment, spec: changed } as KubernetesObject;
}

/** Without the blanks that people put behind a comma. */
function namesIn(text: string): string {
  return watchedNamespaces(text)
    .map((name) => namespaceName(name, '--watchedNamespaces'))
    .join(',');
}
