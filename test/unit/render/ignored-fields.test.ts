import { describe, expect, test } from '@jest/globals';
import { parseOperator } from '../../../src/api/index.ts';
import { formatTreePath, issuesOf, type JsonObject, OFFLINE_FACTS, OperatorError } from '../../../src/core/index.ts';
import { renderOperator } from '../../../src/render/index.ts';

const RESOURCES = 'spec.template.spec.containers.[name:discovery].resources';

function render(annotation: string, spec: JsonObject = { profile: 'minimal' }) {
  const { operator } = parseOperator({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: {
      name: 'mesh',
      namespace: 'istio-system',
      annotations: { 'install.istio.io/ignore-fields': annotation },
    },
    spec,
  });
  return renderOperator({ metadata: operator.metadata as never, spec: operator.spec as JsonObject }, OFFLINE_FACTS);
}

/** What is ignored, as lines that could be written. */
function ignored(annotation: string): readonly string[] {
  return (render(annotation).ignoredFields ?? []).flatMap(({ id, paths }) =>
    paths.map((path) => `${id.kind}/${id.namespace}/${id.name}: ${formatTreePath(path)}`),
  );
}

function failure(annotation: string) {
  try {
    render(annotation);
  } catch (error) {
    if (error instanceof OperatorError) return issuesOf(error);
    throw error;
  }
  return [];
}

describe('ignore-fields', () => {
  test('names an object and a path as overlays write it, a line each', () => {
    const text = `# by the vertical autoscaler\n\n  Deployment/istio-system/istiod: ${RESOURCES}\n`;
    expect(ignored(text)).toEqual([`Deployment/istio-system/istiod: ${RESOURCES}`]);
  });

  test('takes paths as plans print them', () => {
    expect(ignored('Deployment/istio-system/istiod: spec.template.spec.containers[name=discovery].resources')).toEqual([
      `Deployment/istio-system/istiod: ${RESOURCES}`,
    ]);
    const label = 'Deployment/istio-system/istiod: metadata.labels["app.kubernetes.io/name"]';
    expect(ignored(label)).toEqual(['Deployment/istio-system/istiod: metadata.labels.app\\.kubernetes\\.io/name']);
  });

  test('takes * at the end of namespace and name, and no namespace for what is in none', () => {
    expect(ignored('HorizontalPodAutoscaler/*/istio*: spec.maxReplicas')).toEqual([
      'HorizontalPodAutoscaler/istio-system/istiod: spec.maxReplicas',
    ]);
    expect(ignored('ClusterRole/istiod-clusterrole-istio-system: rules')).toHaveLength(1);
  });

  test.each([
    ['Deployment istiod spec', /does not name an object and a field/],
    ['Deployment/istio-system/istiod', /does not name an object and a field/],
    [`Deployment/istio-system/istiod: spec.template.spec.containers.[0].image`, /by its place or text/],
    ['Deployment/istio-system/istiod: metadata.name', /knows its objects by/],
    ['Deployment/istio-system/istiod: metadata.labels', /knows its objects by/],
    ['Deployment/istio-system/istiod: metadata.labels.operator\\.istio\\.io/component', /knows its objects by/],
    ['Deployment/istio-system/istiod: spec.[', /without its "\]"/],
  ])('%s is refused', (line, message) => {
    expect(failure(line)).toMatchObject([
      {
        path: 'metadata.annotations.install\\.istio\\.io/ignore-fields',
        message: expect.stringMatching(message),
        hint: expect.any(String),
      },
    ]);
  });

  test('a path that leads nowhere is an error that names the entry and what is there', () => {
    const line = 'Deployment/istio-system/istiod: spec.template.spec.containers.[name:istiod].resources';
    expect(failure(line)).toMatchObject([
      {
        code: 'InvalidPath',
        message: `"${line}" leads nowhere: at spec.template.spec.containers, the list has name:discovery.`,
      },
    ]);
    expect(failure('Deployment/istio-system/istiod: spec.templat')).toMatchObject([
      { message: expect.stringContaining('at spec, the map has'), hint: 'Did you mean "template"?' },
    ]);
  });

  test('an object that is not installed is a warning with a near match', () => {
    const { notices } = render(
      'Deployment/istio-system/istio-ingressgateway: spec.replicas\nDeployment/istiod: spec.strategy',
    );
    const found = notices.filter(({ code }) => code === 'IgnoredField');
    expect(found).toMatchObject([
      { message: expect.stringContaining('is not among the objects that are installed') },
      { hint: 'Did you mean "Deployment/istio-system/istiod"?' },
    ]);
  });
});
