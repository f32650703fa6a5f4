import { expect, test } from '@jest/globals';
import { issuesOf, OperatorError } from '../../../src/core/index.ts';
import { checkAnnotations } from '../../../src/injection/check-annotations.ts';

const check = (name: string, value: string) => () =>
  checkAnnotations({ metadata: { annotations: { [name]: value } } }, 'metadata');

test.each([
  ['sidecar.istio.io/interceptionMode', 'TPROXY'],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', '*'],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', '10.0.0.0/8,fd00::/8'],
  ['traffic.sidecar.istio.io/includeInboundPorts', '80, 443'],
  ['traffic.sidecar.istio.io/excludeInboundPorts', ''],
  ['traffic.sidecar.istio.io/excludeInterfaces', 'eth0,net1'],
  ['sidecar.istio.io/proxyCPU', '250m'],
  ['prometheus.istio.io/merge-metrics', 'F'],
  ['constructor', 'anything'],
])('%s may be %j', (name, value) => expect(check(name, value)).not.toThrow());

test.each([
  ['sidecar.istio.io/interceptionMode', ''],
  ['status.sidecar.istio.io/port', '70000'],
  ['readiness.status.sidecar.istio.io/periodSeconds', '1.5'],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', '10.0.0.0'],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', '*'],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', '010.0.0.0/8'],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', 'fd00:::/8'],
  ['traffic.sidecar.istio.io/excludeOutboundPorts', '80,,443'],
  ['traffic.sidecar.istio.io/excludeInterfaces', 'a-name-that-is-too-long'],
  ['sidecar.istio.io/proxyMemory', '1Gib'],
  ['prometheus.istio.io/merge-metrics', 'yes'],
])('%s may not be %j', (name, value) => {
  expect(check(name, value)).toThrow(
    expect.objectContaining({
      detail: expect.objectContaining({ code: 'InvalidValue', path: `metadata.annotations["${name}"]` }),
    }),
  );
});

test('all that is wrong is said at once', () => {
  const annotations = { 'sidecar.istio.io/proxyCPU': 'x', 'sidecar.istio.io/proxyMemory': 'y' };
  try {
    checkAnnotations({ metadata: { annotations } }, 'spec.template.metadata');
    throw new Error('nothing was refused');
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    expect(issuesOf(error)).toHaveLength(2);
  }
});
