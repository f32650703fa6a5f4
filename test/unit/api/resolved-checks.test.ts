import { describe, expect, test } from '@jest/globals';
import { checkResolved } from '../../../src/api/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';

const NEEDS_CNI = {
  code: 'RiskySetting',
  path: 'spec.components.ztunnel',
  message: 'ztunnel is installed without the CNI plugin, which has to send it the traffic of the pods.',
  hint: 'Set components.cni.enabled: true, unless another resource installs the plugin.',
};

describe('settings that contradict each other', () => {
  const cases: Record<string, { spec: JsonObject; want: readonly object[] }> = {
    'ztunnel without the CNI plugin': { spec: { components: { ztunnel: {} } }, want: [NEEDS_CNI] },
    'ztunnel with a CNI plugin that is switched off': {
      spec: { components: { ztunnel: { enabled: true }, cni: { enabled: false } } },
      want: [NEEDS_CNI],
    },
    'ztunnel with the CNI plugin': { spec: { components: { ztunnel: { enabled: true }, cni: {} } }, want: [] },
    'ztunnel that is switched off': { spec: { components: { ztunnel: { enabled: false } } }, want: [] },
    'a tag that an old resource has kept': {
      spec: { tag: '1.5.1' },
      want: [
        {
          code: 'RiskySetting',
          path: 'spec.tag',
          message: 'Images of 1.5.1 are run with the manifests of 1.30.3, which they were not made for.',
          hint: 'Remove the tag to run 1.30.3.',
        },
      ],
    },
    'the tag of the values, which is the stronger one': {
      spec: { tag: '1.30.3', values: { global: { tag: '1.27.0-distroless' } } },
      want: [expect.objectContaining({ path: 'spec.values.global.tag' }) as object],
    },
    'the tag of the release before, as in an upgrade by revision': { spec: { tag: '1.29.2' }, want: [] },
    'a tag that is no version': { spec: { tag: 'latest' }, want: [] },
    'gateways that values switch on': {
      spec: {
        components: {
          egressGateways: [
            { name: 'a', enabled: true },
            { name: 'b', enabled: false },
          ],
        },
        values: { gateways: { 'istio-egressgateway': { enabled: true } } },
      },
      want: [
        {
          code: 'IgnoredField',
          path: 'spec.components.egressGateways[1].enabled',
          message: 'The gateway is installed all the same: values.gateways.istio-egressgateway.enabled is true.',
          hint: 'Remove values.gateways.istio-egressgateway.enabled.',
        },
      ],
    },
    'values that tell istiod of a CNI plugin that is not installed': {
      spec: { values: { pilot: { cni: { enabled: true } } } },
      want: [
        {
          code: 'IgnoredField',
          path: 'spec.values.pilot.cni.enabled',
          message: 'It has no effect: components.cni.enabled is not true, and that decides.',
          hint: 'Set components.cni.enabled: true; where another resource installs the plugin, unvalidatedValues.pilot.cni.enabled: true.',
        },
      ],
    },
    'values that hide a CNI plugin from istiod': {
      spec: { components: { cni: { enabled: true } }, values: { pilot: { cni: { enabled: false } } } },
      want: [
        {
          code: 'IgnoredField',
          path: 'spec.values.pilot.cni.enabled',
          message: 'It has no effect: components.cni.enabled is true, and that decides.',
          hint: 'Remove it, or set components.cni.enabled: false.',
        },
      ],
    },
    'values that agree with the components on CNI': {
      spec: { components: { cni: { enabled: true } }, values: { pilot: { cni: { enabled: true } } } },
      want: [],
    },
    'nothing at all': { spec: {}, want: [] },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, want }) => {
    expect(checkResolved(spec)).toEqual(want);
  });
});
