import { atMostOneOf, rule } from './cel.ts';
import { once } from './once.ts';
import { list, map, object, string } from './schema.ts';

/** Selects workloads by labels: the selector of policies, telemetry and extensions. */
export const matchLabelsSelector = once(() =>
  object({
    matchLabels: map(
      string({ maxLength: 63, rules: [rule('wildcard not allowed in label value match', '!self.contains("*")')] }),
      {
        maxProperties: 4096,
        rules: [
          rule('wildcard not allowed in label key match', 'self.all(key, !key.contains("*"))'),
          rule('key must not be empty', 'self.all(key, key.size() != 0)'),
        ],
      },
    ),
  }),
);

/** Selects workloads by labels: the older form, in the networking group only. */
export const labelsSelector = once(() =>
  object({
    labels: map(
      string({ maxLength: 63, rules: [rule('wildcard is not supported in selector', '!self.contains("*")')] }),
      { maxProperties: 256 },
    ),
  }),
);

/** A Gateway, Service or other object that a policy attaches to. The group is empty for kinds of the core API. */
const policyTarget = once(() =>
  object(
    {
      group: string({
        maxLength: 253,
        pattern: '^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
      }),
      kind: string({ minLength: 1, maxLength: 63, pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$' }),
      name: string({ minLength: 1, maxLength: 253 }),
      namespace: string({
        rules: [rule('cross namespace referencing is not currently supported', 'self.size() == 0')],
      }),
    },
    { required: ['kind', 'name'] },
  ),
);

/** The objects that a policy attaches to. */
export const policyTargets = once(() => list(policyTarget(), { maxItems: 16 }));

/** The three ways to say what a policy applies to; goes with `ONE_ATTACHMENT`. `targetRef` is older than the list. */
export function attachmentFields() {
  return { selector: matchLabelsSelector(), targetRef: policyTarget(), targetRefs: policyTargets() };
}

/** Of the fields of `attachmentFields`, a policy may set one. */
export const ONE_ATTACHMENT = atMostOneOf(
  ['selector', 'targetRef', 'targetRefs'],
  'only one of targetRefs or selector can be set',
);
