import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { COMPONENTS, findCluster, startCluster, type TestCluster } from '../cluster/index.ts';
import { clusterDir } from '../cluster/paths.ts';
import { findProcesses } from '../cluster/process-table.ts';

// The first start on a machine builds the commands.
const TIMEOUT_MS = 20 * 60_000;

async function kubectl(cluster: TestCluster, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(cluster.kubectlPath, ['--kubeconfig', cluster.kubeconfigPath, ...args]);
  return stdout;
}

test(
  'a cluster runs a Deployment, survives a restart of its API server, and leaves nothing behind',
  async () => {
    const cluster = await startCluster({ nodes: ['one', 'two'] }, AbortSignal.timeout(TIMEOUT_MS));
    try {
      expect(Object.keys(await cluster.pids())).toEqual([...COMPONENTS]);
      await kubectl(cluster, 'create', 'deployment', 'web', '--image=web', '--replicas=3');
      expect(await kubectl(cluster, 'rollout', 'status', 'deployment/web', '--timeout=30s')).toContain('rolled out');
      expect(await kubectl(cluster, 'create', 'token', 'default')).toMatch(/^ey/);
      await cluster.restart('kube-apiserver');
      expect(await kubectl(cluster, 'get', 'nodes', '--output=name')).toBe('node/one\nnode/two\n');
      expect((await findCluster(cluster.name))?.server).toBe(cluster.server);
    } finally {
      await cluster.stop();
    }
    expect(await findProcesses(clusterDir(cluster.name))).toEqual([]);
    expect(existsSync(clusterDir(cluster.name))).toBe(false);
    expect(await findCluster(cluster.name)).toBeUndefined();
  },
  TIMEOUT_MS,
);
