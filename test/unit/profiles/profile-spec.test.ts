import { describe, expect, test } from '@jest/globals';
import { OperatorError } from '../../../src/core/index.ts';
import { isProfileName, PROFILE_NAMES, profileSpec } from '../../../src/profiles/index.ts';

function failure(name: string): OperatorError {
  try {
    profileSpec(name);
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error(`${name} was found`);
}

describe('profileSpec', () => {
  test.each([...PROFILE_NAMES])('%s is there and sets components, add-ons or values', (name) => {
    expect(isProfileName(name)).toBe(true);
    expect(
      Object.keys(profileSpec(name)).every((field) => ['components', 'addonComponents', 'values'].includes(field)),
    ).toBe(true);
  });

  test('a name with a typo is refused with the profile that was meant and all that there are', () => {
    const { detail, message } = failure('dmeo');
    expect(message).toContain('"dmeo"');
    expect(detail).toMatchObject({ code: 'ProfileNotFound', path: 'spec.profile' });
    expect(detail.hint).toContain('Did you mean demo?');
    expect(detail.hint).toContain('openshift-ambient');
  });

  test.each([
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    'profiles/demo.yaml',
    '',
    'Demo',
  ])('%j is no profile', (name) => {
    expect(isProfileName(name)).toBe(false);
    expect(failure(name).detail.code).toBe('ProfileNotFound');
  });

  test('a name of any length makes a message that people can read', () => {
    expect(failure('x'.repeat(1_000_000)).message.length).toBeLessThan(200);
  });
});
