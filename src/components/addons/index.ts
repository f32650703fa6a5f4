import { type AddonValues } from '../../values/index.ts';
import type { Component } from '../component.ts';

/** The add-ons. */
export const addons: Component<AddonValues> = { name: 'AddonComponents', build: () => [] };
