import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { LiveObject } from '../../src/apply/index.ts';
import { valueAt } from '../../src/core/index.ts';
import { ROOT } from '../support/kubectl.ts';
import {
  anOperator,
  applyOperator,
  getOperator,
  startOperator,
  statusOf,
  until,
  untilStatus,
  useLab,
  writesSince,
} from './operator-harness.ts';

const lab = await useLab(['sealos01', 'sealos02', 'sealos03', 'sealos04']);
let operator = await startOperator(lab);

const get = async (...args: string[]) => JSON.parse(await lab.kubectl('get', ...args, '-o', 'json'));

describe('the example of the README', () => {
  test('becomes HEALTHY', async () => {
    const example = parse(await readFile(join(ROOT, 'examples/example-istiocontrolplane.yaml'), 'utf8')) as LiveObject;
    await applyOperator(lab, example);
    const healthy = await untilStatus(lab, 'example-istiocontrolplane', 'HEALTHY');
    const components = Object.entries(valueAt(statusOf(healthy), 'componentStatus') as object);
    expect(
      components
        .map(([name]) => name)
        .filter((name) => name !== 'AddonComponents')
        .sort(),
    ).toEqual(['Base', 'Cni', 'EgressGateways', 'IngressGateways', 'Pilot']);
    expect(components.every(([, { status }]) => status === 'HEALTHY')).toBe(true);
  });

  test('puts the ingress gateway on its node, on the host network', async () => {
    const { items } = await get('pods', '-n', 'istio-system', '-l', 'app=istio-ingressgateway');
    expect(items).toHaveLength(1);
    expect(items[0].spec).toMatchObject({
      nodeName: 'sealos02',
      hostNetwork: true,
      dnsPolicy: 'ClusterFirstWithHostNet',
    });
  });

  test('runs istiod and the egress gateway', async () => {
    const { items } = await get('pods', '-n', 'istio-system');
    const names = items.map((pod: { metadata: { name: string } }) => pod.metadata.name);
    expect(names.some((name: string) => name.startsWith('istiod-'))).toBe(true);
    expect(names.some((name: string) => name.startsWith('istio-egressgateway-'))).toBe(true);
  });

  test('gives the ingress Service exactly its three ports, inside the cluster only', async () => {
    const service = await get('service', 'istio-ingressgateway', '-n', 'istio-system');
    expect(service.spec.type).toBe('ClusterIP');
    expect(service.spec.ports.map(({ port }: { port: number }) => port)).toEqual([15020, 80, 443]);
  });

  test('rolls the ingress gateway as the CR says', async () => {
    const deployment = await get('deployment', 'istio-ingressgateway', '-n', 'istio-system');
    expect(deployment.spec.strategy.rollingUpdate).toEqual({ maxUnavailable: '100%', maxSurge: '0%' });
  });

  test('runs the node agent on all four nodes, with the namespaces excluded', async () => {
    const daemonSet = await get('daemonset', 'istio-cni-node', '-n', 'kube-system');
    expect(daemonSet.status).toMatchObject({ desiredNumberScheduled: 4, numberReady: 4 });
    const config = await get('configmap', 'istio-cni-config', '-n', 'kube-system');
    expect(config.data.EXCLUDE_NAMESPACES.split(',').sort()).toEqual(['istio-system', 'kube-system', 'monitoring']);
  });

  test('has conditions that kubectl and kstatus understand', async () => {
    const waited = await lab.kubectl(
      'wait',
      '--for=condition=Ready',
      'iop/example-istiocontrolplane',
      '-n',
      'istio-system',
      '--timeout=5s',
    );
    expect(waited).toContain('condition met');
    const conditions = valueAt(statusOf(await getOperator(lab, 'example-istiocontrolplane')), 'conditions') as {
      type: string;
      status: string;
    }[];
    const byType = Object.fromEntries(conditions.map(({ type, status }) => [type, status]));
    expect(byType).toMatchObject({ Ready: 'True', Reconciling: 'False', Stalled: 'False', Warnings: 'True' });
    expect(conditions).toHaveLength(new Set(conditions.map(({ type }) => type)).size);
  });

  test('once converged, a new operator writes nothing', async () => {
    await operator[Symbol.asyncDispose]();
    operator = await startOperator(lab);
    // The next change must come through, and by then everything that a restart does has been done.
    await lab.kubectl('delete', 'service', 'istio-egressgateway', '-n', 'istio-system');
    await until('the Service to be back', async () =>
      (await lab.kubectl('get', 'service', '-n', 'istio-system', '-o', 'name')).includes('egress'),
    );
    const written = writesSince(operator, 0).map(({ verb, resource }) => `${verb} ${resource}`);
    expect(written.filter((write) => !write.includes('istiooperators'))).toEqual(['apply services']);
  });

  test('an edit of an owned field is undone, an annotation of somebody else stays', async () => {
    await lab.kubectl('set', 'image', 'deployment/istiod', 'discovery=example.com/other:1', '-n', 'istio-system');
    await lab.kubectl('annotate', 'deployment/istiod', 'example.com/mine=1', '-n', 'istio-system');
    const restored = await until('the image to be restored', async () => {
      const deployment = await get('deployment', 'istiod', '-n', 'istio-system');
      return deployment.spec.template.spec.containers[0].image.includes('pilot:1.30.3') && deployment;
    });
    expect(restored.metadata.annotations['example.com/mine']).toBe('1');
    await untilStatus(lab, 'example-istiocontrolplane', 'HEALTHY');
  });

  test('when nothing differs, a pass asks nothing and writes nothing', async () => {
    await untilStatus(lab, 'example-istiocontrolplane', 'HEALTHY');
    const before = operator.requests.length;
    await lab.kubectl('annotate', 'iop/example-istiocontrolplane', 'install.istio.io/wake-up=1', '-n', 'istio-system');
    await applyOperator(lab, anOperator('marker', { profile: 'empty' }));
    await untilStatus(lab, 'marker', 'HEALTHY'); // its pass came after the one that the annotation caused
    const about = operator.requestsSince(before, ['get', 'list', 'apply', 'create', 'delete']);
    expect(about.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([]);
  });

  test('a component that is switched off goes, and with it its status', async () => {
    await lab.kubectl(
      'patch',
      'iop',
      'example-istiocontrolplane',
      '-n',
      'istio-system',
      '--type=merge',
      '-p',
      '{"spec":{"components":{"cni":{"enabled":false}}}}',
    );
    const changed = await untilStatus(lab, 'example-istiocontrolplane', 'HEALTHY');
    expect(
      await lab.kubectl('get', 'daemonset,configmap,serviceaccount', '-n', 'kube-system', '-o', 'name'),
    ).not.toContain('istio-cni');
    expect(Object.keys(valueAt(statusOf(changed), 'componentStatus') as object)).not.toContain('Cni');
  });

  test('deleting the CR removes what it installed, and keeps the CRDs', async () => {
    await lab.kubectl('delete', 'iop', 'example-istiocontrolplane', '-n', 'istio-system', '--timeout=30s');
    const left = await lab.kubectl(
      'get',
      'all,configmap,serviceaccount,role,rolebinding,hpa,pdb',
      '-n',
      'istio-system',
      '-l',
      'operator.istio.io/component',
      '-o',
      'name',
    );
    expect(left.trim()).toBe('');
    const clusterWide = await lab.kubectl(
      'get',
      'clusterrole,clusterrolebinding,mutatingwebhookconfiguration,validatingwebhookconfiguration',
      '-l',
      'operator.istio.io/component',
      '-o',
      'name',
    );
    expect(clusterWide.trim()).toBe('');
    expect(await lab.kubectl('get', 'crd', '-o', 'name')).toContain('virtualservices.networking.istio.io');
  });
});
