import { type Command, Option } from 'commander';
import { COMPONENT_NAMES } from '../../core/index.ts';
import { EXIT_NOT_COMPARED } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { addInstall } from './install-commands.ts';
import {
  collect,
  hiddenOption,
  istioNamespaceOption,
  oneOf,
  type Run,
  revisionOption,
  withClusterFlags,
  withExample,
  withInputFlags,
  withNamespaceFlags,
  withOutputFlag,
} from './options.ts';

/** Adds `manifest …`, `validate` and `migrate`: what needs no cluster. */
export function addOfflineCommands(root: Command, run: Run, io: Io): void {
  const manifest = root
    .command('manifest')
    .description('Print, compare or install the Kubernetes objects of an IstioOperator.');
  withExample(manifest, 'iop manifest generate -f iop.yaml');
  addGenerate(manifest, run, io);
  addDiff(manifest, run, io);
  addInstall(manifest, run, io);
  addValidate(root, run, io);
  addMigrate(root, run, io);
  addKubeInject(root, run, io);
}

function addGenerate(manifest: Command, run: Run, io: Io): void {
  const command = manifest.command('generate').description('Print the manifest, one YAML document per object.');
  withNamespaceFlags(withInputFlags(command))
    .addOption(componentOption())
    .option('-o, --output <folder>', 'write a file per component into a folder instead of stdout')
    .option('--cluster-specific', 'for the version and platform of the cluster; else for Kubernetes 1.32')
    .addOption(hiddenOption('--force', 'nothing is ever printed in spite of errors'))
    .addOption(hiddenOption('--dry-run', 'this command never changes anything'));
  withClusterFlags(command);
  withExample(command, 'iop manifest generate -f iop.yaml | kubectl apply --server-side -f -').action((options) =>
    run(async () => {
      await (await import('../commands/manifest-generate.ts')).generateManifest(options, io);
      return 0;
    }),
  );
}

function componentOption(): Option {
  const option = oneOf(new Option('--component <name>', 'only this component; may be repeated'), COMPONENT_NAMES);
  const parse = option.parseArg;
  return option
    .argParser((text: string, previous: readonly string[]) => collect(String(parse?.(text, '')), previous))
    .default([]);
}

function addDiff(manifest: Command, run: Run, io: Io): void {
  const command = manifest
    .command('diff')
    .description('Compare two manifests field by field. Exits like diff(1).')
    .argument('<before>', 'file, - for standard input')
    .argument('<after>', 'file, - for standard input');
  withOutputFlag(command, ['text', 'json']);
  withExample(command, 'iop manifest generate -f new.yaml | iop manifest diff old-manifest.yaml -').action(
    (before, after, options) =>
      run(
        async () => (await import('../commands/manifest-diff.ts')).diffManifests([before, after], options, io),
        EXIT_NOT_COMPARED,
      ),
  );
}

function addValidate(root: Command, run: Run, io: Io): void {
  const command = root
    .command('validate')
    .description('Check IstioOperator files without a cluster.')
    .argument('[files...]', 'files, - for standard input')
    .option('-f, --filename <file>', 'the same as an argument', collect, [])
    .option('--strict', 'warnings fail, too');
  withOutputFlag(command, ['text', 'json', 'sarif']);
  withExample(command, 'iop validate -f iop.yaml -o sarif > iop.sarif').action((files, options) =>
    run(async () => (await import('../commands/validate.ts')).validate([...options.filename, ...files], options, io)),
  );
}

function addMigrate(root: Command, run: Run, io: Io): void {
  const command = root
    .command('migrate')
    .description('Rewrite an IstioOperator of Istio 1.5 … 1.23 for today.')
    .argument('[file]', 'file, - for standard input', '-')
    .option('-f, --filename <file>', 'the same as the argument');
  withExample(command, 'iop migrate old.yaml > new.yaml').action((file, options) =>
    run(async () => (await import('../commands/migrate.ts')).migrate(options.filename ?? file, io)),
  );
}

function addKubeInject(root: Command, run: Run, io: Io): void {
  const command = root
    .command('kube-inject')
    .description('Put proxies into the pods of files, as istiod would.')
    .option('-f, --filename <file>', 'file to inject, - for stdin', collect, [])
    .option('--install <file>', 'IstioOperator that stands for the mesh; offline', collect, [])
    .option('-s, --set <path=value>', 'set a field of its spec; offline', collect, [])
    .addOption(revisionOption('control plane revision'))
    .addOption(istioNamespaceOption('namespace of the control plane').default('istio-system'))
    .option('-o, --output <file>', 'file to write to instead of stdout')
    .option('--meshConfigFile <file>', 'mesh configuration to use')
    .option('--injectConfigFile <file>', 'injection configuration to use')
    .option('--valuesFile <file>', 'injection values to use');
  withClusterFlags(command);
  withExample(command, 'iop kube-inject -f app.yaml --install iop.yaml | kubectl apply -f -').action((options) =>
    run(async () => (await import('../commands/kube-inject.ts')).kubeInject(options, io)),
  );
}
