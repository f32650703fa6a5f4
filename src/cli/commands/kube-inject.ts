import { isObject, type JsonObject, type Notice, OFFLINE_FACTS, OperatorError, writeYaml } from '../../core/index.ts';
import { type InjectionContext, injectObject } from '../../injection/index.ts';
import { readYaml, type SourceFile, type YamlDocument } from '../../render/index.ts';
import { type InjectionFlags, readInjection } from '../input/injection-sources.ts';
import { readFiles } from '../input/read-files.ts';
import { EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { warn } from '../terminal/messages.ts';
import { writeOutputFile } from '../terminal/output-file.ts';

/** Options of `iop kube-inject`. */
export interface KubeInjectFlags extends InjectionFlags {
  readonly filename: readonly string[];
  /** Where the result goes instead of standard output. */
  readonly output?: string;
}

/**
 * `iop kube-inject`: the files with proxies in their pods, as istiod would put them in when the pods are created. What is
 * left alone is said on stderr.
 */
export async function kubeInject(flags: KubeInjectFlags, io: Io): Promise<number> {
  if (flags.filename.length === 0) {
    throw new OperatorError('There is nothing to inject.', {
      code: 'Usage',
      hint: 'Name a file: -f FILE, or -f - for stdin.',
    });
  }
  const files = await readFiles(flags.filename, io);
  const { context, notices } = await readInjection(flags, OFFLINE_FACTS, io);
  const results = files.flatMap((file) => injectFile(file, context));
  const skipped = results.flatMap((result): Notice[] =>
    result.skipped.map((message) => ({ code: 'PodNotInjected', message })),
  );
  await warn([...notices, ...skipped], io);
  const text = writeYaml(results.map(({ object }) => object));
  if (flags.output === undefined || flags.output === '-') await io.stdout.write(text);
  else await writeOutputFile(flags.output, text, io);
  return EXIT_OK;
}

function injectFile(file: SourceFile, context: InjectionContext) {
  return readYaml(file.text, file.name)
    .filter(({ value }) => value !== null)
    .map((document) => injectDocument(document, file.name, context));
}

function injectDocument({ value, line }: YamlDocument, file: string, context: InjectionContext) {
  if (!isObject(value)) {
    throw new OperatorError('Expected a Kubernetes object.', {
      code: 'InvalidResource',
      path: `${file}:${line}`,
      hint: 'Give it apiVersion, kind and metadata.',
    });
  }
  try {
    return injectObject(value, context);
  } catch (error) {
    throw error instanceof OperatorError ? located(error, `${file}:${line}: ${nameOf(value)}`) : error;
  }
}

/** The same error with the document before its path: a file has many of them. */
function located(error: OperatorError, where: string): OperatorError {
  const { issues, path, ...detail } = error.detail;
  const within = (inner: string | undefined) => (inner === undefined ? where : `${where}: ${inner}`);
  const located = issues?.map((issue) => ({ ...issue, path: within(issue.path) }));
  const placed = { ...detail, path: within(path) };
  return new OperatorError(error.message, located === undefined ? placed : { ...placed, issues: located }, error);
}

function nameOf({ kind, metadata }: JsonObject): string {
  const name = isObject(metadata) ? (metadata.name ?? metadata.generateName) : undefined;
  return [kind, name].filter((part) => typeof part === 'string').join(' ');
}
