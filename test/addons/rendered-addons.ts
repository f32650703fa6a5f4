import { isObject, type JsonObject, type KubernetesObject, OFFLINE_FACTS, valueAt } from '../../src/core/index.ts';
import { renderManifest } from '../../src/render/index.ts';

/** All objects of a spec. */
export function objectsOf(spec: JsonObject): readonly KubernetesObject[] {
  return renderManifest({ specs: [spec], facts: OFFLINE_FACTS }).components.flatMap(({ objects }) => objects);
}

/** The one object of a kind and name, as plain JSON. */
export function objectOf(spec: JsonObject, kind: string, name: string): JsonObject {
  const found = objectsOf(spec).filter((object) => object.kind === kind && object.metadata.name === name);
  if (found.length !== 1) throw new Error(`there are ${found.length} objects ${kind} ${name}`);
  return found[0] as unknown as JsonObject;
}

/** A file of a ConfigMap. */
export function fileOf(spec: JsonObject, configMap: string, file: string): string {
  return String(valueAt(objectOf(spec, 'ConfigMap', configMap), 'data', file));
}

/** The dashboards as Grafana reads them. */
export function dashboardsOf(spec: JsonObject): readonly JsonObject[] {
  const data = valueAt(objectOf(spec, 'ConfigMap', 'grafana-dashboards'), 'data');
  return Object.values(isObject(data) ? data : {}).map((text) => JSON.parse(String(text)) as JsonObject);
}
