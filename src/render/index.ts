export type { Owner } from './bookkeeping.ts';
export { formatManifest, manifestObjects } from './format-manifest.ts';
export { type IgnoredInManifest, ignoredFieldsOf } from './ignored-fields.ts';
export { type OperatorDocument, type OperatorDocuments, readOperators, type SourceFile } from './operator-files.ts';
export { type FilesInput, type RenderedFiles, renderFiles } from './render-files.ts';
export { type RenderInput, type Rendering, renderManifest } from './render-manifest.ts';
export { type RenderableOperator, renderOperator } from './render-operator.ts';
export { MAX_DOCUMENT_BYTES, readYaml, type YamlDocument } from './yaml-reader.ts';
