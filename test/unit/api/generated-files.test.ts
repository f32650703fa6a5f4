import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { istioOperatorCrd } from '../../../src/api/index.ts';
import { kubernetesTypesSource } from '../../../src/cli/generate/kubernetes-types.ts';

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

test('the Kubernetes types are those of the pinned kubernetes-models; npm run generate writes them', () => {
  expect(read('src/api/schema/kubernetes.gen.ts')).toBe(kubernetesTypesSource());
});

test.each(['1.1', '1.2'] as const)('the CRD file is current, also to readers of YAML %s', (version) => {
  expect(parse(read('crds/istiooperators.install.istio.io.yaml'), { version })).toEqual(istioOperatorCrd());
});
