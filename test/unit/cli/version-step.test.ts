import { expect, test } from '@jest/globals';
import { versionStep } from '../../../src/cli/terminal/version-step.ts';

const cases: Record<string, { from: string | undefined; to: string; want: RegExp }> = {
  'nothing is said of a first installation': { from: undefined, to: '1.30.3', want: /^$/ },
  'nothing is said of the same version': { from: '1.30.3', to: '1.30.3', want: /^$/ },
  'one minor version up is fine': { from: '1.29.1', to: '1.30.3', want: /^The cluster runs Istio 1\.29\.1\.\n$/ },
  'two at a time are not': { from: '1.28.0', to: '1.30.3', want: /one minor version at a time/ },
  'a downgrade is named': { from: '1.31.0', to: '1.30.3', want: /downgrade/ },
  'a tag that is no version is shown': { from: 'latest', to: '1.30.3', want: /^The cluster runs Istio latest\.\n$/ },
};
test.each(Object.entries(cases))('%s', (_name, { from, to, want }) => expect(versionStep(from, to)).toMatch(want));
