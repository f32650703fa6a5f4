import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { parseOperator } from '../../src/api/index.ts';
import { conflictsOf, digestManifest, type InventoryEntry } from '../../src/apply/index.ts';
import { type Report, statusFor } from '../../src/controller/index.ts';
import { isObject, type Json, type JsonObject, OFFLINE_FACTS } from '../../src/core/index.ts';
import { renderManifest } from '../../src/render/index.ts';
import { anchorsOf, type Block, blocksOf, linksOf, PAGES, pageText, ROOT } from './markdown.ts';

describe('links', () => {
  const pathOf = (page: string, target: string) => {
    const [path = ''] = target.split('#');
    return path === '' ? page : normalize(join(dirname(page), path));
  };

  test.each(PAGES)('in %s lead somewhere', (page) => {
    const broken = linksOf(page).filter((target) => {
      const path = pathOf(page, target);
      const anchor = target.split('#')[1];
      return !existsSync(join(ROOT, path)) || (anchor !== undefined && !anchorsOf(path).has(anchor));
    });
    expect(broken).toEqual([]);
  });

  test('lead from README or the first page to every page', () => {
    const reached = new Set(['README.md', 'docs/getting-started.md']);
    for (const page of reached) {
      if (PAGES.includes(page)) for (const target of linksOf(page)) reached.add(pathOf(page, target));
    }
    const forContributors = (page: string) => page.startsWith('docs/decisions/') || page === 'docs/needs.md';
    expect(PAGES.filter((page) => !reached.has(page) && !forContributors(page))).toEqual([]);
  });
});

const yamlBlocks = PAGES.flatMap(blocksOf).filter(({ info }) => info[0] === 'yaml');

function documentsIn({ text }: Pick<Block, 'text'>): readonly Json[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as Json;
  });
}

/** The IstioOperators of a page, or of all. */
function operatorsIn(page?: string): readonly { readonly at: string; readonly document: JsonObject }[] {
  return yamlBlocks
    .filter(({ file }) => page === undefined || file === page)
    .flatMap((block) => documentsIn(block).map((document) => ({ at: block.at, document })))
    .filter((found): found is { at: string; document: JsonObject } => {
      return isObject(found.document) && found.document.kind === 'IstioOperator';
    });
}

function render(document: JsonObject) {
  const { operator, notices } = parseOperator(document);
  const { name = '', namespace = '' } = operator.metadata;
  const specs = [operator.spec as JsonObject];
  const rendering = renderManifest({ specs, facts: OFFLINE_FACTS, owner: { name, namespace } });
  return { rendering, notices: [...notices, ...rendering.notices] };
}

describe('YAML', () => {
  test.each(yamlBlocks.map((block) => [block.at, block] as const))('at %s can be read', (_at, block) => {
    expect(documentsIn(block).length).toBeGreaterThan(0);
  });

  test.each(
    operatorsIn().map(({ at, document }) => [at, document] as const),
  )('at %s is an IstioOperator that renders without a warning', (_at, document) => {
    const { rendering, notices } = render(document);
    expect(notices).toEqual([]);
    expect(rendering.components.length).toBeGreaterThan(0);
  });
});

const examples = readdirSync(join(ROOT, 'examples')).filter((file) => file.endsWith('.yaml'));

test.each(examples)('examples/%s renders', (file) => {
  const text = pageText(`examples/${file}`);
  const objects = documentsIn({ text }).flatMap((document) =>
    isObject(document) ? render(document).rendering.components : [],
  );
  expect(objects.length).toBeGreaterThan(0);
});

test('the image that the pages on GitOps replace is the one of the Deployment', () => {
  const name = /image: (\S+):/.exec(pageText('deploy/deployment.yaml'))?.[1];
  for (const page of ['docs/argocd.md', 'docs/flux.md']) expect(pageText(page)).toContain(`- name: ${name}\n`);
});

describe('the cookbook', () => {
  test('has a recipe below each of its headings', () => {
    const text = pageText('docs/overlays.md');
    const recipes = text.slice(text.indexOf('## Recipes')).split(/^### /m).slice(1);
    expect(recipes.filter((recipe) => !recipe.includes('kind: IstioOperator'))).toEqual([]);
    expect(recipes.length).toBeGreaterThan(5);
  });

  test.each(
    operatorsIn('docs/overlays.md').map(({ at, document }) => [at, document] as const),
  )('has patches that change an object (%s)', (_at, document) => {
    const written = JSON.stringify(document).split('"path":').length - 1;
    expect(render(document).rendering.patches).toHaveLength(written);
  });
});

test('the page on migrating shows the message that asks for confirmation', () => {
  const entry: InventoryEntry = {
    group: 'apps',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'istio-system',
    name: 'istio-egressgateway',
    component: 'EgressGateways',
  };
  const report: Report = {
    kind: 'converging',
    components: [],
    timedOut: new Set(),
    leftOver: [entry],
    held: { entries: [entry], hash: '6e8e436c693f' },
    pruneIssues: [],
    notices: [],
    versions: {},
  };
  const now = new Date(0);
  const { message = '' } = statusFor({ generation: 1, previous: {}, report, inventory: new Map(), now });
  expect(pageText('docs/migrating.md').replaceAll('\n', ' ')).toContain(message);
});

test('the two control planes of the page on upgrades can be installed side by side', () => {
  const [old, canary] = operatorsIn('docs/upgrades.md').map(({ document }) =>
    digestManifest(render(document).rendering.components),
  );
  if (old === undefined || canary === undefined) throw new Error('the page has two IstioOperators');
  const held = old.components.flatMap(({ objects }) => objects.map(({ id, content }) => [JSON.stringify(id), content]));
  const contents = new Map(held as [string, string][]);
  const conflicts = conflictsOf(canary, (id) => {
    const content = contents.get(JSON.stringify(id));
    return content === undefined ? [] : [{ owner: 'istio-system/mesh', content }];
  });
  expect(conflicts).toEqual([]);
});
