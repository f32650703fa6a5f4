import { atMostOneOf, rule } from '../cel.ts';
import { defineResource } from '../define-resource.ts';
import { boolean, duration, list, object, string } from '../schema.ts';
import { attachmentFields, ONE_ATTACHMENT } from '../selectors.ts';

/** RequestAuthentication: which JSON web tokens a workload accepts. */
export function requestAuthentication() {
  return defineResource({
    group: 'security.istio.io',
    kind: 'RequestAuthentication',
    plural: 'requestauthentications',
    shortNames: ['ra'],
    versions: ['v1', 'v1beta1'],
    storedAs: 'v1',
    spec: object({ ...attachmentFields(), jwtRules: list(jwtRule(), { maxItems: 4096 }) }, { rules: [ONE_ATTACHMENT] }),
  });
}

function jwtRule() {
  const texts = list(string({ minLength: 1 }));
  const keysUrl = keyServerUrl();
  return object(
    {
      issuer: string({ minLength: 1 }),
      audiences: texts,
      // The keys: where they are, or themselves.
      jwksUri: keysUrl,
      jwks_uri: keysUrl,
      jwks: string(),
      timeout: duration(),
      // Where the token is.
      fromHeaders: list(object({ name: string({ minLength: 1 }), prefix: string() }, { required: ['name'] })),
      fromParams: texts,
      fromCookies: texts,
      // What the workload gets to see of it.
      forwardOriginalToken: boolean(),
      outputPayloadToHeader: string(),
      outputClaimToHeaders: list(claimToHeader()),
      spaceDelimitedClaims: list(string({ minLength: 1 }), { maxItems: 64 }),
    },
    { rules: [atMostOneOf(['jwksUri', 'jwks_uri', 'jwks'], 'only one of jwks or jwksUri can be set')] },
  );
}

function keyServerUrl() {
  return string({
    minLength: 1,
    maxLength: 2048,
    rules: [rule('url must have scheme http:// or https://', 'url(self).getScheme() in ["http", "https"]')],
  });
}

function claimToHeader() {
  return object(
    { header: string({ minLength: 1, pattern: '^[-_A-Za-z0-9]+$' }), claim: string({ minLength: 1 }) },
    { required: ['header', 'claim'] },
  );
}
