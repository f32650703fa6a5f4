import type { Json, JsonObject, KubernetesObject } from '../../../src/core/index.ts';
import { applyOverlays, type OverlayContext, type OverlayResult } from '../../../src/overlay/index.ts';
import { parseYamlValue } from '../../../src/render/yaml-reader.ts';

/** An object out of plain JSON. */
export function anObject(json: JsonObject): KubernetesObject {
  return json as unknown as KubernetesObject;
}

/** A Deployment `istiod` with one container, `discovery`. */
export function aDeployment(name = 'istiod'): KubernetesObject {
  return anObject({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'istio-system', labels: { app: 'istiod' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'istiod' } },
      strategy: { rollingUpdate: { maxSurge: '100%', maxUnavailable: '25%' } },
      template: {
        metadata: { annotations: { 'prometheus.io/port': '15014' } },
        spec: {
          serviceAccountName: 'istiod',
          containers: [
            {
              name: 'discovery',
              image: 'pilot:1',
              args: ['discovery', '--monitoringAddr=:15014', '--log_output_level=default:info', '30m'],
              env: [
                { name: 'REVISION', value: 'default' },
                { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              ],
              ports: [{ containerPort: 8080 }, { containerPort: 15010, name: 'grpc' }],
              readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 3 },
              resources: { requests: { cpu: '500m', memory: '2048Mi' } },
              securityContext: { runAsNonRoot: true },
              volumeMounts: [{ name: 'certs', mountPath: '/etc/cacerts' }],
            },
          ],
          volumes: [{ name: 'certs', secret: { secretName: 'cacerts' } }],
        },
      },
    },
  });
}

/** The Service of `aDeployment`. */
export function aService(name = 'istiod'): KubernetesObject {
  return anObject({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'istio-system' },
    spec: {
      selector: { app: 'istiod' },
      ports: [
        { name: 'grpc-xds', port: 15010 },
        { name: 'https-dns', port: 15012 },
      ],
    },
  });
}

/** The autoscaler of `aDeployment`. */
export function anAutoscaler(name = 'istiod'): KubernetesObject {
  return anObject({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace: 'istio-system' },
    spec: {
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    },
  });
}

/** Applies overlays to objects, in a component that is alone. */
export function overlay(
  objects: readonly KubernetesObject[],
  overlays: Json,
  context: Partial<OverlayContext> = {},
): OverlayResult {
  return applyOverlays(objects, overlays, 'overlays', {
    revision: '',
    rendered: [],
    parseYaml: parseYamlValue,
    ...context,
  });
}

/** Applies one patch to one object. */
export function patch(object: KubernetesObject, path: string, value?: Json): OverlayResult {
  return overlay(
    [object],
    [{ kind: object.kind, name: object.metadata.name, patches: [value === undefined ? { path } : { path, value }] }],
  );
}
