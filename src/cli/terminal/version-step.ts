import { minorOf } from '../../core/index.ts';

/** A sentence on what a change of version means, with a line break; empty where there is nothing to say. */
export function versionStep(from: string | undefined, to: string): string {
  if (from === undefined || from === to) return '';
  const [before, after] = [minorOf(from), minorOf(to)];
  const change = `The cluster runs Istio ${from}.`;
  if (before === undefined || after === undefined || before.major !== after.major) return `${change}\n`;
  const step = after.minor - before.minor;
  if (step < 0)
    return `${change} This is a downgrade, which Istio does not support across more than one minor version.\n`;
  if (step > 1)
    return `${change} Istio supports upgrades by one minor version at a time; a revision beside it is safer.\n`;
  return `${change}\n`;
}
