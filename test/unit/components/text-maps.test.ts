import { expect, test } from '@jest/globals';
import { componentFor } from '../../../src/components/index.ts';
import { asJson, isObject, type Json, withValueAt } from '../../../src/core/index.ts';
import { inputsOf } from '../values/resolved.ts';

/** Values at which labels, annotations or a node selector of the user's stand. */
const MAPS = [
  ...['nodeSelector', 'podAnnotations', 'podLabels', 'deploymentAnnotations', 'deploymentLabels'].map(
    (f) => `pilot.${f}`,
  ),
  ...['serviceAnnotations', 'serviceAccountAnnotations', 'sidecarInjectorWebhookAnnotations'].map((f) => `pilot.${f}`),
  ...['podAnnotations', 'podLabels', 'daemonSetLabels'].map((field) => `cni.${field}`),
  ...['labels', 'annotations', 'podLabels', 'podAnnotations', 'nodeSelector'].map((field) => `ztunnel.${field}`),
  ...['podAnnotations', 'serviceAnnotations', 'serviceAccount.annotations'].map(
    (field) => `gateways.istio-ingressgateway.${field}`,
  ),
];

/** All values below maps in which the API server takes nothing but text. */
function textsIn(value: Json, isText = false): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item));
  if (!isObject(value)) return isText ? [value] : [];
  return Object.entries(value).flatMap(([key, below]) =>
    textsIn(below as Json, isText || ['labels', 'annotations', 'nodeSelector'].includes(key)),
  );
}

test.each(MAPS)('a number in values.%s comes out as text', (path) => {
  const values = withValueAt({}, path.split('.'), { number: 86_400 });
  const inputs = inputsOf({ profile: 'ambient', components: { ingressGateways: [{ name: 'in' }] }, values });
  const texts = inputs
    .flatMap((input) => componentFor(input.component).build(input))
    .filter(({ kind }) => kind !== 'CustomResourceDefinition')
    .flatMap((object) => textsIn(asJson(object)));
  expect(texts.filter((text) => typeof text !== 'string')).toEqual([]);
  expect(texts).toContain('86400');
});
