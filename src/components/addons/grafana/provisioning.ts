import { type Json, yamlText } from '../../../core/index.ts';
import { type Addon, addressOf, prometheusAddress } from '../shared/addon.ts';

/** The data source that all dashboards ask. */
export const PROMETHEUS_SOURCE = 'prometheus';

/** Where Grafana gets its data: Prometheus, and the traces where there are any. */
export function dataSources(addon: Addon): string {
  const jaeger = addressOf(addon, 'tracing');
  const zipkin = addressOf(addon, 'zipkin');
  return yamlText({
    apiVersion: 1,
    prune: true, // one that this file no longer names goes
    datasources: [
      {
        ...source('Prometheus', 'prometheus', PROMETHEUS_SOURCE, prometheusAddress(addon)),
        isDefault: true,
        jsonData: { timeInterval: '15s', httpMethod: 'POST' },
      },
      ...(jaeger === undefined ? [] : [source('Jaeger', 'jaeger', 'traces', jaeger)]),
      ...(zipkin === undefined ? [] : [source('Zipkin', 'zipkin', 'traces', zipkin)]),
    ],
  });
}

function source(name: string, type: string, uid: string, url: string): Record<string, Json> {
  return { name, type, uid, url, access: 'proxy', editable: false };
}

/** Where Grafana gets its dashboards. */
export function dashboardProvider(path: string): string {
  return yamlText({
    apiVersion: 1,
    providers: [
      {
        name: 'istio',
        folder: 'Istio',
        type: 'file',
        allowUiUpdates: false,
        disableDeletion: true,
        updateIntervalSeconds: 30,
        options: { path },
      },
    ],
  });
}
