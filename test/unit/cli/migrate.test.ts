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

  test('a field that is ignored today goes when it has moved, also where the author has set the new one', async () => {
    const { stdout, spec } = await migrated('  values:\n    cni: {logLevel: info}\n');
    expect(spec).toEqual({ values: { cni: { logging: { level: 'info' } } } });
    expect((await iop(['validate', '-'], { stdin: stdout })).stdout).toBe('1 file: 0 errors, 0 warnings.\n');
    const both = await migrated('  values:\n    cni: {logLevel: info, logging: {level: debug}}\n');
    expect(both.spec).toEqual({ values: { cni: { logging: { level: 'debug' } } } });
    expect(both.stdout).toContain('# spec.values.cni.logLevel: It has no effect.');
  });

  test('what validate would warn of stands in comments, too', async () => {
    const { exitCode, stdout, spec } = await migrated(
      '  tag: 1.5.1\n  components:\n    ingressGateways:\n      - enabled: true\n',
    );
    expect(stdout).toContain('# spec.tag: Images of 1.5.1 are run');
    expect(stdout).toContain('# spec.components.ingressGateways[0]: The gateway has no name');
    expect(stdout).toContain('2 remarks');
    expect(spec).toEqual({ tag: '1.5.1', components: { ingressGateways: [{ enabled: true }] } });
    expect(exitCode).toBe(0);
  });

  test('keeps the comments of the author where their fields are', async () => {
    const { stdout } = await iop(['migrate'], {
      stdin: [
        '# ours',
        '',
        '# more',
        'apiVersion: install.istio.io/v1alpha1',
        'kind: IstioOperator',
        'spec:',
        '  # which',
        '  profile: demo # why',
        '  components:',
        '    # all of them',
        '    ingressGateways:',
        '    # the first',
        '    - name: istio-ingressgateway',
        '      label: &label {x: z} # labels',
        '    - name: b',
        '      label: *label',
        '# the end',
        '',
      ].join('\n'),
    });
    expect(stdout.split('\n').slice(1)).toEqual([
      '',
      '# ours',
      '',
      '# more',
      'apiVersion: install.istio.io/v1alpha1',
      'kind: IstioOperator',
      'metadata: {}',
      'spec:',
      '  # which',
      '  profile: demo # why',
      '  components:',
      '    # all of them',
      '    ingressGateways:',
      '      # the first',
      '      - name: istio-ingressgateway',
      '        label:',
      '          x: z',
      '          # labels',
      '      - name: b',
      '        label:',
      '          x: z',
      '',
      '# the end',
      '',
    ]);
  });

  test('run again, it says nothing twice', async () => {
    const { stdout } = await iop(['migrate'], {
      stdin: `# ours\n\n# more\n${cr('  profile: dmeo\n  tag: 1.5.1\n  components:\n    ingressGateways: [{enabled: true}]\n    telemetry: {}\n')}`,
    });
    const again = await iop(['migrate'], { stdin: stdout });
    expect(again.stdout.split('\n').slice(1)).toEqual(stdout.split('\n').slice(1));
    expect(again.stdout.match(/FIXME: /g)).toHaveLength(1);
    expect(again.stdout.match(/by iop migrate/g)).toHaveLength(1);
  });

  test('a comment in a List is kept, too', async () => {
    const item = '- apiVersion: install.istio.io/v1alpha1\n  kind: IstioOperator\n  spec:\n    hub: a # here\n';
    const { stdout } = await iop(['migrate'], { stdin: `apiVersion: v1\nkind: List\nitems:\n${item}` });
    expect(stdout).toContain('hub: a # here\n');
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
    expect(stderr).toContain('error: <stdin>:4: spec.profiel: Unknown field "profiel".');
  });
});
