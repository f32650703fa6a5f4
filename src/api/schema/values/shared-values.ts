import { integer, mapOf, object, quotable, scalar, count as strictCount, text } from '../schema.ts';

/** A whole number that is not negative. */
export const count = (description?: string) => quotable(strictCount(description));

/** A port; 0 stands for none. */
export const portNumber = quotable(integer(undefined, { min: 0, max: 65_535 }));

/** Labels or annotations in values; numbers and booleans are written as text when they are rendered. */
export const scalarMap = mapOf(scalar());

/** What a CPU or memory target looks like in values. */
export const utilization = object({ targetAverageUtilization: count() });

/** Log levels. */
export const logging = object({ level: text('Log levels by scope, such as "default:info".') });
