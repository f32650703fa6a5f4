import { AGE, defineResource } from '../define-resource.ts';
import { enumOf, object } from '../schema.ts';
import { attachmentFields, ONE_ATTACHMENT } from '../selectors.ts';
import { extensionFields } from './extension-fields.ts';
import { wasmModuleFields } from './wasm-module-fields.ts';

/** WasmPlugin: a WebAssembly module that runs in proxies. */
export function wasmPlugin() {
  return defineResource({
    group: 'extensions.istio.io',
    kind: 'WasmPlugin',
    plural: 'wasmplugins',
    versions: ['v1alpha1'],
    storedAs: 'v1alpha1',
    columns: [AGE],
    spec: object(
      {
        ...attachmentFields(),
        ...extensionFields(),
        phase: enumOf('UNSPECIFIED_PHASE', 'AUTHN', 'AUTHZ', 'STATS'),
        ...wasmModuleFields(['http', 'https', 'oci', 'file']),
      },
      { required: ['url'], rules: [ONE_ATTACHMENT] },
    ),
    isSpecRequired: true,
  });
}
