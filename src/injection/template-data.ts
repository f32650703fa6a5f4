import { isObject, type JsonObject } from '../core/index.ts';
import { GoInteger, GoMap, GoNil, GoObject, goValueOf, type Value } from '../gotemplate/index.ts';
import { goEnum, goMessage, goStruct, goWrapper } from './go-data.ts';
import type { InjectionContext } from './injection-context.ts';
import { inboundTrafficPolicy } from './mesh-config.ts';
import { mapAt, textAt } from './pod-parts.ts';
import { proxyImage } from './proxy-image.ts';

/** The workload that a pod belongs to. */
export interface Owner {
  readonly name: string;
  readonly namespace: string;
  readonly apiVersion: string;
  readonly kind: string;
}

const PROXY_USER = 1337n;
const INTERCEPTION = 'v1alpha1.ProxyConfig_InboundInterceptionMode';

/** The dot of every template: the pod, its owner, and what the installation and the mesh say. */
export function templateData(pod: JsonObject, owner: Owner, proxyConfig: JsonObject, context: InjectionContext): Value {
  const fields: readonly (readonly [string, Value])[] = [
    ['TypeMeta', struct('v1.TypeMeta', { Kind: owner.kind, APIVersion: owner.apiVersion })],
    ['DeploymentMeta', struct('types.NamespacedName', { Namespace: owner.namespace, Name: owner.name })],
    ['ObjectMeta', goStruct(mapAt(pod, 'metadata'), 'ObjectMeta')],
    ['Spec', goStruct(mapAt(pod, 'spec'), 'PodSpec')],
    ['ProxyConfig', proxyConfigData(proxyConfig)],
    ['MeshConfig', meshConfigData(context)],
    ['Values', goValueOf(context.values)],
    ['Revision', context.revision],
    ['NativeSidecars', context.nativeSidecars],
    ['ProxyImage', proxyImage(context.values, proxyConfig, pod)],
    ['ProxyUID', new GoInteger('int64', PROXY_USER)],
    ['ProxyGID', new GoInteger('int64', PROXY_USER)],
    ['InboundTrafficPolicyMode', inboundTrafficPolicy(context.mesh)],
    ['CompliancePolicy', context.compliancePolicy],
  ];
  return new GoObject('*inject.SidecarTemplateData', new Map(fields));
}

function proxyConfigData(config: JsonObject): GoObject {
  const { concurrency } = config;
  const tracing = mapAt(config, 'tracing');
  const message = goMessage(
    'v1alpha1.ProxyConfig',
    { ...config, interceptionMode: textAt(config, 'interceptionMode') ?? 'REDIRECT' },
    {
      interceptionMode: goEnum(INTERCEPTION, 'REDIRECT'),
      holdApplicationUntilProxyStarts: goWrapper('BoolValue', false),
      concurrency: concurrency == null ? new GoNil('*wrapperspb.Int32Value') : goWrapper('Int32Value', false),
      proxyMetadata: new GoMap(new Map(), 'string', { isNil: true }),
      runtimeValues: new GoMap(new Map(), 'string', { isNil: true }),
      statusPort: new GoInteger('int32', 0n),
      proxyAdminPort: new GoInteger('int32', 0n),
      statNameLength: new GoInteger('int32', 0n),
      discoveryAddress: '',
      tracing: goMessage('v1alpha1.Tracing', tracing, { tlsSettings: new GoNil('*v1alpha3.ClientTLSSettings') }),
    },
  );
  return new GoObject(message.typeName, message.fields, message.methods, config);
}

function meshConfigData({ mesh }: InjectionContext): GoObject {
  const message = goMessage('v1alpha1.MeshConfig', mesh.fields, {
    trustDomain: '',
    rootNamespace: '',
    accessLogFile: '',
    proxyListenPort: new GoInteger('int32', 0n),
    proxyInboundListenPort: new GoInteger('int32', 0n),
    proxyHttpPort: new GoInteger('int32', 0n),
    enableAutoMtls: goWrapper('BoolValue', false),
    enablePrometheusMerge: goWrapper('BoolValue', false),
  });
  const fields = new Map(message.fields);
  const { defaultConfig } = mesh.fields;
  if (isObject(defaultConfig)) fields.set('DefaultConfig', proxyConfigData(defaultConfig));
  return new GoObject(message.typeName, fields, message.methods, mesh.fields);
}

function struct(typeName: string, fields: Readonly<Record<string, Value>>): GoObject {
  return new GoObject(typeName, new Map(Object.entries(fields)));
}
