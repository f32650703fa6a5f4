import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../../src/core/index.ts';
import { renderPilot, renderValues, theObject } from './render-pilot.ts';

function webhooksOf(spec: JsonObject, name = 'istio-sidecar-injector'): readonly JsonObject[] {
  return theObject(renderPilot(spec), `MutatingWebhookConfiguration ${name}`).webhooks as readonly JsonObject[];
}

const namesOf = (webhooks: readonly JsonObject[]) =>
  webhooks.map(({ name }) => String(name).replace('.sidecar-injector.istio.io', ''));

describe('which pods are injected', () => {
  const NAMED = ['rev.namespace', 'rev.object'];
  const UNNAMED = ['namespace', 'object'];

  const cases: Record<string, { spec: JsonObject; name?: string; want: string[] }> = {
    'without a revision those that name default and those that name none': { spec: {}, want: [...NAMED, ...UNNAMED] },
    'a revision gets those that name it': {
      spec: { revision: 'r' },
      name: 'istio-sidecar-injector-r',
      want: NAMED,
    },
    'a tag gets those that name it': {
      spec: { revision: 'r', values: { revisionTags: ['prod'] } },
      name: 'istio-revision-tag-prod',
      want: NAMED,
    },
    'the tag default also gets those that name none': {
      spec: { revision: 'r', values: { revisionTags: ['default'] } },
      name: 'istio-revision-tag-default',
      want: [...NAMED, ...UNNAMED],
    },
    'all namespaces on request': {
      spec: { values: { sidecarInjectorWebhook: { enableNamespacesByDefault: true } } },
      want: [...NAMED, ...UNNAMED, 'auto'],
    },
    'all namespaces is nothing for a revision that is not the default': {
      spec: { revision: 'r', values: { sidecarInjectorWebhook: { enableNamespacesByDefault: true } } },
      name: 'istio-sidecar-injector-r',
      want: NAMED,
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { spec, name, want }) => {
    expect(namesOf(webhooksOf(spec, name))).toEqual(want);
  });

  test('a webhook of a tag selects by the tag', () => {
    const [byNamespace] = webhooksOf({ revision: 'r', values: { revisionTags: ['prod'] } }, 'istio-revision-tag-prod');
    expect(byNamespace).toMatchObject({
      namespaceSelector: {
        matchExpressions: expect.arrayContaining([{ key: 'istio.io/rev', operator: 'In', values: ['prod'] }]),
      },
      clientConfig: { service: { name: 'istiod-r' } },
    });
  });
});

describe('where pods are sent', () => {
  test('to istiod of the revision', () => {
    expect(webhooksOf({})[0]).toMatchObject({
      clientConfig: { service: { name: 'istiod', namespace: 'istio-system', path: '/inject', port: 443 } },
    });
  });

  test('to an URL, with a certificate', () => {
    const istiodRemote = { injectionURL: 'https://x/inject', injectionCABundle: 'Q0E=' };
    expect(webhooksOf({ values: { istiodRemote } })[0]?.clientConfig).toEqual({
      url: 'https://x/inject',
      caBundle: 'Q0E=',
    });
  });
});

test('a mesh in another namespace has webhooks of its own name', () => {
  const objects = renderPilot({ components: { pilot: { namespace: 'mesh2' } } });
  expect(theObject(objects, 'MutatingWebhookConfiguration istio-sidecar-injector-mesh2')).toBeDefined();
});

describe('the validator of the revision', () => {
  const validator = (values: JsonObject) =>
    theObject(renderValues(values), 'ValidatingWebhookConfiguration istio-validator-istio-system');

  test('looks at configuration that names the revision', () => {
    expect(validator({})).toMatchObject({
      webhooks: [
        { objectSelector: { matchExpressions: [{ key: 'istio.io/rev', operator: 'In', values: ['default'] }] } },
      ],
    });
  });

  test('has the failure policy that the user sets', () => {
    const unvalidatedValues = { base: { validationFailurePolicy: 'Fail' } };
    const objects = renderPilot({ unvalidatedValues });
    expect(theObject(objects, 'ValidatingWebhookConfiguration istio-validator-istio-system')).toMatchObject({
      webhooks: [{ failurePolicy: 'Fail' }],
    });
  });
});
