import { integer, mapOf, object, scalar, text } from '../schema.ts';

/** Labels or annotations in values; numbers and booleans are written as text when they are rendered. */
export const scalarMap = mapOf(scalar());

/** What a CPU or memory target looks like in values. */
export const utilization = object({ targetAverageUtilization: integer(undefined, { min: 0 }) });

/** Log levels. */
export const logging = object({ level: text('Log levels by scope, such as "default:info".') });
