import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { iop } from './fake-io.ts';

const cr = (spec: string) => `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n${spec}`;

async function migrated(spec: string) {
  const { exitCode, stdout, stderr } = await iop(['migrate'], { stdin: cr(spec) });
  return { exitCode, stdout, stderr, spec: stdout === '' ? undefined : parse(stdout).spec };
}

describe('migrate', () => {
  test('leaves a current document as it is and says so', async () => {
    const { exitCode, stdout, spec } = await migrated('  profile: demo\n');
    expect(spec).toEqual({ profile: 'demo' });
    expect(stdout).toContain('Nothing had to be changed.');
    expect(exitCode).toBe(0);
  });

  test('gives a removed field its value under the new name, with the reason', async () => {
    const { stdout, spec } = await migrated('  values:\n    global:\n      proxy: {accessLogFile: /dev/stdout}\n');
    expect(spec).toEqual({ meshConfig: { accessLogFile: '/dev/stdout' } });
    expect(stdout).toContain('# spec.meshConfig.accessLogFile: This was spec.values.global.proxy.accessLogFile.');
  });

  test('what the author has set under the new name wins', async () => {
    const { spec } = await migrated(
      '  meshConfig: {accessLogFile: /tmp/log}\n  values:\n    global:\n      proxy: {accessLogFile: /dev/stdout}\n',
    );
    expect(spec).toEqual({ meshConfig: { accessLogFile: '/tmp/log' } });
  });

  test('a field that is still in force is not moved', async () => {
    const { spec } = await migrated('  values:\n    cni: {logging: {level: debug}}\n');
    expect(spec).toEqual({ values: { cni: { logging: { level: 'debug' } } } });
  });

  test('a component that is gone leaves a comment', async () => {
    const { stdout, spec } = await migrated(
      '  components:\n    telemetry: {enabled: true}\n    pilot: {enabled: true}\n',
    );
    expect(spec).toEqual({ components: { pilot: { enabled: true } } });
    expect(stdout).toContain('# spec.components.telemetry: ');
  });

  test('status and what the server added stay behind', async () => {
    const { stdout } = await iop(['migrate', '-'], {
      stdin:
        'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: a\n  uid: b\n  resourceVersion: "1"\nstatus: {status: HEALTHY}\n',
    });
    expect(parse(stdout)).toEqual({
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
      metadata: { name: 'a' },
      spec: {},
    });
  });

  test('what a person has to decide is marked and fails', async () => {
    const { exitCode, stdout } = await migrated('  profile: dmeo\n');
    expect(stdout).toContain('# FIXME: spec.profile: ');
    expect(exitCode).toBe(1);
  });

  test('a field that never existed is an error', async () => {
    const { exitCode, stdout, stderr } = await migrated('  profiel: demo\n');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('profile');
  });
});
