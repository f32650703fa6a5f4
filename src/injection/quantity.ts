/** Sizes of the suffixes in billionths, the finest unit that there is. */
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const ONE = 10n ** 9n;
const QUANTITY = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,2})?$/;

/**
 * A resource quantity as Kubernetes writes it: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m`.
 * @returns undefined for what is no quantity.
 */
export function canonicalQuantity(text: string): string | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const amount = inBillionths(BigInt(`${whole}${fraction}`), fraction.length, suffix);
  return `${sign === '-' && amount !== 0n ? '-' : ''}${formatted(amount, suffix)}`;
}

function inBillionths(digits: bigint, fractionDigits: number, suffix: string): bigint {
  const scale = 10n ** BigInt(fractionDigits);
  const binary = BINARY.indexOf(suffix);
  if (binary > 0) return dividedUp(digits * 1024n ** BigInt(binary) * ONE, scale);
  const decimal = DECIMAL.indexOf(suffix);
  const exponent = decimal < 0 ? 9 + Number(suffix.slice(1)) : 3 * decimal;
  if (exponent < 0) return dividedUp(digits, scale * 10n ** BigInt(-exponent));
  return dividedUp(digits * 10n ** BigInt(exponent), scale);
}

function formatted(amount: bigint, suffix: string): string {
  if (amount === 0n) return '0';
  if (BINARY.indexOf(suffix) > 0 && amount >= 1024n * ONE) {
    const [count, power] = factored(dividedUp(amount, ONE), 1024n, BINARY.length - 1);
    return `${count}${BINARY[power]}`;
  }
  if (/^[eE]./.test(suffix)) {
    const [count, power] = factored(amount, 1000n, 12);
    const exponent = 3 * power - 9;
    return exponent === 0 ? `${count}` : `${count}e${exponent}`;
  }
  const [count, power] = factored(amount, 1000n, DECIMAL.length - 1);
  return `${count}${DECIMAL[power]}`;
}

function factored(amount: bigint, base: bigint, limit: number): [count: bigint, power: number] {
  let count = amount;
  let power = 0;
  while (power < limit && count % base === 0n) {
    count /= base;
    power += 1;
  }
  return [count, power];
}

function dividedUp(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by;
}
