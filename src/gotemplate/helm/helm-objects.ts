import { encodeBase64 } from '../text/base64.ts';
import { bytesOf, compareText } from '../text/utf8.ts';
import { fn, type GoFunction } from '../values/go-function.ts';
import { GoInteger, GoMap, GoObject, GoSlice, stringSlice, type Value } from '../values/values.ts';
import { writeYaml } from '../yaml/write-yaml.ts';
import { compileGlob } from './glob.ts';

/** A chart's `.Files`, by path. Content is text; bytes that are not UTF-8 stand as lone surrogates U+DC80..U+DCFF. */
export function helmFiles(files: ReadonlyMap<string, string>): GoMap {
  const methods = new Map<string, GoFunction>([
    ['Get', fn(['string'], (path) => files.get(path) ?? '')],
    ['GetBytes', fn(['string'], (path) => byteSlice(files.get(path) ?? ''))],
    ['Lines', fn(['string'], (path) => stringSlice(linesOf(files.get(path))))],
    ['Glob', fn(['string'], (pattern) => globbed(files, pattern))],
    ['AsConfig', fn([], () => asYaml(files, (content) => content))],
    ['AsSecrets', fn([], () => asYaml(files, encodeBase64))],
  ]);
  const entries = new Map([...files].map(([path, content]): [string, Value] => [path, byteSlice(content)]));
  return new GoMap(entries, '[]uint8', { named: { typeName: 'engine.files', methods } });
}

function byteSlice(text: string): GoSlice {
  return new GoSlice(
    Array.from(bytesOf(text), (byte) => new GoInteger('uint8', BigInt(byte))),
    'uint8',
  );
}

function linesOf(content: string | undefined): readonly string[] {
  if (content === undefined || content === '') return [];
  const lines = content.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function globbed(files: ReadonlyMap<string, string>, pattern: string): GoMap {
  const isMatch = compileGlob(pattern === '' ? '**' : pattern);
  return helmFiles(new Map([...files].filter(([path]) => isMatch(path))));
}

/** The files by their names without folders, as the data of a ConfigMap or Secret. */
function asYaml(files: ReadonlyMap<string, string>, shown: (content: string) => string): string {
  if (files.size === 0) return '';
  const sorted = [...files].sort(([a], [b]) => compareText(a, b));
  const entries = sorted.map(([path, content]): [string, Value] => [
    path.slice(path.lastIndexOf('/') + 1),
    shown(content),
  ]);
  return writeYaml(new GoMap(new Map(entries))).replace(/\n$/, '');
}

/** What a chart can ask about the cluster. */
export interface Capabilities {
  /** The version of Kubernetes, such as `v1.33.1`. */
  readonly kubeVersion: string;
  /** `group/version` and `group/version/Kind` of what the cluster serves. */
  readonly apiVersions: readonly string[];
  /** The version that Helm itself is taken for, such as `v3.18.0`. */
  readonly helmVersion: string;
}

/** A chart's `.Capabilities`. */
export function helmCapabilities({ kubeVersion, apiVersions, helmVersion }: Capabilities): GoObject {
  const [, major = '', minor = ''] = /^v?(\d+)\.(\d+)/.exec(kubeVersion) ?? [];
  const version = fn([], () => kubeVersion);
  const kube = new GoObject(
    'chartutil.KubeVersion',
    new Map([
      ['Version', kubeVersion],
      ['Major', major],
      ['Minor', minor],
    ]),
    new Map([
      ['String', version],
      ['GitVersion', version],
    ]),
  );
  const served = new Set(apiVersions);
  const versions = new GoSlice(apiVersions, 'string', {
    named: {
      typeName: 'chartutil.VersionSet',
      methods: new Map([['Has', fn(['string'], (name) => served.has(name))]]),
    },
  });
  const helm = new GoObject('version.BuildInfo', new Map([['Version', helmVersion]]));
  return new GoObject(
    '*chartutil.Capabilities',
    new Map<string, Value>([
      ['KubeVersion', kube],
      ['APIVersions', versions],
      ['HelmVersion', helm],
    ]),
  );
}
