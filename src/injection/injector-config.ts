import { isObject, type Json, type JsonObject, OperatorError } from '../core/index.ts';
import { readYamlMap } from './read-yaml-map.ts';

/** What the ConfigMap `istio-sidecar-injector` says under `config`. */
export interface InjectorConfig {
  /** The text of each template by its name. */
  readonly templates: ReadonlyMap<string, string>;
  readonly defaultTemplates: readonly string[];
  /** Names that stand for several templates. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly neverInjectSelector: readonly JsonObject[];
  readonly injectedAnnotations: Readonly<Record<string, string>>;
}

/**
 * Reads the configuration of the injector. A text that is no such configuration is the sidecar's template itself.
 * @throws {OperatorError} `InvalidYaml`, `InvalidResource` where a template is no text.
 */
export function readInjectorConfig(text: string, name: string): InjectorConfig {
  const config: JsonObject = looksLikeTemplate(text) ? { templates: { sidecar: text } } : readYamlMap(text, name);
  const named = textList(config.defaultTemplates);
  return {
    templates: new Map(
      entries(config.templates).map(([key, value]) => [key, template(value, `${name}: templates.${key}`)]),
    ),
    defaultTemplates: named.length === 0 ? ['sidecar'] : named,
    aliases: new Map(entries(config.aliases).map(([key, value]) => [key, textList(value)])),
    neverInjectSelector: maps(config.neverInjectSelector),
    injectedAnnotations: Object.fromEntries(
      entries(config.injectedAnnotations).map(([key, value]) => [key, String(value)]),
    ),
  };
}

/** A configuration begins with a key, a template with what it prints or does. */
function looksLikeTemplate(text: string): boolean {
  return /^\s*\{\{/.test(text) || /^(?:metadata|spec):/m.test(text);
}

function template(value: Json | undefined, path: string): string {
  if (typeof value === 'string') return value;
  throw new OperatorError('Expected the text of a template.', { code: 'InvalidResource', path });
}

function entries(value: Json | undefined): readonly [string, Json | undefined][] {
  return isObject(value) ? Object.entries(value) : [];
}

function maps(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textList(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
