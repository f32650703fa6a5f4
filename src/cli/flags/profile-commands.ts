import type { Command } from 'commander';
import { EXIT_NOT_COMPARED } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { collect, type Run, withExample, withOutputFlag, withoutCharts } from './options.ts';

/** Adds `profile …`. */
export function addProfile(root: Command, run: Run, io: Io): void {
  const profile = root.command('profile').description('Show the built-in configuration profiles.');
  withExample(profile, 'iop profile dump demo');
  withExample(profile.command('list').description('List the profiles.'), 'iop profile list').action(() =>
    run(async () => {
      await (await import('../commands/profile.ts')).listProfiles(io);
      return 0;
    }),
  );
  addDump(profile, run, io);
  addDiff(profile, run, io);
}

function addDump(profile: Command, run: Run, io: Io): void {
  const command = profile
    .command('dump')
    .description('Print a profile as an IstioOperator, with everything that it inherits.')
    .argument('[profile]', 'name of the profile', 'default')
    .option('-f, --filename <file>', 'merge IstioOperator files over it', collect, [])
    .option('-s, --set <path=value>', 'set a field of spec', collect, []);
  command.option('-p, --config-path <path>', 'only what is at this path of the spec, e.g. components.pilot');
  withoutCharts(withOutputFlag(command, ['yaml', 'json', 'flags']));
  withExample(command, 'iop profile dump demo').action((name, options) =>
    run(async () => {
      await (await import('../commands/profile.ts')).dumpProfile(name, options, io);
      return 0;
    }),
  );
}

function addDiff(profile: Command, run: Run, io: Io): void {
  const command = profile
    .command('diff')
    .description('Show in what two profiles differ. Exits like diff(1).')
    .argument('<before>', 'name of a profile')
    .argument('<after>', 'name of another one');
  withOutputFlag(command, ['text', 'json']);
  withExample(command, 'iop profile diff default demo').action((before, after, options) =>
    run(
      async () => (await import('../commands/profile-diff.ts')).diffProfiles([before, after], options, io),
      EXIT_NOT_COMPARED,
    ),
  );
}
