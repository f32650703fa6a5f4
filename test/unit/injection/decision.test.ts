import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../src/core/index.ts';
import { decide } from '../../../src/injection/decision.ts';
import { readInjectorConfig } from '../../../src/injection/injector-config.ts';

const config = readInjectorConfig(
  'templates: {sidecar: ""}\nneverInjectSelector: [{matchExpressions: [{key: legacy, operator: Exists}]}, {}]\n',
  'config',
);

const INJECT = 'sidecar.istio.io/inject';

const cases: Record<string, [metadata: JsonObject, spec: JsonObject, injects: boolean]> = {
  'a pod that says nothing is injected': [{}, {}, true],
  'a pod in the network of its host is not': [{ labels: { [INJECT]: 'true' } }, { hostNetwork: true }, false],
  'a pod that runs the cluster is not': [{ namespace: 'kube-system' }, {}, false],
  'a label refuses': [{ labels: { [INJECT]: 'false' } }, {}, false],
  'an annotation refuses': [{ annotations: { [INJECT]: 'false' } }, {}, false],
  'the label counts more than the annotation': [
    { labels: { [INJECT]: 'true' }, annotations: { [INJECT]: 'false' } },
    {},
    true,
  ],
  'a word that means nothing is none': [{ labels: { [INJECT]: 'maybe' } }, {}, true],
  'a selector of the installation refuses': [{ labels: { legacy: '' } }, {}, false],
  'the word of the pod counts more than a selector': [{ labels: { legacy: '', [INJECT]: 'true' } }, {}, true],
};

test.each(Object.entries(cases))('%s', (_name, [metadata, spec, injects]) => {
  expect(decide({ metadata, spec }, config).injects).toBe(injects);
});
