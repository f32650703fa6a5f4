import { fieldOr, rule } from '../cel.ts';
import { anyObject, enumOf, list, object, string } from '../schema.ts';

/**
 * The fields of a WebAssembly module: where it comes from, how it is verified, and what it is given.
 * @param schemes - the URL schemes as the CEL rule of the resource lists them.
 */
export function wasmModuleFields(schemes: readonly string[]) {
  return {
    url: moduleUrl(schemes),
    sha256: string({ pattern: '(^$|^[a-f0-9]{64}$)' }),
    imagePullPolicy: enumOf('UNSPECIFIED_POLICY', 'IfNotPresent', 'Always'),
    imagePullSecret: string({ minLength: 1, maxLength: 253 }),
    verificationKey: string(),
    pluginName: string({ minLength: 1, maxLength: 256 }),
    pluginConfig: anyObject(),
    type: enumOf('UNSPECIFIED_PLUGIN_TYPE', 'HTTP', 'NETWORK'),
    failStrategy: enumOf('FAIL_CLOSE', 'FAIL_OPEN', 'FAIL_RELOAD'),
    vmConfig: object({ env: list(environmentVariable(), { maxItems: 256, keys: ['name'] }) }),
  };
}

/** A URL; one without a scheme is an OCI image, so the check tries it as a host too. */
function moduleUrl(schemes: readonly string[]) {
  const isKnown = (url: string) => `${url}.getScheme() in [${['', ...schemes].map((s) => `"${s}"`).join(', ')}]`;
  return string({
    minLength: 1,
    rules: [
      rule(
        'url must have schema one of [http, https, file, oci]',
        `isURL(self) ? (${isKnown('url(self)')}) : (isURL("http://" + self) &&\n${isKnown('url("http://" + self)')})`,
      ),
    ],
  });
}

function environmentVariable() {
  return object(
    {
      name: string({ minLength: 1, maxLength: 256 }),
      valueFrom: enumOf('INLINE', 'HOST'),
      value: string({ maxLength: 2048 }),
    },
    {
      required: ['name'],
      rules: [
        rule(
          'value may only be set when valueFrom is INLINE',
          `${fieldOr('valueFrom', '""')} != "HOST" || !has(self.value)`,
        ),
      ],
    },
  );
}
