import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalQuantity } from '../../../src/injection/quantity.ts';

const cases: Record<string, [given: string, want: string | undefined]> = {
  'thousandths become a whole number where they can': ['1000m', '1'],
  'thousandths stay where they cannot': ['1500m', '1500m'],
  'decimals become thousandths': ['0.5', '500m'],
  'thousands get a suffix': ['2000', '2k'],
  'powers of 1024 are taken together': ['1024Mi', '1Gi'],
  'half a power is written in the one below': ['1.5Gi', '1536Mi'],
  'an amount below 1024 has no binary suffix': ['0.5Ki', '512'],
  'zero has no suffix': ['0Gi', '0'],
  'an exponent stays one': ['12e5', '1200e3'],
  'what is finer than a billionth is rounded up': ['0.1n', '1n'],
  'a sign is kept': ['-1000m', '-1'],
  'a unit that does not exist is no quantity': ['1GiB', undefined],
  'a suffix alone is no quantity': ['Mi', undefined],
  'empty text is no quantity': ['', undefined],
};

test.each(Object.entries(cases))('%s', (_name, [given, want]) => expect(canonicalQuantity(given)).toBe(want));

test('what is canonical stays as it is', () => {
  const suffix = fc.constantFrom('', 'm', 'k', 'M', 'Ki', 'Mi', 'Gi');
  fc.assert(
    fc.property(fc.nat(), suffix, (amount, unit) => {
      const canonical = canonicalQuantity(`${amount}${unit}`);
      expect(canonicalQuantity(canonical ?? '')).toBe(canonical);
    }),
  );
});
