import type { Command } from 'commander';
import type { Io } from '../terminal/io.ts';
import {
  hiddenOption,
  type Run,
  skipConfirmationOption,
  withClusterFlags,
  withExample,
  withInputFlags,
  withNamespaceFlags,
  withOutputFlag,
  withoutCharts,
} from './options.ts';

/** Adds `install` with its alias. */
export function addInstall(parent: Command, run: Run, io: Io): void {
  const command = parent
    .command('install')
    .alias('apply')
    .description('Install Istio once, and wait until it is ready.');
  addApplyFlags(command);
  withExample(command, 'iop install -f iop.yaml --set profile=demo').action((options) =>
    run(async () => (await import('../commands/install.ts')).install(options, io)),
  );
}

/** Adds `upgrade`. */
export function addUpgrade(parent: Command, run: Run, io: Io): void {
  const command = parent.command('upgrade').description('Upgrade a control plane that is there already.');
  addApplyFlags(command);
  withExample(command, 'iop upgrade -f iop.yaml').action((options) =>
    run(async () => (await import('../commands/install.ts')).upgrade(options, io)),
  );
}

/** Adds `plan`. */
export function addPlan(parent: Command, run: Run, io: Io): void {
  const command = parent.command('plan').description('Show what install would change; exit code 2 if anything.');
  withClusterFlags(withNamespaceFlags(withInputFlags(command)));
  withOutputFlag(command, ['text', 'json']).option('--force', 'as if install were run with --force');
  withExample(command, 'iop plan -f iop.yaml').action((options) =>
    run(async () => (await import('../commands/plan.ts')).plan(options, io)),
  );
}

/** Adds `uninstall`. */
export function addUninstall(parent: Command, run: Run, io: Io): void {
  const command = parent.command('uninstall').description('Remove a revision, what a file stands for, or everything.');
  withClusterFlags(withNamespaceFlags(withInputFlags(command)))
    .option('--purge', 'remove every revision, the CRDs and the users’ Istio configuration with them')
    .option('-y, --yes', 'do not ask')
    .addOption(skipConfirmationOption())
    .option('--dry-run', 'only list what would be removed')
    .option('-q, --quiet', 'print errors only')
    .addOption(hiddenOption('-v, --verbose', 'what is removed is listed anyhow'))
    .addOption(hiddenOption('--force', 'errors of validation never keep anything from being removed'));
  withoutCharts(withOutputFlag(command, ['text', 'json']));
  withExample(command, 'iop uninstall --revision canary').action((options) =>
    run(async () => (await import('../commands/uninstall.ts')).uninstall(options, io)),
  );
}

/** Adds `verify`. */
export function addVerify(parent: Command, run: Run, io: Io): void {
  const command = parent
    .command('verify')
    .alias('verify-install')
    .description('Check that everything is there, as it should be, and ready.');
  withClusterFlags(withNamespaceFlags(withInputFlags(command)));
  withoutCharts(withOutputFlag(command, ['text', 'json']));
  withExample(command, 'iop verify -f iop.yaml').action((options) =>
    run(async () => (await import('../commands/verify.ts')).verify(options, io)),
  );
}

/** Adds `status`. */
export function addStatus(parent: Command, run: Run, io: Io): void {
  const command = parent
    .command('status')
    .description('Show control planes, components, drift, and who uses which revision.');
  withOutputFlag(withClusterFlags(command), ['text', 'json']);
  withExample(command, 'iop status').action((options) =>
    run(async () => (await import('../commands/status.ts')).status(options, io)),
  );
}

function addApplyFlags(command: Command): void {
  withClusterFlags(withNamespaceFlags(withInputFlags(command)))
    .option('-y, --yes', 'do not ask')
    .addOption(skipConfirmationOption())
    .addOption(hiddenOption('--verify', 'install waits until everything is ready anyhow'))
    .option('--force', 'take over objects that somebody else installed')
    .option('--dry-run', 'only show what would change')
    .option('--readiness-timeout <duration>', 'how long a component may take to become ready', '300s')
    .option('-q, --quiet', 'print errors only');
  withoutCharts(withOutputFlag(command, ['text', 'json']));
}
