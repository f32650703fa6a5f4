import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { clusterFiles } from './components.ts';
import { kwokKinds } from './kwok-kinds.ts';
import { createObject } from './nodes.ts';
import { clusterDir, TOOL_DIR } from './paths.ts';
import type { OwnState } from './state.ts';

const STAGES_FILE = join(TOOL_DIR, 'stages.yaml');

/** Writes kwok's configuration: the stages, unless kwok shall read them from the cluster. */
export async function writeKwokConfig(state: OwnState): Promise<void> {
  const configuration = stringify({
    apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
    kind: 'KwokConfiguration',
    options: {
      manageAllNodes: false,
      manageNodesWithAnnotationSelector: 'kwok.x-k8s.io/node=fake',
      cidr: '10.244.0.0/16',
      nodeLeaseDurationSeconds: 40,
      // kwok refuses to start without these: a configuration file switches its defaults off
      nodeLeaseParallelism: 4,
      nodePlayStageParallelism: 4,
      podPlayStageParallelism: 16,
      podsOnNodeSyncParallelism: 1,
      enableCRDs: kwokKinds(state),
      ...(state.settings.kubelet && {
        serverAddress: `127.0.0.1:${state.settings.ports.kubelet}`,
        enableDebuggingHandlers: true, // logs and port-forward
      }),
    },
  });
  const stages = state.settings.stages ? '' : `---\n${await readFile(STAGES_FILE, 'utf8')}`;
  await writeFile(clusterFiles(clusterDir(state.name)).kwokConfig, configuration + stages);
}

/** Creates the stages of `stages.yaml` as objects, which tests can add to. */
export async function createStages(state: OwnState, signal: AbortSignal): Promise<void> {
  const stages = '/apis/kwok.x-k8s.io/v1alpha1/stages';
  const documents = parseAllDocuments(await readFile(STAGES_FILE, 'utf8'));
  // Applied, not posted: the API server delays a POST of a kind that is younger than two seconds.
  const apply = (body: { readonly metadata: { readonly name: string } }) => {
    const path = `${stages}/${body.metadata.name}?fieldManager=test-cluster&force=true`;
    return createObject(state, { method: 'PATCH', path, body }, signal);
  };
  await Promise.all(documents.map((document) => apply(document.toJS())));
}
