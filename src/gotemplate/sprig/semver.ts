import { TemplateProblem } from '../template-error.ts';
import { type FunctionTable, fn, type GoFunction } from '../values/go-function.ts';
import { GoInteger, GoObject, type Value } from '../values/values.ts';
import { compareVersions, matchesConstraint, parseVersion, type Version, versionText } from './versions.ts';

const TYPE = '*semver.Version';

/** sprig's functions on semantic versions. */
export function semverFunctions(): FunctionTable {
  return {
    semver: fn(['string'], (text) => versionValue(parseVersion(text), text)),
    semverCompare: fn(['string', 'string'], (constraint, text) => matchesConstraint(constraint, text)),
  };
}

function versionValue(version: Version, original: string): GoObject {
  const number = (value: bigint) => fn([], () => new GoInteger('uint64', value));
  const methods = new Map<string, GoFunction>([
    ['Major', number(version.major)],
    ['Minor', number(version.minor)],
    ['Patch', number(version.patch)],
    ['Prerelease', fn([], () => version.prerelease)],
    ['Metadata', fn([], () => version.metadata)],
    ['Original', fn([], () => original)],
    ['String', fn([], () => versionText(version))],
    ['Compare', fn([TYPE], (other) => BigInt(compareVersions(version, versionOf(other))))],
    ['Equal', fn([TYPE], (other) => compareVersions(version, versionOf(other)) === 0)],
    ['LessThan', fn([TYPE], (other) => compareVersions(version, versionOf(other)) < 0)],
    ['GreaterThan', fn([TYPE], (other) => compareVersions(version, versionOf(other)) > 0)],
  ]);
  return new GoObject(TYPE, new Map(), methods, version);
}

function versionOf(value: Value): Version {
  if (value instanceof GoObject && value.typeName === TYPE) return value.native as Version;
  throw new TemplateProblem('runtime error: invalid memory address or nil pointer dereference');
}
