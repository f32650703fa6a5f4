import type { IstiodValues } from '../../values/index.ts';
import type { Component } from '../component.ts';
import { pilotObjects } from './objects.ts';

/** The component Pilot: istiod, the control plane. */
export const pilot: Component<IstiodValues> = {
  name: 'Pilot',
  build: pilotObjects,
  workload: { kind: 'Deployment', container: 'discovery' },
};
