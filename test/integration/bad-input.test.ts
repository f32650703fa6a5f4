import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/core/index.ts';
import { valueAt } from '../../src/core/index.ts';
import {
  anOperator,
  applyOperator,
  startOperator,
  statusOf,
  until,
  untilStatus,
  useLab,
  writesSince,
} from './operator-harness.ts';

const lab = await useLab();
const operator = await startOperator(lab);
await applyOperator(lab, anOperator('mesh', { profile: 'minimal' }));
await untilStatus(lab, 'mesh', 'HEALTHY');

const overlay = (path: string) => ({
  pilot: { k8s: { overlays: [{ kind: 'Deployment', name: 'istiod', patches: [{ path, value: 'x' }] }] } },
});

/** What a user may get wrong, and what its status must then say. */
const mistakes: Record<string, { spec: JsonObject; says: RegExp[] }> = {
  'an unknown profile': {
    spec: { profile: 'dmeo' },
    says: [/spec\.profile/, /"dmeo" does not exist/, /Did you mean demo\?/],
  },
  'an unknown component': {
    spec: { profile: 'minimal', components: { cnii: { enabled: true } } },
    says: [/spec\.components\.cnii/, /cni/],
  },
  'a misspelt setting': {
    spec: { profile: 'minimal', components: { pilot: { k8s: { replicaCout: 2 } } } },
    says: [/spec\.components\.pilot\.k8s\.replicaCout/, /replicaCount/],
  },
  'an unknown value': {
    spec: { profile: 'minimal', values: { global: { badKey: 1 } } },
    says: [/spec\.values\.global\.badKey/],
  },
  'a misspelt name inside the mesh configuration': {
    spec: { profile: 'minimal', meshConfig: { defaultConfig: { proxyMetdata: { A: 'b' } } } },
    says: [/spec\.meshConfig\.defaultConfig\.proxyMetdata/, /Did you mean "proxyMetadata"\?/],
  },
  'an overlay path that matches nothing': {
    spec: { profile: 'minimal', components: overlay('spec.template.spec.containers.[name:discvery].image') },
    says: [/spec\.components\.pilot\.k8s\.overlays\[0\]\.patches\[0\]/, /discovery/],
  },
};

describe('a mistake in the CR', () => {
  test.each(
    Object.entries(mistakes),
  )('%s ends up in status, with the path and a way out, and nothing installed is touched', async (_name, {
    spec,
    says,
  }) => {
    const before = await installed();
    const index = operator.requests.length;
    await replaceSpec(spec);
    const failed = await untilStatus(lab, 'mesh', 'ERROR');
    const message = String(valueAt(statusOf(failed), 'message'));
    for (const expected of says) expect(message).toMatch(expected);
    const stalled = (valueAt(statusOf(failed), 'conditions') as { type: string; status: string }[]).find(
      ({ type }) => type === 'Stalled',
    );
    expect(stalled?.status).toBe('True');
    expect(await installed()).toBe(before);
    expect(writesSince(operator, index).filter(({ resource }) => !resource.startsWith('istiooperators'))).toEqual([]);
  });

  test('a wrong type is refused by the API server itself', async () => {
    const wrong = anOperator('wrong', { components: { pilot: { k8s: { replicaCount: 'three' } } } });
    await expect(applyOperator(lab, wrong)).rejects.toMatchObject({ detail: { code: 'ObjectRejected' } });
    await expect(applyOperator(lab, wrong)).rejects.toThrow(/replicaCount/);
  });

  test('D1, D2: while the document is wrong, what is deleted comes back and an edit is undone', async () => {
    const image = () =>
      lab.kubectl('get', 'deployment/istiod', '-n', 'istio-system', '-o', 'jsonpath={..containers[0].image}');
    await replaceSpec({ profile: 'dmeo' });
    await untilStatus(lab, 'mesh', 'ERROR');
    const wanted = await image();
    await lab.kubectl('set', 'image', 'deployment/istiod', 'discovery=example.com/mine:1', '-n', 'istio-system');
    await lab.kubectl('delete', 'service/istiod', '-n', 'istio-system');
    await until('the repairs', async () => {
      const services = await lab.kubectl('get', 'service', '-n', 'istio-system', '-o', 'name');
      return services.includes('istiod') && (await image()) === wanted;
    });
    const failed = await untilStatus(lab, 'mesh', 'ERROR');
    expect(valueAt(statusOf(failed), 'message')).toContain('dmeo');
  });

  test('once mended, the CR becomes HEALTHY again, and another CR was never held up', async () => {
    await applyOperator(lab, anOperator('other', { profile: 'empty' }));
    await untilStatus(lab, 'other', 'HEALTHY');
    await replaceSpec({ profile: 'minimal' });
    await untilStatus(lab, 'mesh', 'HEALTHY');
  });

  test('a CR that cannot be rendered can be deleted', async () => {
    await replaceSpec({ profile: 'dmeo' });
    await untilStatus(lab, 'mesh', 'ERROR');
    await lab.kubectl('delete', 'iop', 'mesh', '-n', 'istio-system', '--timeout=30s');
    expect((await installed()).trim()).toBe('');
  });
});

async function replaceSpec(spec: JsonObject): Promise<void> {
  await lab.kubectl(
    'patch',
    'iop',
    'mesh',
    '-n',
    'istio-system',
    '--type=json',
    '-p',
    JSON.stringify([{ op: 'add', path: '/spec', value: spec }]),
  );
}

/** Name and version of every workload object: any write would change it. */
async function installed(): Promise<string> {
  const columns = 'custom-columns=KIND:.kind,NAME:.metadata.name,GENERATION:.metadata.generation,UID:.metadata.uid';
  return await lab.kubectl(
    'get',
    'deployment,service,configmap,serviceaccount',
    '-n',
    'istio-system',
    '-l',
    'operator.istio.io/component',
    '-o',
    columns,
    '--no-headers',
  );
}
