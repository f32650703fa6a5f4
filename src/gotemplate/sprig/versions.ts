import { TemplateProblem } from '../template-error.ts';

/** A semantic version. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
}

const VERSION =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
/** Above this, no version is real: it keeps hostile ones short. */
const MAX_LENGTH = 256;

/** Reads a version; minor and patch may be missing. @throws {TemplateProblem} */
export function parseVersion(text: string): Version {
  const match = text.length > MAX_LENGTH ? null : VERSION.exec(text);
  if (match === null) throw new TemplateProblem('Invalid Semantic Version');
  const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
  if (prerelease.split('.').some((part) => /^0\d+$/.test(part))) {
    throw new TemplateProblem('Version segment starts with 0');
  }
  return { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch), prerelease, metadata };
}

/** The version with all its parts. */
export function versionText({ major, minor, patch, prerelease, metadata }: Version): string {
  const tail = `${prerelease === '' ? '' : `-${prerelease}`}${metadata === '' ? '' : `+${metadata}`}`;
  return `${major}.${minor}.${patch}${tail}`;
}

/** Orders two versions; metadata does not count. */
export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  const core = order(a.major, b.major) || order(a.minor, b.minor) || order(a.patch, b.patch);
  return core === 0 ? comparePrereleases(a.prerelease, b.prerelease) : core;
}

function order(a: bigint | string, b: bigint | string): -1 | 0 | 1 {
  return a === b ? 0 : a < b ? -1 : 1;
}

function comparePrereleases(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  if (a === '') return 1;
  if (b === '') return -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const found = comparePart(left[i], right[i]);
    if (found !== 0) return found;
  }
  return 0;
}

function comparePart(a: string | undefined, b: string | undefined): -1 | 0 | 1 {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const [isLeft, isRight] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isLeft && isRight) return order(BigInt(a), BigInt(b));
  if (isLeft !== isRight) return isLeft ? -1 : 1;
  return order(a, b);
}

const OPERATOR = '(?:=|!=|>=|=>|<=|=<|~>|>|<|~|\\^)?';
const LOOSE =
  'v?([0-9|xX*]+)(?:\\.([0-9|xX*]+))?(?:\\.([0-9|xX*]+))?(-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?';
const ANY_LOOSE = LOOSE.replace(/\((?!\?)/g, '(?:');
const RANGE = new RegExp(`\\s*(${ANY_LOOSE})\\s+-\\s+(${ANY_LOOSE})\\s*`, 'g');
const PART = new RegExp(`(${OPERATOR})\\s*(${ANY_LOOSE})`, 'y');
const WHOLE = new RegExp(`^(${OPERATOR})\\s*${LOOSE}$`);

interface Constraint {
  readonly operator: string;
  readonly version: Version;
  /** Which parts the constraint leaves open, with `x` or by not naming them. */
  readonly open: 'none' | 'patch' | 'minor' | 'all';
}

/** Whether a version meets a constraint such as `>=1.2 <2 || ^3.1`. @throws {TemplateProblem} */
export function matchesConstraint(constraint: string, text: string): boolean {
  if (constraint.length > MAX_LENGTH * 4) throw new TemplateProblem('the constraint is too long');
  const ranges = constraint.replace(RANGE, '>= $1, <= $2 ');
  const alternatives = ranges.split('||').map(parseConstraints);
  const version = parseVersion(text);
  return alternatives.some((all) => all.every((one) => meets(version, one)));
}

function parseConstraints(text: string): readonly Constraint[] {
  const found: Constraint[] = [];
  let rest = text.trim();
  while (rest !== '') {
    PART.lastIndex = 0;
    const part = PART.exec(rest)?.[0];
    if (part === undefined) throw new TemplateProblem(`improper constraint: ${text}`);
    const after = rest.slice(part.length);
    const separator = /^(?:\s*,\s*|\s+|$)/.exec(after)?.[0];
    if (separator === undefined) throw new TemplateProblem(`improper constraint: ${text}`);
    found.push(parseConstraint(part));
    rest = after.slice(separator.length);
  }
  if (found.length === 0) throw new TemplateProblem(`improper constraint: ${text}`);
  return found;
}

function parseConstraint(text: string): Constraint {
  const [, operator = '', major = '', minor = '', patch = '', prerelease = ''] = WHOLE.exec(text) ?? [];
  const isOpen = (part: string) => part === '' || /^[xX*]$/.test(part);
  const at = (open: Constraint['open'], core: string) => ({ operator, open, version: versionIn(core + prerelease) });
  if (isOpen(major)) return at('all', '0.0.0');
  if (isOpen(minor)) return at('minor', `${major}.0.0`);
  return isOpen(patch) ? at('patch', `${major}.${minor}.0`) : at('none', `${major}.${minor}.${patch}`);
}

function versionIn(text: string): Version {
  if (VERSION.test(text)) return parseVersion(text);
  throw new TemplateProblem('constraint Parser Error');
}

function meets(version: Version, constraint: Constraint): boolean {
  const { operator, version: bound, open } = constraint;
  const isForeignPrerelease = version.prerelease !== '' && bound.prerelease === '';
  if (operator === '!=') return isForeignPrerelease && open !== 'none' ? false : differs(version, constraint);
  if (isForeignPrerelease) return false;
  switch (operator) {
    case '>':
      return isGreater(version, constraint);
    case '<':
      return compareVersions(version, bound) < 0;
    case '>=':
    case '=>':
      return compareVersions(version, bound) >= 0;
    case '<=':
    case '=<':
      return isAtMost(version, constraint);
    case '~':
    case '~>':
      return meetsTilde(version, constraint);
    case '^':
      return meetsCaret(version, constraint);
    default:
      return open === 'none' ? compareVersions(version, bound) === 0 : meetsTilde(version, constraint);
  }
}

function differs(version: Version, { version: bound, open }: Constraint): boolean {
  if (open === 'none' || open === 'all') {
    return open === 'all' ? version.major !== bound.major || compareAll(version, bound) : compareAll(version, bound);
  }
  if (version.major !== bound.major) return true;
  if (open === 'minor') return false;
  if (version.minor !== bound.minor) return true;
  return comparePrereleases(version.prerelease, bound.prerelease) !== 0;
}

function compareAll(a: Version, b: Version): boolean {
  return compareVersions(a, b) !== 0;
}

function isGreater(version: Version, { version: bound, open }: Constraint): boolean {
  if (open === 'none' || open === 'all') return compareVersions(version, bound) > 0;
  if (version.major !== bound.major) return version.major > bound.major;
  return open === 'patch' && version.minor > bound.minor;
}

function isAtMost(version: Version, { version: bound, open }: Constraint): boolean {
  if (open === 'none') return compareVersions(version, bound) <= 0;
  if (version.major > bound.major) return false;
  return !(version.major === bound.major && version.minor > bound.minor && open !== 'minor');
}

function meetsTilde(version: Version, { version: bound, open }: Constraint): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const isZero = bound.major === 0n && bound.minor === 0n && bound.patch === 0n;
  if (isZero && (open === 'none' || open === 'all')) return true;
  if (version.major !== bound.major) return false;
  return version.minor === bound.minor || open === 'minor';
}

function meetsCaret(version: Version, { version: bound, open }: Constraint): boolean {
  if (compareVersions(version, bound) < 0) return false;
  if (bound.major > 0n || open === 'minor') return version.major === bound.major;
  if (version.major > 0n) return false;
  if (bound.minor > 0n || open === 'patch') return version.minor === bound.minor;
  return version.minor === 0n && version.patch === bound.patch;
}
