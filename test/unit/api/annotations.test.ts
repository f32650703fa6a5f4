import { describe, expect, test } from '@jest/globals';
import { heldVersion, parseOperator, pruneModeOf } from '../../../src/api/index.ts';
import { issuesOf, OperatorError } from '../../../src/core/index.ts';

function parse(annotations: unknown) {
  return parseOperator({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'mesh', annotations },
  });
}

function issues(annotations: unknown) {
  try {
    parse(annotations);
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return issuesOf(error);
  }
}

describe('annotations of an IstioOperator', () => {
  test.each([
    ['install.istio.io/dry-run', 'yes', 'Write, for example, install.istio.io/dry-run: "true".'],
    ['install.istio.io/dry-run', 'True', 'Did you mean "true"?'],
    ['install.istio.io/adopt', true, 'Did you mean "true"?'],
    ['install.istio.io/prune', 'of', 'Did you mean "off"?'],
    ['install.istio.io/prune', 'reprot', 'Did you mean "report"?'],
    ['install.istio.io/ignoreReconcile', 'ture', 'Did you mean "true"?'],
    ['install.istio.io/istio-version', 'latest', 'Write, for example, install.istio.io/istio-version: "1.30.3".'],
    ['install.istio.io/istio-version', 1.3, 'Write, for example, install.istio.io/istio-version: "1.30.3".'],
  ])('%s: %p is refused: %s', (key, value, hint) => {
    const path = `metadata.annotations.${key.replaceAll('.', '\\.')}`;
    expect(issues({ [key]: value })).toMatchObject([{ code: 'InvalidValue', path, hint }]);
  });

  test('what may be made anew is named as the message about it does', () => {
    const recreate = (value: string) => issues({ 'install.istio.io/recreate': value });
    expect(recreate('istiod')).toMatchObject([{ code: 'InvalidValue', message: expect.stringContaining('"istiod"') }]);
    expect(recreate('Deployment/a/b, DaemonSet/a/c')[0]?.message).toContain('"DaemonSet/a/c"');
    expect(parse({ 'install.istio.io/recreate': 'Deployment/a/b, Deployment/a/c' }).notices).toEqual([]);
  });

  test('what is not ours, what is empty and what may be anything is accepted', () => {
    const others = { 'example.com/prune': 'of', 'argocd.argoproj.io/sync-wave': '1' };
    const own = { 'install.istio.io/prune': '', 'install.istio.io/confirm-prune': 'abc' };
    expect(parse({ ...others, ...own }).notices).toEqual([]);
    expect(parse(null).notices).toEqual([]);
  });

  test('one that the operator does not know is a warning with a near match', () => {
    expect(parse({ 'install.istio.io/dryrun': 'true' }).notices).toMatchObject([
      { code: 'IgnoredField', hint: 'Did you mean "install.istio.io/dry-run"?' },
    ]);
  });

  test.each([
    ['1.30.3', undefined],
    ['1.30', undefined],
    ['1.3', 'VersionHeld'],
    ['1.30.30', 'VersionHeld'],
    ['1.31', 'VersionHeld'],
    ['latest', undefined], // which is an error of its own
    ['', undefined],
  ])('a mesh that is kept at "%s": %s', (version, code) => {
    expect(heldVersion({ 'install.istio.io/istio-version': version })?.code).toBe(code);
    expect(heldVersion(undefined)).toBeUndefined();
  });

  test('without an annotation pruning is automatic', () => {
    expect(pruneModeOf(undefined)).toBe('auto');
    expect(pruneModeOf({ 'install.istio.io/prune': 'off' })).toBe('off');
  });
});
