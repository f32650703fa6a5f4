import { createInterface } from 'node:readline';
import { type Duty, disposeOf, NO_DUTY } from './duty.ts';

/**
 * A process of its own that outlives its owner for a moment and cleans up after it.
 *
 * It reads its duty from standard input, one JSON document a line, the last one counts. The system closes that pipe when
 * the owner ends, in whatever way, so there is no process id to poll or to mistake for another one.
 */
let duty: Duty = NO_DUTY;
for await (const line of createInterface({ input: process.stdin })) duty = JSON.parse(line) as Duty;
await disposeOf(duty);
