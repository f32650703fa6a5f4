import type { BaseValues } from '../../values/index.ts';
import type { Component } from '../component.ts';
import { baseObjects } from './objects.ts';

/** The component Base. It has no workload. */
export const base: Component<BaseValues> = { name: 'Base', build: baseObjects };
