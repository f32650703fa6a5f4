import type { PathStep } from '../core/index.ts';

/** What merging and patching need to know about a Kubernetes type. */
export interface TypeInfo {
  /** Fields without which the API server refuses the object, beyond those that its schema requires. */
  readonly required?: readonly string[];
  /** Fields of which one at most may be set: setting another one removes the first. */
  readonly exclusive?: readonly string[];
  /** Like `exclusive`, for all fields but this one: a volume has a name and one source. */
  readonly exclusiveBeside?: string;
  readonly fields?: Readonly<Record<string, FieldInfo>>;
}

/** A field whose type matters; lists have the type of their entries. */
export interface FieldInfo {
  readonly type?: TypeName;
  /** Lists: entries with the same value of this field are one entry. A list without it is replaced whole. */
  readonly mergeKey?: string;
  /** Maps: replaced whole, never merged. */
  readonly atomic?: true;
}

/** A row of the table: a kind, or a type inside one. */
export type TypeName = string;

const METADATA: FieldInfo = { type: 'ObjectMeta' };
const PROBE: FieldInfo = { type: 'Probe' };
const CONTAINERS: FieldInfo = { type: 'Container', mergeKey: 'name' };
const WORKLOAD: TypeInfo = { fields: { metadata: METADATA, spec: { type: 'WorkloadSpec' } } };
const WEBHOOKS: TypeInfo = { fields: { metadata: METADATA, webhooks: { mergeKey: 'name' } } };

/** Merge keys, unions and further requirements of the Kubernetes API (patchMergeKey and validation), where we render it. */
const TYPES: Readonly<Record<TypeName, TypeInfo>> = {
  Deployment: WORKLOAD,
  DaemonSet: WORKLOAD,
  StatefulSet: WORKLOAD,
  Service: { fields: { metadata: METADATA, spec: { type: 'ServiceSpec' } } },
  PodDisruptionBudget: { fields: { metadata: METADATA, spec: { type: 'DisruptionSpec' } } },
  MutatingWebhookConfiguration: WEBHOOKS,
  ValidatingWebhookConfiguration: WEBHOOKS,
  CustomResourceDefinition: { fields: { metadata: METADATA, spec: { type: 'DefinitionSpec' } } },
  OtherKind: { fields: { metadata: METADATA } },

  // the namespace is not required, but an object that loses it goes to another place
  ObjectMeta: { required: ['name', 'namespace'] },
  WorkloadSpec: { fields: { template: { type: 'PodTemplate' } } },
  PodTemplate: { required: ['spec'], fields: { spec: { type: 'PodSpec' } } },
  PodSpec: {
    fields: {
      containers: CONTAINERS,
      initContainers: CONTAINERS,
      ephemeralContainers: CONTAINERS,
      volumes: { type: 'Volume', mergeKey: 'name' },
      imagePullSecrets: { mergeKey: 'name' },
      hostAliases: { mergeKey: 'ip' },
      topologySpreadConstraints: { mergeKey: 'topologyKey' },
    },
  },
  Container: {
    required: ['image'],
    fields: {
      env: { type: 'EnvVar', mergeKey: 'name' },
      ports: { mergeKey: 'containerPort' },
      volumeMounts: { mergeKey: 'mountPath' },
      volumeDevices: { mergeKey: 'devicePath' },
      readinessProbe: PROBE,
      livenessProbe: PROBE,
      startupProbe: PROBE,
    },
  },
  EnvVar: { exclusive: ['value', 'valueFrom'] },
  Volume: { exclusiveBeside: 'name' },
  Probe: { exclusive: ['exec', 'httpGet', 'tcpSocket', 'grpc'] },
  ServiceSpec: { required: ['ports'], fields: { ports: { mergeKey: 'port' } } },
  DisruptionSpec: { exclusive: ['minAvailable', 'maxUnavailable'], fields: { selector: { atomic: true } } },
  DefinitionSpec: {
    required: ['group', 'names', 'scope', 'versions'],
    fields: { versions: { type: 'DefinitionVersion' } },
  },
  DefinitionVersion: { required: ['name', 'served', 'storage', 'schema'] },
};

/** What is known about a type. */
export function typeInfo(type: TypeName | undefined): TypeInfo {
  return type === undefined ? {} : (TYPES[type] ?? {});
}

/** The type of objects of a kind. */
export function typeOfKind(kind: string): TypeName {
  return Object.hasOwn(TYPES, kind) ? kind : 'OtherKind';
}

/** What is known about a field of a type. */
export function fieldInfo(type: TypeName | undefined, field: string): FieldInfo {
  const { fields } = typeInfo(type);
  return fields !== undefined && Object.hasOwn(fields, field) ? (fields[field] ?? {}) : {};
}

/** The type that a path into an object of `kind` leads to; undefined where the table ends. */
export function typeAtPath(kind: string, steps: readonly PathStep[]): TypeName | undefined {
  let type: TypeName | undefined = typeOfKind(kind);
  for (const step of steps) if (step.kind === 'key') type = fieldInfo(type, step.key).type;
  return type;
}
