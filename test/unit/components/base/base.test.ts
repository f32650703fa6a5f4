import { describe, expect, test } from '@jest/globals';
import { base } from '../../../../src/components/base/index.ts';
import type { JsonObject, KubernetesObject } from '../../../../src/core/index.ts';
import type { BaseValues, ComponentInput } from '../../../../src/values/index.ts';
import { inputOf } from '../../values/resolved.ts';

function render(values: JsonObject): readonly KubernetesObject[] {
  return base.build(inputOf('Base', { values }) as unknown as ComponentInput<BaseValues>);
}

const isCrd = ({ kind }: KubernetesObject) => kind === 'CustomResourceDefinition';
const otherKinds = (values: JsonObject) => render(values).flatMap((object) => (isCrd(object) ? [] : [object.kind]));
const crdCount = (values: JsonObject) => render(values).filter(isCrd).length;

const ALL_CRDS = crdCount({});

describe('what Base consists of', () => {
  const cases: Record<string, { values: JsonObject; others: string[]; crds?: number }> = {
    'the reader account and the CRDs': { values: {}, others: ['ServiceAccount'] },
    'no reader account where other clusters do not read': {
      values: { global: { enableReaderRBAC: false } },
      others: [],
    },
    'no reader account where null takes it back': { values: { global: { enableReaderRBAC: null } }, others: [] },
    'nothing where the scope is null': {
      values: { global: { resourceScope: null }, defaultRevision: 'default' },
      others: [],
      crds: 0,
    },
    'a validator where a default revision is named': {
      values: { defaultRevision: 'default' },
      others: ['ServiceAccount', 'ValidatingWebhookConfiguration'],
    },
    'the stable channel is for the default revision': {
      values: { defaultRevision: 'canary', experimental: { stableValidationPolicy: true } },
      others: [
        'ServiceAccount',
        'ValidatingWebhookConfiguration',
        'ValidatingAdmissionPolicy',
        'ValidatingAdmissionPolicyBinding',
      ],
    },
    'no policy without a default revision': {
      values: { experimental: { stableValidationPolicy: true } },
      others: ['ServiceAccount'],
    },
    'the namespaced part is the account': {
      values: { global: { resourceScope: 'namespace' }, defaultRevision: 'default' },
      others: ['ServiceAccount'],
      crds: 0,
    },
    'the cluster part is all else': {
      values: { global: { resourceScope: 'cluster' }, defaultRevision: 'default' },
      others: ['ValidatingWebhookConfiguration'],
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { values, others, crds = ALL_CRDS }) => {
    expect(otherKinds(values)).toEqual(others);
    expect(crdCount(values)).toBe(crds);
  });
});

describe('CRDs', () => {
  test('an excluded one is left to whoever looks after it', () => {
    const excluded = 'wasmplugins.extensions.istio.io';
    const names = render({ base: { excludedCRDs: [excluded] } }).map(({ metadata }) => metadata.name);
    expect(names).not.toContain(excluded);
    expect(names).toContain('gateways.networking.istio.io');
  });

  const switches: Record<string, { values: JsonObject; count: number }> = {
    'enableIstioConfigCRDs alone does not take them away': {
      values: { enableIstioConfigCRDs: false },
      count: ALL_CRDS,
    },
    'without enableCRDTemplates exclusions do not count': {
      values: { enableCRDTemplates: false, excludedCRDs: ['wasmplugins.extensions.istio.io'] },
      count: ALL_CRDS,
    },
    'both switches off leave them all out': {
      values: { enableCRDTemplates: false, enableIstioConfigCRDs: false },
      count: 0,
    },
  };
  test.each(Object.entries(switches))('%s', (_name, { values, count }) => {
    expect(crdCount({ base: values })).toBe(count);
  });
});

describe('the validator of the default revision', () => {
  const webhook = (values: JsonObject) => {
    const found = render(values).find(({ kind }) => kind === 'ValidatingWebhookConfiguration');
    return (found as unknown as { webhooks: readonly unknown[] }).webhooks[0];
  };

  test('is istiod without a revision for the revision default', () => {
    expect(webhook({ defaultRevision: 'default' })).toMatchObject({ clientConfig: { service: { name: 'istiod' } } });
  });

  test('is the istiod of the revision otherwise', () => {
    expect(webhook({ defaultRevision: 'r1' })).toMatchObject({ clientConfig: { service: { name: 'istiod-r1' } } });
  });

  test('refuses nothing before istiod is there', () => {
    expect(webhook({ defaultRevision: 'default' })).toMatchObject({ failurePolicy: 'Ignore' });
  });

  test('is strict from the start with a certificate of the user', () => {
    const values = { defaultRevision: 'default', base: { validationCABundle: 'Q0E=', validationURL: 'https://v/' } };
    expect(webhook(values)).toMatchObject({
      clientConfig: { url: 'https://v/', caBundle: 'Q0E=' },
      failurePolicy: 'Fail',
    });
  });
});

test('the reader account pulls with the secrets of global.imagePullSecrets', () => {
  const [account] = render({ global: { imagePullSecrets: ['a', 'b'] } });
  expect(account).toMatchObject({ imagePullSecrets: [{ name: 'a' }, { name: 'b' }] });
});
