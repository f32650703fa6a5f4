import { rule } from '../cel.ts';
import { AGE, defineResource } from '../define-resource.ts';
import { int32, list, map, object, port, string } from '../schema.ts';
import { NO_PORTS_ON_SOCKETS, workloadFields } from './workload-fields.ts';

/** WorkloadGroup: what the WorkloadEntries of machines that register themselves look like. */
export function workloadGroup() {
  return defineResource({
    group: 'networking.istio.io',
    kind: 'WorkloadGroup',
    plural: 'workloadgroups',
    shortNames: ['wg'],
    versions: ['v1', 'v1alpha3', 'v1beta1'],
    storedAs: 'v1',
    columns: [AGE],
    spec: object(
      {
        metadata: metadata(),
        // Each machine brings its own address, so a template needs none.
        template: object(workloadFields(), { rules: [NO_PORTS_ON_SOCKETS] }),
        probe: probe(),
      },
      { required: ['template'] },
    ),
    isSpecRequired: true,
  });
}

function metadata() {
  const texts = map(string(), { maxProperties: 256 });
  return object({ labels: texts, annotations: texts });
}

function probe() {
  const countOrSeconds = int32({ minimum: 0 });
  return object(
    {
      httpGet: httpGet(),
      tcpSocket: object({ host: string(), port: port() }, { required: ['port'] }),
      exec: object({ command: list(string({ minLength: 1 })) }, { required: ['command'] }),
      grpc: object({ port: port(), service: string() }),
      initialDelaySeconds: countOrSeconds,
      timeoutSeconds: countOrSeconds,
      periodSeconds: countOrSeconds,
      successThreshold: countOrSeconds,
      failureThreshold: countOrSeconds,
    },
    { oneofs: [['httpGet', 'tcpSocket', 'exec', 'grpc']] },
  );
}

function httpGet() {
  const scheme = string({ rules: [rule('scheme must be one of [HTTP, HTTPS]', 'self in ["", "HTTP", "HTTPS"]')] });
  const header = object({ name: string({ pattern: '^[-_A-Za-z0-9]+$' }), value: string() });
  return object(
    { path: string(), port: port(), host: string(), scheme, httpHeaders: list(header) },
    { required: ['port'] },
  );
}
