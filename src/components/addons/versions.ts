import type { AddonName } from '../../values/index.ts';

/** An image as it is run where the author says nothing else. */
export interface AddonImage {
  readonly hub: string;
  readonly image: string;
  readonly tag: string;
  /** The day on which this release was chosen. */
  readonly chosen: string;
  /** The user that the image is made for; numeric, so that Kubernetes can tell that it is not root. */
  readonly userId: number;
}

/** The releases that are installed; docs/addons.md says why each of them and not the newest of all. */
export const ADDON_IMAGES: Readonly<Record<AddonName, AddonImage>> = {
  prometheus: { hub: 'docker.io/prom', image: 'prometheus', tag: 'v3.13.5', chosen: '2026-11-21', userId: 65_534 },
  grafana: { hub: 'docker.io/grafana', image: 'grafana', tag: '13.2.3', chosen: '2026-11-21', userId: 472 },
  kiali: { hub: 'quay.io/kiali', image: 'kiali', tag: 'v2.26.1', chosen: '2026-11-21', userId: 1_000 },
  tracing: { hub: 'docker.io/jaegertracing', image: 'jaeger', tag: '2.20.0', chosen: '2026-11-21', userId: 10_001 },
  zipkin: { hub: 'docker.io/openzipkin', image: 'zipkin', tag: '3.6.1', chosen: '2026-11-21', userId: 1_000 },
};
