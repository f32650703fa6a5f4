import { expect, test } from '@jest/globals';
import { runChaos } from '../chaos/chaos.ts';

/** What `npm run chaos` does, in a length that suits every push: twelve kills and a duel, always the same steps. */
const SHORT = { seed: 1, rounds: 2, killsPerRound: 6, stepsPerRound: 6, convergeMs: 90_000 };

test('killed, cut off, edited and lied to, the operator ends converged, with nothing lost and nothing foreign touched', async () => {
  const log: string[] = [];
  const result = await runChaos({ ...SHORT, onProgress: (line) => void log.push(line) }, new AbortController().signal);
  expect(result.failure).toBeUndefined();
  expect(result.rounds).toBe(SHORT.rounds + 1);
  expect(result.operatorStarts).toBeGreaterThan(SHORT.rounds * SHORT.killsPerRound * 0.8);
}, 300_000);
