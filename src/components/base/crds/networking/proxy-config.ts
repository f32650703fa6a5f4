import { defineResource } from '../define-resource.ts';
import { int32, map, nullable, object, string } from '../schema.ts';
import { matchLabelsSelector } from '../selectors.ts';

/** ProxyConfig: settings of a proxy that need a restart of its pod. */
export function proxyConfig() {
  return defineResource({
    group: 'networking.istio.io',
    kind: 'ProxyConfig',
    plural: 'proxyconfigs',
    versions: ['v1beta1'],
    storedAs: 'v1beta1',
    spec: object({
      selector: matchLabelsSelector(),
      concurrency: nullable(int32({ minimum: 0 })),
      environmentVariables: map(string({ maxLength: 2048 })),
      image: object({ imageType: string() }),
    }),
  });
}
