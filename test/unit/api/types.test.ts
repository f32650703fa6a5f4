import { expect, test } from '@jest/globals';
import type { GatewaySpec, InstallStatus, IstioOperatorSpec, K8sSettings, Overlay } from '../../../src/api/index.ts';
import type { Infer } from '../../../src/api/schema/schema.ts';
import type { statusSchema } from '../../../src/api/schema/status-schema.ts';
import type { JsonObject } from '../../../src/core/index.ts';

test('the types follow from the schema: these assignments compile, and what must not is marked', () => {
  const overlay: Overlay = { kind: 'Deployment', name: 'istiod', patches: [{ path: 'spec', value: { a: [1, null] } }] };
  const k8s: K8sSettings = { replicaCount: 2, overlays: [overlay], tolerations: [{ key: 'a' }], env: null };
  const gateway: GatewaySpec = { name: 'gw', label: { app: 'a' }, k8s };
  const spec: IstioOperatorSpec = {
    tag: 2,
    components: { ingressGateways: [gateway] },
    values: { global: { proxy: { resources: { limits: { cpu: 0.5 } } } } },
  };
  // @ts-expect-error a count is a number
  const wrongType: K8sSettings = { replicaCount: 'two' };
  // @ts-expect-error there is no such field
  const unknownField: GatewaySpec = { nam: 'gw' };
  const asJson: JsonObject = spec;
  expect([asJson, wrongType, unknownField]).toHaveLength(3);
});

test('what readStatus returns fits the schema of the status', () => {
  const status: InstallStatus = { status: 'HEALTHY', componentStatus: { Pilot: { status: 'HEALTHY' } } };
  const fits: Infer<typeof statusSchema> = status;
  expect(fits).toBe(status);
});
