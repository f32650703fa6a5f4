import { expect, test } from '@jest/globals';
import { issuesOf, OFFLINE_FACTS, OperatorError } from '../../../src/core/index.ts';
import { manifestObjects, renderFiles, type SourceFile } from '../../../src/render/index.ts';

function aFile(spec: object, metadata: object = {}): SourceFile {
  const text = JSON.stringify({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata, spec });
  return { name: 'f.yaml', text };
}

function rendered(files: readonly SourceFile[], sets: readonly string[] = [], owned = false) {
  return renderFiles({ files, sets, facts: OFFLINE_FACTS, owned });
}

test('without files the default profile is rendered', () => {
  const { operator, rendering } = rendered([]);
  expect(operator.spec).toEqual({});
  expect(rendering.components.map(({ component }) => component)).toContain('Pilot');
});

test('files and --set are merged into one IstioOperator', () => {
  const files = [
    aFile({ profile: 'empty', tag: 'a' }, { name: 'one', namespace: 'x' }),
    aFile({ hub: 'h' }, { name: 'two' }),
  ];
  const { operator, rendering } = rendered(files, ['tag=1.30', 'components.pilot.enabled=true']);
  expect(operator).toEqual({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'two', namespace: 'x' },
    spec: { profile: 'empty', tag: '1.30', hub: 'h', components: { pilot: { enabled: true } } },
  });
  expect(rendering.version).toBe('1.30');
});

test('what is installed carries the merged name, what is printed carries none', () => {
  const files = [aFile({ profile: 'minimal' }, { name: 'mesh', namespace: 'istio-system' })];
  const ownerOf = (owned: boolean) =>
    manifestObjects(rendered(files, [], owned).rendering).map(
      ({ metadata }) => metadata.labels?.['install.operator.istio.io/owning-resource'],
    );
  expect(new Set(ownerOf(true))).toEqual(new Set(['mesh']));
  expect(ownerOf(false)).not.toContain('mesh');
});

test('what --set assigns is validated like the files', () => {
  const failures = ['components.pilto.enabled=true', 'hub=[x'].map((set) => {
    try {
      rendered([], [set]);
    } catch (error) {
      if (error instanceof OperatorError) return issuesOf(error)[0]?.path;
    }
    return undefined;
  });
  expect(failures[0]).toBe('spec.components.pilto');
});
