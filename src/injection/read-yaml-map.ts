import { isObject, type JsonObject, OperatorError } from '../core/index.ts';
import { readYaml } from '../render/index.ts';

/**
 * Reads YAML that has to be one map; an empty text is an empty one.
 * @throws {OperatorError} `InvalidYaml`, `InvalidResource` for anything else.
 */
export function readYamlMap(text: string, name: string): JsonObject {
  const [document, second] = readYaml(text, name);
  if (document === undefined || document.value === null) return {};
  if (isObject(document.value) && second === undefined) return document.value;
  throw new OperatorError('Expected one YAML map.', { code: 'InvalidResource', path: name });
}
