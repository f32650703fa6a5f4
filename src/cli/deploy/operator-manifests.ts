import { istioOperatorCrd } from '../../api/index.ts';
import {
  asJson,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  OperatorError,
} from '../../core/index.ts';
import { OPERATOR_OBJECTS } from './operator-manifests.gen.ts';

/** How an operator differs from the one in `deploy/`. */
export interface OperatorSettings {
  readonly image?: string;
  /** Registry and tag of the image, where it is not named as a whole. */
  readonly hub?: string;
  readonly tag?: string;
  /** Names of the Secrets with which it is pulled. */
  readonly imagePullSecrets?: readonly string[];
  readonly operatorNamespace: string;
  /** Comma-separated; empty for all. */
  readonly watchedNamespaces: string;
}

/** The namespace that `deploy/` names. */
const GIVEN_NAMESPACE = 'istio-operator';

/**
 * The objects that make an operator: namespace, CRD, and what runs it.
 * @throws {OperatorError} `Usage` for a namespace that cannot be one.
 */
export function operatorManifests(settings: OperatorSettings): readonly KubernetesObject[] {
  const { operatorNamespace } = settings;
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(operatorNamespace)) {
    throw new OperatorError(`--operatorNamespace: "${operatorNamespace}" is not the name of a namespace.`, {
      code: 'Usage',
      hint: 'Use lower-case letters, digits and dashes.',
    });
  }
  const crd = istioOperatorCrd() as unknown as KubernetesObject;
  const objects = OPERATOR_OBJECTS.map((object) => placed(object, operatorNamespace));
  const [namespaces, others] = [objects.filter(isNamespace), objects.filter((object) => !isNamespace(object))];
  return [
    ...namespaces,
    crd,
    ...others.map((object) => (object.kind === 'Deployment' ? tuned(object, settings) : object)),
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

function tuned(deployment: KubernetesObject, settings: OperatorSettings): KubernetesObject {
  const { watchedNamespaces, imagePullSecrets = [] } = settings;
  const spec = asJson(deployment).spec as JsonObject;
  const template = spec.template as JsonObject;
  const pod = template.spec as JsonObject;
  const containers = (pod.containers as readonly JsonObject[]).map((container) => ({
    ...container,
    image: imageFor(settings, String(container.image)),
    env: ((container.env ?? []) as readonly JsonObject[]).map((variable) =>
      variable.name === 'WATCH_NAMESPACE' ? { ...variable, value: watchedNamespaces } : variable,
    ),
  }));
  const secrets = imagePullSecrets.length === 0 ? {} : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) };
  const changed = { ...spec, template: { ...template, spec: { ...pod, containers, ...secrets } } };
  return { ...deployment, spec: changed } as KubernetesObject;
}

/** The image as a whole, else the given one from another registry or with another tag. */
function imageFor({ image, hub, tag }: OperatorSettings, given: string): string {
  if (image !== undefined) return image;
  const [, name = '', version = ''] = /([^/:]+):([^/:]+)$/.exec(given) ?? [];
  const registry = hub === undefined ? given.slice(0, given.length - `${name}:${version}`.length) : `${hub}/`;
  return `${registry}${name}:${tag ?? version}`;
}
