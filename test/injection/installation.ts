import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject, OFFLINE_FACTS, valueAt } from '../../src/core/index.ts';
import {
  type InjectionContext,
  injectionContext,
  injectObject,
  readInjectorConfig,
  readMeshConfig,
  readYamlMap,
} from '../../src/injection/index.ts';
import { manifestObjects, readYaml, renderFiles } from '../../src/render/index.ts';

/** What an installation's ConfigMaps hold for injection. */
export interface InstallationTexts {
  readonly config: string;
  readonly values: string;
  readonly mesh: string;
}

/** Renders an IstioOperator and takes what istiod injects with. */
export function installationTexts(file: string): InstallationTexts {
  const sets = ['hub=registry.istio.io/release', 'tag=1.30.3'];
  const { rendering } = renderFiles({
    files: [{ name: file, text: readFileSync(file, 'utf8') }],
    sets,
    facts: OFFLINE_FACTS,
  });
  const texts = manifestObjects(rendering)
    .filter(({ kind }) => kind === 'ConfigMap')
    .map((map) => valueAt(map as unknown as JsonObject, 'data'))
    .filter(isObject);
  const text = (key: string) => String(texts.find((data) => Object.hasOwn(data, key))?.[key]);
  return { config: text('config'), values: text('values'), mesh: text('mesh') };
}

/** The injection of an installation. */
export function contextOf({ config, values, mesh }: InstallationTexts): InjectionContext {
  return injectionContext({
    config: readInjectorConfig(config, 'config'),
    values: readYamlMap(values, 'values'),
    mesh: readMeshConfig(mesh, 'mesh'),
    revision: '',
  });
}

/** The objects of a file, injected. */
export function injectText(text: string, context: InjectionContext): readonly JsonObject[] {
  return readYaml(text, 'objects')
    .map(({ value }) => value)
    .filter(isObject)
    .map((object) => injectObject(object, context).object);
}

/** A path below this folder. */
export function here(...path: readonly string[]): string {
  return join(import.meta.dirname, ...path);
}
