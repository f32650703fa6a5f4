import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from './helm.ts';

const load = (file: string) => parse(readFileSync(join(ROOT, 'examples', file), 'utf8'));

const filesIn = (folder: string) => readdirSync(join(ROOT, 'examples', folder)).map((file) => `${folder}/${file}`);

describe('the examples for Argo CD', () => {
  const apps = filesIn('argocd').map(load);

  test('are Applications that never prune: with an IstioOperator would go Istio', () => {
    expect(apps.map(({ kind, spec }) => [kind, spec.syncPolicy.automated.prune])).toEqual(
      apps.map(() => ['Application', false]),
    );
  });

  test('sync the operator before Istio', () => {
    const wave = (name: string) =>
      Number(apps.find(({ metadata }) => metadata.name === name).metadata.annotations['argocd.argoproj.io/sync-wave']);
    expect(wave('istio-operator')).toBeLessThan(wave('istio'));
  });
});

describe('the examples for Flux', () => {
  const kustomizations = filesIn('flux')
    .map(load)
    .filter(({ kind }) => kind === 'Kustomization');
  const named = (name: string) => kustomizations.find(({ metadata }) => metadata.name === name);

  test('never prune: with an IstioOperator would go Istio', () => {
    expect(kustomizations.map(({ spec }) => spec.prune)).toEqual(kustomizations.map(() => false));
  });

  test('wait for the operator, and then for the health of Istio', () => {
    expect(named('istio').spec).toMatchObject({ dependsOn: [{ name: 'istio-operator' }], wait: true });
  });

  test('check a Deployment that deploy/ has', () => {
    const [check] = named('istio-operator').spec.healthChecks;
    const deployment = parse(readFileSync(join(ROOT, 'deploy/deployment.yaml'), 'utf8'));
    const { namespace } = parse(readFileSync(join(ROOT, 'deploy/kustomization.yaml'), 'utf8'));
    expect(check).toEqual({
      apiVersion: deployment.apiVersion,
      kind: deployment.kind,
      name: deployment.metadata.name,
      namespace,
    });
  });
});

test('the path of the operator in both is the folder that kubectl applies', () => {
  for (const path of [load('argocd/operator.yaml').spec.source.path, load('flux/operator.yaml').spec.path]) {
    expect(existsSync(join(ROOT, path, 'kustomization.yaml'))).toBe(true);
  }
});
