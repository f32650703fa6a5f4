import { describe, expect, test } from '@jest/globals';
import { type JsonObject, OperatorError } from '../../../src/core/index.ts';
import { mergePod } from '../../../src/injection/strategic-merge.ts';

const pod = (spec: JsonObject): JsonObject => ({ metadata: { name: 'p' }, spec });

const names = (merged: JsonObject, list: string) =>
  ((merged.spec as JsonObject)[list] as JsonObject[]).map(({ name }) => name);

describe('merging a template into a pod', () => {
  test('new entries come before those that only the pod has', () => {
    const merged = mergePod(pod({ volumes: [{ name: 'own' }] }), { spec: { volumes: [{ name: 'new' }] } });
    expect(names(merged, 'volumes')).toEqual(['new', 'own']);
  });

  test('entries that both have keep their place among those of the pod', () => {
    const merged = mergePod(pod({ volumes: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }), {
      spec: { volumes: [{ name: 'b' }, { name: 'new' }] },
    });
    expect(names(merged, 'volumes')).toEqual(['a', 'b', 'new', 'c']);
  });

  test('variables merge by name, and a null takes a field away', () => {
    const merged = mergePod(pod({ containers: [{ name: 'a', image: 'x', env: [{ name: 'E', value: '1' }] }] }), {
      spec: { containers: [{ name: 'a', image: null, env: [{ name: 'E', value: '2' }] }] },
    });
    expect(merged.spec).toEqual({ containers: [{ name: 'a', env: [{ name: 'E', value: '2' }], resources: {} }] });
  });

  test('lists without a key are replaced', () => {
    const merged = mergePod(pod({ containers: [{ name: 'a', args: ['1', '2'] }] }), {
      spec: { containers: [{ name: 'a', args: ['3'] }] },
    });
    expect(merged.spec).toEqual({ containers: [{ name: 'a', args: ['3'], resources: {} }] });
  });

  test('a directive deletes an entry', () => {
    const merged = mergePod(pod({ volumes: [{ name: 'a' }, { name: 'b' }] }), {
      spec: { volumes: [{ name: 'a', $patch: 'delete' }] },
    });
    expect(names(merged, 'volumes')).toEqual(['b']);
  });

  test('a directive keeps only the fields that it names', () => {
    const merged = mergePod(pod({ volumes: [{ name: 'a', emptyDir: {} }] }), {
      spec: { volumes: [{ name: 'a', $retainKeys: ['name', 'csi'], csi: { driver: 'd' } }] },
    });
    expect((merged.spec as JsonObject).volumes).toEqual([{ name: 'a', csi: { driver: 'd' } }]);
  });

  test('keys of a prototype are keys like others', () => {
    const patch = JSON.parse('{"metadata": {"labels": {"__proto__": "x", "constructor": "y"}}}') as JsonObject;
    const merged = mergePod(pod({ containers: [] }), patch);
    expect(Object.keys((merged.metadata as JsonObject).labels as JsonObject)).toEqual(['__proto__', 'constructor']);
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  test.each([
    ['an entry without its key', { spec: { volumes: [{ emptyDir: {} }] } }, 'TemplateInvalid'],
    ['an unknown directive', { spec: { $patch: 'sideways' } }, 'TemplateInvalid'],
    ['a value of another type', { spec: { hostNetwork: 'yes' } }, 'InvalidResource'],
  ])('%s is refused', (_name, patch, code) => {
    const merge = () => mergePod(pod({ volumes: [{ name: 'a' }] }), patch);
    expect(merge).toThrow(OperatorError);
    expect(merge).toThrow(expect.objectContaining({ detail: expect.objectContaining({ code }) }));
  });
});
