import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { callApi } from './api-client.ts';
import { clusterFiles } from './components.ts';
import { createObject } from './nodes.ts';
import { clusterDir, TOOL_DIR } from './paths.ts';
import type { OwnState } from './state.ts';
import { waitUntil } from './wait-until.ts';

const STAGES_FILE = join(TOOL_DIR, 'stages.yaml');

// What kwok asks of the definition is that it exists; it checks the objects itself.
const STAGE_DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'stages.kwok.x-k8s.io' },
  spec: {
    group: 'kwok.x-k8s.io',
    scope: 'Cluster',
    names: { kind: 'Stage', listKind: 'StageList', plural: 'stages', singular: 'stage' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};

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
      enableCRDs: state.settings.stages ? ['Stage'] : [],
    },
  });
  const stages = state.settings.stages ? '' : `---\n${await readFile(STAGES_FILE, 'utf8')}`;
  await writeFile(clusterFiles(clusterDir(state.name)).kwokConfig, configuration + stages);
}

/** Makes Stage a kind of the cluster and creates the stages of `stages.yaml` as objects, which tests can add to. */
export async function createStages(state: OwnState, signal: AbortSignal): Promise<void> {
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await createObject(state, { method: 'POST', path: definitions, body: STAGE_DEFINITION }, signal);
  const stages = '/apis/kwok.x-k8s.io/v1alpha1/stages';
  await waitUntilServed(state, stages, signal);
  const documents = parseAllDocuments(await readFile(STAGES_FILE, 'utf8'));
  // Applied, not posted: the API server delays a POST of a kind that is younger than two seconds.
  const apply = (body: { readonly metadata: { readonly name: string } }) => {
    const path = `${stages}/${body.metadata.name}?fieldManager=test-cluster&force=true`;
    return createObject(state, { method: 'PATCH', path, body }, signal);
  };
  await Promise.all(documents.map((document) => apply(document.toJS())));
}

async function waitUntilServed(state: OwnState, path: string, signal: AbortSignal): Promise<void> {
  const isServed = async () => (await callApi(state, { path }, signal))?.status === 200;
  await waitUntil('The API server did not serve Stage objects', isServed, 10_000, signal);
}
