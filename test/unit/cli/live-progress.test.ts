import { expect, test } from '@jest/globals';
import { LiveProgress } from '../../../src/cli/terminal/live-progress.ts';
import { Screen } from '../../pictures/screen.ts';
import { fakeIo } from './fake-io.ts';

/** What the terminal shows in the end. */
function shown(text: string): string {
  const screen = new Screen(60);
  screen.write(text);
  return screen.rows.map((row) => row.map(({ char }) => char).join('')).join('\n');
}

test('lines go to standard error, where standard output is no terminal, too', async () => {
  const io = fakeIo({ isTerminal: true, columns: 60 });
  const progress = new LiveProgress(['Base', 'Pilot'], io);
  progress.update({ component: 'Base', phase: 'ready', issues: [], objects: [], waitingFor: [] });
  progress.update({ component: 'Pilot', phase: 'waiting', issues: [], objects: [], waitingFor: ['Base'] });
  await progress.end(false);
  expect(shown(io.printed.stderr)).toBe('✔ Base\n✖ Pilot: waits for Base');
  expect(io.printed.stderr.endsWith('\u001b[?25h')).toBe(true); // the cursor is shown again
  expect(io.printed.stdout).toBe('');
});
