import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject, type Json, type JsonObject, valueAt } from '../../src/core/index.ts';
import { GoInteger, GoMap, GoObject, GoSlice, goValueOf, type Value } from '../../src/gotemplate/index.ts';
import { goStruct } from '../../src/injection/go-data.ts';
import { templateData } from '../../src/injection/template-data.ts';
import { readYaml } from '../../src/render/index.ts';
import { contextOf, installationTexts } from './installation.ts';

interface GatewayClass {
  readonly template: string;
  readonly suffix: string;
  readonly serviceType: string;
  readonly managedBy: string;
  readonly isWaypoint: boolean;
}

const CLASSES: Readonly<Record<string, GatewayClass>> = {
  istio: gatewayClass('kube-gateway', '-istio', 'LoadBalancer', 'istio.io-gateway-controller'),
  'istio-waypoint': gatewayClass('waypoint', '', 'ClusterIP', 'istio.io-mesh-controller'),
  'istio-agentgateway': gatewayClass('agentgateway', '', 'LoadBalancer', 'istio.io-agentgateway-controller'),
};

function gatewayClass(template: string, suffix: string, serviceType: string, managedBy: string): GatewayClass {
  return { template, suffix, serviceType, managedBy, isWaypoint: template === 'waypoint' };
}

/** The objects that istiod would apply for a Gateway, with the installation that the IstioOperator stands for. */
export function renderGateway(gateway: JsonObject, operator: string): readonly JsonObject[] {
  const { context, variant } = prepared(operator);
  const className = String(valueAt(gateway, 'spec', 'gatewayClassName'));
  const gatewayClassOf = CLASSES[className];
  if (gatewayClassOf === undefined) throw new Error(`no class ${className}`);
  const data = new GoObject(
    'gateway.derivedInput',
    new Map(fieldsOf(gateway, className, gatewayClassOf, context, variant)),
  );
  const text = context.templates.execute(gatewayClassOf.template, data);
  return readYaml(text, gatewayClassOf.template)
    .map(({ value }) => value)
    .filter(isObject)
    .filter(({ kind }) => kind !== 'HorizontalPodAutoscaler' && kind !== 'PodDisruptionBudget')
    .map((object) => managed(object, gatewayClassOf.managedBy));
}

function prepared(operator: string) {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  try {
    writeFileSync(join(folder, 'operator.yaml'), operator);
    const context = contextOf(installationTexts(join(folder, 'operator.yaml')));
    return { context, variant: String(valueAt(context.values, 'global', 'variant') ?? '') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fieldsOf(
  gateway: JsonObject,
  className: string,
  { suffix, serviceType, managedBy, isWaypoint }: GatewayClass,
  context: ReturnType<typeof contextOf>,
  variant: string,
): readonly (readonly [string, Value])[] {
  const metadata = mapOf(gateway.metadata);
  const infrastructure = mapOf(valueAt(gateway, 'spec', 'infrastructure'));
  const labels = mapOf(infrastructure.labels ?? metadata.labels);
  const annotations = mapOf(infrastructure.annotations ?? metadata.annotations);
  const name = `${String(metadata.name)}${suffix}`;
  const pod = templateData(
    { metadata },
    { name, namespace: '', apiVersion: '', kind: '' },
    context.mesh.proxy,
    context,
  );
  const common =
    pod instanceof GoObject
      ? ['ProxyConfig', 'MeshConfig', 'Values', 'Revision', 'ProxyUID', 'ProxyGID', 'ProxyImage'].map(
          (field) => [field, pod.fields.get(field)] as const,
        )
      : [];
  const told = mapOf(metadata.annotations)['networking.istio.io/service-type'];
  const ambient =
    isWaypoint || Object.hasOwn(labels, 'istio.io/dataplane-mode') ? {} : { 'istio.io/dataplane-mode': 'none' };
  return [
    ...common,
    ['AgentgatewayImage', `registry.istio.io/release/agentgateway:1.30.3${variant === '' ? '' : `-${variant}`}`],
    ['ObjectMeta', goStruct(metadata, 'ObjectMeta')],
    ['Name', String(metadata.name)],
    ['Namespace', String(metadata.namespace)],
    ['UID', 'a-b-c'],
    ['GatewayClass', className],
    ['DeploymentName', name],
    ['ServiceAccount', name],
    ['Ports', servicePorts(gateway)],
    ['ServiceType', typeof told === 'string' ? told : serviceType],
    ['ClusterID', 'Kubernetes'],
    ['KubeVersion', 132n],
    ['InfrastructureLabels', textMap({ ...labels, ...ambient })],
    ['InfrastructureAnnotations', textMap(annotations)],
    ['GatewayNameLabel', 'gateway.networking.k8s.io/gateway-name'],
    ['ControllerLabel', managedBy],
    ['Spec', new GoObject('v1.GatewaySpec', new Map([['Addresses', new GoSlice([])]]))],
  ];
}

function servicePorts(gateway: JsonObject): GoSlice {
  const listeners = valueAt(gateway, 'spec', 'listeners');
  const given = (Array.isArray(listeners) ? listeners : []).filter(isObject);
  const ports = [{ name: 'status-port', port: 15_021, protocol: 'TCP' }, ...given];
  return new GoSlice(
    ports.map(({ name, port, protocol }) => {
      const fields: readonly (readonly [string, Value])[] = [
        ['Name', String(name)],
        ['Port', new GoInteger('int32', BigInt(Number(port)))],
        ['AppProtocol', String(protocol).toLowerCase()],
      ];
      return new GoObject('v1.ServicePort', new Map(fields));
    }),
    'v1.ServicePort',
  );
}

/** istiod marks what it applies with the controller of the class. */
function managed(object: JsonObject, managedBy: string): JsonObject {
  const metadata = mapOf(object.metadata);
  return {
    ...object,
    metadata: { ...metadata, labels: { ...mapOf(metadata.labels), 'gateway.istio.io/managed': managedBy } },
  };
}

function textMap(map: JsonObject): GoMap {
  return new GoMap(new Map(Object.entries(map).map(([key, value]) => [key, goValueOf(value ?? null)])), 'string');
}

function mapOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
