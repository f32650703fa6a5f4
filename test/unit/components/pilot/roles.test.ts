import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../../src/core/index.ts';
import { renderValues, theObject } from './render-pilot.ts';

function rulesOf(values: JsonObject, name = 'istiod-clusterrole-istio-system'): readonly JsonObject[] {
  return theObject(renderValues(values), `ClusterRole ${name}`).rules as readonly JsonObject[];
}

const usual = rulesOf({});

const cases: Record<string, { values: JsonObject; adds: object }> = {
  'analysis writes status': {
    values: { global: { istiod: { enableAnalysis: true } } },
    adds: { resources: expect.arrayContaining(['virtualservices/status']), verbs: ['update', 'patch'] },
  },
  'taints are taken off nodes': {
    values: { pilot: { taint: { enabled: true } } },
    adds: { apiGroups: [''], resources: ['nodes'], verbs: ['patch'] },
  },
  'certificates are signed through Kubernetes for an external CA': {
    values: { pilot: { env: { EXTERNAL_CA: 'x' } }, global: { certSigners: ['s.io/a'] } },
    adds: { resources: ['signers'], resourceNames: ['s.io/a'], verbs: ['approve'] },
  },
  'and for a provider of Kubernetes’ signing API': {
    values: { global: { pilotCertProvider: 'k8s.io/mine' } },
    adds: { resources: expect.arrayContaining(['certificatesigningrequests/approval']) },
  },
  'trust bundles are published': {
    values: { pilot: { env: { ENABLE_CLUSTER_TRUST_BUNDLE_API: true } } },
    adds: { resources: ['signers'], resourceNames: ['istio.io/istiod-ca'], verbs: ['attest'] },
  },
  'services are exported through the API group of the cloud': {
    values: { pilot: { env: { MCS_API_GROUP: 'net.gke.io' } } },
    adds: { apiGroups: ['net.gke.io'], resources: ['serviceexports'] },
  },
};
test.each(Object.entries(cases))('%s', (_name, { values, adds }) => {
  expect(usual).not.toContainEqual(expect.objectContaining(adds));
  expect(rulesOf(values)).toContainEqual(expect.objectContaining(adds));
});

test('readers from other clusters may write webhooks only where their istiod is remote', () => {
  const name = 'istio-reader-clusterrole-istio-system';
  const writes = expect.objectContaining({ resources: ['mutatingwebhookconfigurations'] });
  expect(rulesOf({}, name)).not.toContainEqual(writes);
  expect(rulesOf({ istiodRemote: { enabled: true } }, name)).toContainEqual(writes);
});
