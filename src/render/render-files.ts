import { API_VERSION, type IstioOperator, KIND, parseOperator } from '../api/index.ts';
import type { ClusterFacts, JsonObject } from '../core/index.ts';
import { mergeSpec, resolveSpec } from '../merge/index.ts';
import { readOperators, type SourceFile } from './operator-files.ts';
import { type Rendering, renderManifest } from './render-manifest.ts';

/** What a manifest is rendered from on a command line. */
export interface FilesInput {
  /** One IstioOperator each, merged in this order. None stands for the default profile. */
  readonly files: readonly SourceFile[];
  /** `path=value`, over all files. */
  readonly sets?: readonly string[];
  readonly facts: ClusterFacts;
  /** True where the objects are to be installed for the IstioOperator that the files give; false to print them. */
  readonly owned?: boolean;
}

/** A manifest and the IstioOperator that files and `--set` amount to. */
export interface RenderedFiles {
  readonly operator: IstioOperator;
  readonly rendering: Rendering;
}

/**
 * Reads files, merges them with `--set`, validates the result and renders it. Notices of all steps are in the rendering.
 * @throws {OperatorError} for whatever is wrong with files, assignments or settings, all issues of a step at once.
 */
export function renderFiles({ files, sets = [], facts, owned = false }: FilesInput): RenderedFiles {
  const { operators, notices: fileNotices } = readOperators(files);
  const { authored } = resolveSpec(
    operators.map(({ spec }) => spec),
    sets,
    facts,
  ).resolved;
  const document = Object.assign({}, HEADER, ...operators.map((operator) => operator.document)) as JsonObject;
  const metadata = operators.reduce<JsonObject>((merged, operator) => mergeSpec(merged, operator.metadata), {});
  const { operator, notices: validationNotices } = parseOperator({ ...document, metadata, spec: authored });
  const { name = '', namespace = '' } = operator.metadata;
  const rendering = renderManifest({ specs: [operator.spec], facts, ...(owned && { owner: { name, namespace } }) });
  return {
    operator,
    rendering: { ...rendering, notices: [...fileNotices, ...validationNotices, ...rendering.notices] },
  };
}

/** What stands for a file where only `--set` is given. */
const HEADER: JsonObject = { apiVersion: API_VERSION, kind: KIND };
