import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { isObject, type Json, type JsonObject, valueAt } from '../../src/core/index.ts';
import { useLab } from '../integration/operator-harness.ts';
import { blocksOf, PAGES, pageText, ROOT } from './markdown.ts';

/** Of tools whose CRDs are not in this cluster. */
const FOREIGN = /^(argoproj|[a-z]+\.toolkit\.fluxcd|kustomize\.config\.k8s)\.io\//;

const examples = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yaml'),
);
const sources = [
  ...PAGES.flatMap(blocksOf).map(({ at, info, text }) => ({ at, info, text })),
  ...examples.map((file) => ({ at: `examples/${file}`, info: ['yaml'], text: pageText(`examples/${file}`) })),
];

/** Whole objects; pages have fragments, too. */
const objects = sources
  .filter(({ info }) => info[0] === 'yaml')
  .flatMap(({ at, text }) =>
    parseAllDocuments(text, { version: '1.1' }).map((document) => [at, document.toJS() as Json]),
  )
  .filter((found): found is [string, JsonObject] => isObject(found[1]) && found[1].kind !== undefined)
  .filter(([, { apiVersion }]) => !FOREIGN.test(String(apiVersion)));

const lab = await useLab();
const namespaces = new Set(objects.map(([, object]) => valueAt(object, 'metadata', 'namespace')));
for (const name of namespaces) {
  if (name !== undefined && name !== 'istio-system') await lab.kubectl('create', 'namespace', String(name));
}

test.each(objects)('the object at %s is one that the API server takes', async (_at, object) => {
  const options = { fieldManager: 'reader', force: false, dryRun: true };
  const applied = await lab.client.apply(object as never, options, lab.scope);
  expect(applied.metadata.name).toBe(valueAt(object, 'metadata', 'name'));
});
