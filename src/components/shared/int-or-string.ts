/** A port or an amount. A text of digits is the number that it spells: as text it would be refused. */
export function intOrString<T extends string | number | undefined>(value: T): T | number {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}
