import { addonsSchema } from './addon-schema.ts';
import { componentsSchema } from './component-schema.ts';
import { meshConfigSchema } from './mesh/mesh-config-schema.ts';
import { flag, free, object, text, textFromInteger, textFromNumber, textOrNumber } from './schema.ts';
import { hubCheck, revisionCheck, tagCheck } from './text-checks.ts';
import { valuesSchema } from './values/values-schema.ts';

/** The `spec` of an IstioOperator. */
export const specSchema = object(
  {
    profile: text('Name of the profile to start from; "default" where it is empty.'),
    installPackagePath: text('Without effect: the operator has everything it installs built in.'),
    hub: text('Registry of all images, such as registry.istio.io/release.', { check: hubCheck }),
    tag: textOrNumber('Tag of all images, such as "1.30.3".', { check: tagCheck }),
    resourceSuffix: text(),
    namespace: text('Without effect; use values.global.istioNamespace.'),
    revision: textFromInteger('Name of this control plane beside others, such as canary.', { check: revisionCheck }),
    defaultRevision: flag(),
    compatibilityVersion: textFromNumber('Minor release whose behaviour is kept, such as "1.29".'),
    meshConfig: meshConfigSchema,
    components: componentsSchema,
    addonComponents: addonsSchema,
    values: valuesSchema,
    unvalidatedValues: free('Values that are not checked.'),
  },
  'What is to be installed.',
);
