import { parseOperator } from '../api/index.ts';
import type { LiveObject } from '../apply/index.ts';
import {
  type ClusterFacts,
  type Issue,
  issuesOf,
  type JsonObject,
  type Manifest,
  type Notice,
  OperatorError,
  throwIssues,
} from '../core/index.ts';
import { type OperatorDocument, readOperators, renderOperator, type SourceFile } from '../render/index.ts';

/**
 * Renders a CR of a cluster: validated offline first, but a Kubernetes field that is newer than our types is left to the
 * API server to judge.
 * @throws {OperatorError} with all findings.
 */
export function renderResource(resource: LiveObject, facts: ClusterFacts): Manifest {
  const { operator, notices } = parseOperator(resource, { newerKubernetes: true });
  const { name, namespace } = resource.metadata;
  const rendered = renderOperator({ metadata: { name, namespace }, spec: operator.spec as JsonObject }, facts);
  return { ...rendered, notices: [...notices, ...rendered.notices] };
}

/**
 * Reads and validates IstioOperator files.
 * @returns the specs in the order of the files, and what their authors should know.
 * @throws {OperatorError} with the findings of all files; where there are several, each names its file.
 */
export function parseFiles(files: readonly SourceFile[]): { readonly specs: readonly JsonObject[]; readonly notices: readonly Notice[] } {
  const { operators, notices } = readOperators(files);
  const issues: Issue[] = [];
  const parsed = operators.flatMap((document) => {
    try {
      return [parseOperator(document.document)];
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      issues.push(...issuesOf(error).map((issue) => inFile(issue, document, files.length)));
      return [];
    }
  });
  throwIssues(issues);
  return {
    specs: parsed.map(({ operator }) => operator.spec as JsonObject),
    notices: [...notices, ...parsed.flatMap((each) => each.notices)],
  };
}

function inFile(issue: Issue, { source }: OperatorDocument, fileCount: number): Issue {
  return fileCount === 1 ? issue : { ...issue, message: `${source}: ${issue.message}` };
}
