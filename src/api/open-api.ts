import { type JsonObject, withoutUndefined } from '../core/index.ts';
import type { Node, NumberNode } from './schema/schema.ts';
import { quotedNumber } from './schema/text-checks.ts';

/** How a schema is turned into OpenAPI. */
export interface OpenApiOptions {
  /**
   * Whether required fields are marked. Of what people write they are not: an old document must get past the API server,
   * and the operator can say better what is missing.
   */
  readonly required: boolean;
}

/**
 * How many levels of a Kubernetes type are described; what is deeper is kept as it is, for the API server to judge when
 * the rendered object is applied. `kubectl apply` must be able to put the CRD into an annotation, which ends at 256 KiB.
 */
const KUBERNETES_DEPTH = 2;

const PRESERVE = { 'x-kubernetes-preserve-unknown-fields': true } as const;

/**
 * The structural OpenAPI schema of a field. Known fields have their type, unknown ones are kept for the operator to
 * judge, and null is accepted where a field may be left out.
 */
export function openApiOf(node: Node, options: OpenApiOptions, depth = 0): JsonObject {
  return { ...typed(node, options, depth), nullable: true };
}

function typed(node: Node, options: OpenApiOptions, depth: number): JsonObject {
  return withoutUndefined({ description: node.description, ...shapeOf(node, options, depth) });
}

function shapeOf(node: Node, options: OpenApiOptions, depth: number): JsonObject {
  switch (node.kind) {
    case 'text':
      if (node.numbers === 'refuse') return { type: 'string' };
      return node.numbers === 'convertWhole' ? { 'x-kubernetes-int-or-string': true } : PRESERVE;
    case 'flag':
      return { type: 'boolean' };
    case 'number':
      return { ...numberType(node), minimum: node.min, maximum: node.max };
    case 'intOrText':
      return { 'x-kubernetes-int-or-string': true };
    case 'quantity': // `cpu: 0.5` is fine, for which OpenAPI has no word
    case 'scalar':
    case 'any':
      return PRESERVE;
    case 'free':
      return { type: 'object', ...PRESERVE };
    case 'map':
      return { type: 'object', additionalProperties: openApiOf(node.values, options, depth) };
    case 'list':
      return { type: 'array', items: typed(node.items, options, depth) };
    case 'object': {
      if (node.inCrd === 'nothing' || depth > KUBERNETES_DEPTH) return { type: 'object', ...PRESERVE };
      const below = node.inCrd === 'fields' ? KUBERNETES_DEPTH + 1 : node.origin === 'kubernetes' ? depth + 1 : 0;
      const required = options.required ? node.required : undefined;
      const fields = Object.entries(node.fields).map(([name, field]) => {
        const isRequired = required?.includes(name) === true;
        return [name, isRequired ? typed(field, options, below) : openApiOf(field, options, below)] as const;
      });
      return { type: 'object', properties: Object.fromEntries(fields), required, ...PRESERVE };
    }
  }
}

/** OpenAPI has a word for whole numbers in quotes only; of others in quotes the pattern is all there is. */
function numberType({ whole, quoted }: NumberNode): JsonObject {
  if (quoted === undefined) return { type: whole ? 'integer' : 'number' };
  const pattern = quotedNumber(whole).source;
  return whole ? { 'x-kubernetes-int-or-string': true, pattern } : { ...PRESERVE, pattern };
}
