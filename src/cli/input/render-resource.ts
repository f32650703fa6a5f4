import { parseOperator } from '../../api/index.ts';
import type { LiveObject } from '../../apply/index.ts';
import type { ClusterFacts, JsonObject, Manifest } from '../../core/index.ts';
import { renderOperator } from '../../render/index.ts';

/**
 * Renders a CR of a cluster: validated offline first, but a Kubernetes field that is newer than our types is left to the
 * API server to judge.
 * @throws {OperatorError} with all findings.
 */
export function renderResource(resource: LiveObject, facts: ClusterFacts): Manifest {
  const { operator, notices } = parseOperator(resource, { newerKubernetes: true });
  const { name, namespace, annotations } = resource.metadata;
  const rendered = renderOperator(
    { metadata: { name, namespace, annotations }, spec: operator.spec as JsonObject },
    facts,
  );
  return { ...rendered, notices: [...notices, ...rendered.notices] };
}
