import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { asJson, isObject, type KubernetesObject, type Notice, OFFLINE_FACTS } from '../../src/core/index.ts';
import { formatManifest, manifestObjects, renderFiles } from '../../src/render/index.ts';

/** `npm run golden` rewrites the expectations; review the difference like code. */
const update = process.env.UPDATE_GOLDEN === '1';
const root = import.meta.dirname;
const cases = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());

test.each(cases.map((entry) => entry.name))('%s renders as expected', (name) => {
  const text = readFileSync(join(root, name, 'input.yaml'), 'utf8');
  const { rendering } = renderFiles({ files: [{ name: 'input.yaml', text }], facts: OFFLINE_FACTS });
  const objects = manifestObjects(rendering).filter(isOwn).map(withoutTemplates);
  const actual = `${rendering.notices.map(comment).join('')}${formatManifest(objects)}`;
  const file = join(root, name, 'expected.yaml');
  if (update) writeFileSync(file, actual);
  expect(existsSync(file)).toBe(true);
  expect(actual).toBe(readFileSync(file, 'utf8'));
});

/** Istio's CRDs are half a megabyte and the same in every case; test/unit/components holds them to their source. */
function isOwn(object: KubernetesObject): boolean {
  return object.kind !== 'CustomResourceDefinition';
}

/** The injection templates, 87 KB in every case, are held to what they inject in test/injection. */
function withoutTemplates(object: KubernetesObject): KubernetesObject {
  const { data } = asJson(object);
  if (object.kind !== 'ConfigMap' || !isObject(data) || !object.metadata.name.startsWith('istio-sidecar-injector'))
    return object;
  const config = String(data.config).replace(/^templates:\n(?: {2}.*\n|\n)*/m, 'templates: {}\n');
  return { ...object, data: { ...data, config } } as KubernetesObject;
}

function comment({ code, path = '', message, hint = '' }: Notice): string {
  return `# ${code} ${path}: ${message} ${hint}\n`;
}
