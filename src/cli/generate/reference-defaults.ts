import {
  type ComponentName,
  ISTIO_HUB,
  ISTIO_VERSION,
  isObject,
  type Json,
  type JsonObject,
  OFFLINE_FACTS,
  valueAt,
} from '../../core/index.ts';
import { resolveSpec } from '../../merge/index.ts';
import { componentInputs } from '../../values/index.ts';

/** Where the defaults of a part of `spec.values` are: those of the component that reads them. */
const HOMES: readonly {
  readonly prefix: string;
  readonly component: ComponentName;
  readonly inside: readonly string[];
}[] = [
  { prefix: 'spec.values.pilot.', component: 'Pilot', inside: [] },
  { prefix: 'spec.values.cni.', component: 'Cni', inside: [] },
  { prefix: 'spec.values.ztunnel.', component: 'Ztunnel', inside: [] },
  {
    prefix: 'spec.values.gateways.istio-ingressgateway.',
    component: 'IngressGateways',
    inside: ['gateways', 'istio-ingressgateway'],
  },
  { prefix: 'spec.values.base.', component: 'Base', inside: ['base'] },
  { prefix: 'spec.meshConfig.', component: 'Pilot', inside: ['meshConfig'] },
  { prefix: 'spec.values.', component: 'Pilot', inside: [] },
];

/** Everything on, so that every component shows its values. */
const ALL_ON: JsonObject = {
  components: { cni: { enabled: true }, ztunnel: { enabled: true }, egressGateways: [{ enabled: true }] },
};

const FIXED: Readonly<Record<string, Json>> = {
  'spec.profile': 'default',
  'spec.hub': ISTIO_HUB,
  'spec.tag': ISTIO_VERSION,
  'spec.components.base.enabled': true,
  'spec.components.pilot.enabled': true,
  'spec.components.cni.enabled': false,
  'spec.components.ztunnel.enabled': false,
};

/** Gives the value that a field has with the profile `default`, where one is known, by its path in the reference. */
export function defaultValues(): (path: string) => Json | undefined {
  const valuesOf = readValues();
  return (path) => {
    if (Object.hasOwn(FIXED, path)) return FIXED[path];
    const home = HOMES.find(({ prefix }) => path.startsWith(prefix));
    if (home === undefined) return undefined;
    const values = valuesOf.get(home.component) ?? {};
    return valueAt(values, ...home.inside, ...path.slice(home.prefix.length).split('.'));
  };
}

function readValues(): ReadonlyMap<ComponentName, JsonObject> {
  const { resolved } = resolveSpec([ALL_ON], [], OFFLINE_FACTS);
  return new Map(
    componentInputs(resolved, OFFLINE_FACTS).map(({ component, documents, values }) => [
      component,
      documents?.merged ?? (isObject(values) ? values : {}),
    ]),
  );
}
