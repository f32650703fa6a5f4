import { describe, expect, test } from '@jest/globals';
import { type JsonObject, type KubernetesObject, valueAt } from '../../src/core/index.ts';
import { checkObject } from '../../src/overlay/index.ts';
import { renderGateway } from './gateway.ts';

const OPERATOR = `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  profile: ambient
  values:
    gateways: {seccompProfile: {type: RuntimeDefault}}
    global:
      imagePullSecrets: [regcred]
      network: net1
      waypoint:
        nodeSelector: {disk: ssd}
        tolerations: [{key: edge, operator: Exists}]
        resources: {limits: {cpu: null, memory: 300Mi}}
`;

const gateway = (gatewayClassName: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'shop', namespace: 'apps', annotations: { 'example.com/quote': '"}{' }, ...more },
  spec: { gatewayClassName, listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
});

const objectOf = (objects: readonly JsonObject[], kind: string) => objects.find((object) => object.kind === kind) ?? {};

describe.each(['istio', 'istio-waypoint', 'istio-agentgateway'])('a Gateway of the class %s', (className) => {
  const objects = renderGateway(gateway(className), OPERATOR);

  test('becomes an account, a Deployment and a Service', () => {
    expect(objects.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Deployment', 'Service']);
  });

  test('becomes objects that Kubernetes accepts', () => {
    const findings = objects.flatMap((object) => checkObject(object as unknown as KubernetesObject));
    expect(findings.map(({ message }) => message)).toEqual([]);
  });

  test('has pods that the Service finds', () => {
    const selected = valueAt(objectOf(objects, 'Service'), 'spec', 'selector');
    const labels = valueAt(objectOf(objects, 'Deployment'), 'spec', 'template', 'metadata', 'labels');
    expect(labels).toMatchObject(selected as JsonObject);
  });

  test('passes its annotations on, whatever characters they have', () => {
    expect(valueAt(objectOf(objects, 'Deployment'), 'metadata', 'annotations')).toEqual({ 'example.com/quote': '"}{' });
  });
});

test('a waypoint is placed as the installation says, and nulls of its resources are dropped', () => {
  const deployment = objectOf(renderGateway(gateway('istio-waypoint'), OPERATOR), 'Deployment');
  expect(valueAt(deployment, 'spec', 'template', 'spec')).toMatchObject({
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'edge', operator: 'Exists' }],
    containers: [
      { resources: { limits: { memory: '300Mi' } }, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
    ],
  });
});

test('a Gateway keeps the dataplane mode that it asks for', () => {
  const labels = { 'istio.io/dataplane-mode': 'ambient' };
  const deployment = objectOf(renderGateway(gateway('istio', { labels }), OPERATOR), 'Deployment');
  expect(valueAt(deployment, 'spec', 'template', 'metadata', 'labels', 'istio.io/dataplane-mode')).toBe('ambient');
});
