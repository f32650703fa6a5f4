/** What a value must look like: returns what is wrong with it, each fault with its path. */
export type Shape = (value: unknown, path: string) => readonly string[];

const fault = (path: string, wanted: string, value: unknown) => [`${path}: not ${wanted}: ${JSON.stringify(value)}`];

/** A text, whole. */
export function text(pattern = /./): Shape {
  return (value, path) =>
    typeof value === 'string' && pattern.test(value) ? [] : fault(path, `a text like ${pattern}`, value);
}

/** A whole number within bounds. */
export function whole(min = 0, max = Number.MAX_SAFE_INTEGER): Shape {
  return (value, path) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max
      ? []
      : fault(path, `a whole number from ${min} to ${max}`, value);
}

/** True or false. */
export const flag: Shape = (value, path) => (typeof value === 'boolean' ? [] : fault(path, 'a flag', value));

/** One of a few values. */
export function one(...choices: readonly unknown[]): Shape {
  return (value, path) => (choices.includes(value) ? [] : fault(path, `one of ${JSON.stringify(choices)}`, value));
}

/** A list with at least `min` items. */
export function list(item: Shape, min = 0): Shape {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < min) return fault(path, `a list of at least ${min}`, value);
    return value.flatMap((each, index) => item(each, `${path}[${index}]`));
  };
}

/** A map with keys of any name. */
export function map(values: Shape): Shape {
  return (value, path) => {
    if (typeof value !== 'object' || value === null) return fault(path, 'a map', value);
    return Object.entries(value).flatMap(([key, each]) => values(each, `${path}.${key}`));
  };
}

/** An object with exactly these fields, of which some may be missing. */
export function object(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault(path, 'an object', value);
    const fields = new Map(Object.entries({ ...required, ...optional }));
    const missing = Object.keys(required).filter((key) => !Object.hasOwn(value, key));
    return [
      ...missing.map((key) => `${path}.${key}: missing`),
      ...Object.entries(value).flatMap(
        ([key, each]) => fields.get(key)?.(each, `${path}.${key}`) ?? [`${path}.${key}: unknown`],
      ),
    ];
  };
}

/** One of several objects, told apart by the value of one field. */
export function byField(field: string, shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, path) => {
    const found = new Map(Object.entries(Object(value))).get(field);
    const shape = new Map(Object.entries(shapes)).get(String(found));
    return shape === undefined ? fault(`${path}.${field}`, 'known', found) : shape(value, path);
  };
}
