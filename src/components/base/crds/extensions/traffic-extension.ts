import { atMostOneOf, rule } from '../cel.ts';
import { AGE, defineResource } from '../define-resource.ts';
import { enumOf, object, string } from '../schema.ts';
import { matchLabelsSelector, policyTargets } from '../selectors.ts';
import { extensionFields } from './extension-fields.ts';
import { wasmModuleFields } from './wasm-module-fields.ts';

/** TrafficExtension: code that runs in proxies, as a WebAssembly module or a Lua script. */
export function trafficExtension() {
  return defineResource({
    group: 'extensions.istio.io',
    kind: 'TrafficExtension',
    plural: 'trafficextensions',
    versions: ['v1alpha1'],
    storedAs: 'v1alpha1',
    columns: [AGE],
    spec: object(
      {
        selector: matchLabelsSelector(),
        targetRefs: policyTargets(),
        ...extensionFields(),
        phase: enumOf('UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS'),
        wasm: object(wasmModuleFields(['http', 'https', 'file', 'oci']), { required: ['url'] }),
        lua: object({ inlineCode: string({ minLength: 1, maxLength: 65_536 }) }, { required: ['inlineCode'] }),
      },
      {
        oneofs: [['wasm', 'lua']],
        rules: [
          atMostOneOf(['selector', 'targetRefs'], 'only one of targetRefs or selector can be set'),
          // The group above still lets both be absent.
          rule('exactly one of wasm or lua must be set', 'has(self.wasm) != has(self.lua)'),
        ],
      },
    ),
    isSpecRequired: true,
  });
}
