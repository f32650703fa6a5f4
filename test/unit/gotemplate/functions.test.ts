import { describe, expect, test } from '@jest/globals';
import {
  type FunctionTable,
  fn,
  framed,
  GoInteger,
  GoMap,
  GoNil,
  GoObject,
  GoSlice,
  goValueOf,
  type HostValue,
  helmCapabilities,
  helmFiles,
  helmFunctions,
  sprigFunctions,
  TemplateProblem,
  TemplateSet,
  variadic,
} from '../../../src/gotemplate/index.ts';

function render(text: string, data: HostValue = {}, functions: FunctionTable = {}): string {
  const set = new TemplateSet({ functions: { ...sprigFunctions(), ...helmFunctions(), ...functions } });
  set.parse('main', text);
  return set.execute('main', data);
}

describe('functions of the host', () => {
  const functions: FunctionTable = {
    directory: fn(['string'], (path) => path.slice(0, path.lastIndexOf('/'))),
    valueOrDefault: fn(['interface {}', 'interface {}'], (value, fallback) => (value === null ? fallback : value)),
    strdict: variadic([], 'string', (...parts) => new GoMap(new Map([[parts[0] ?? '', parts[1] ?? '']]), 'string')),
    caller: framed([], (frame) => frame.template.name),
    broken: fn([], () => {
      throw new TemplateProblem('it broke');
    }),
    slice: fn(['string'], (text) => `own ${text}`),
  };
  const cases: Record<string, string> = {
    '{{ directory "/a/b" }} {{ "/c/d" | directory }}': '/a /c',
    '{{ valueOrDefault .none "d" }} {{ valueOrDefault 1 "d" }}': 'd 1',
    '{{ strdict "a" "b" }} {{ (strdict "a" "b").a }} {{ typeOf (strdict "a" "b") }}': 'map[a:b] b map[string]string',
    '{{ caller }}': 'main',
    '{{ slice "x" }}': 'own x',
  };
  test.each(Object.entries(cases))('%s', (text, wanted) => {
    expect(render(text, {}, functions)).toBe(wanted);
  });

  test.each([
    ['{{ directory 1 }}', 'executing "main" at <1>: expected string; found 1'],
    ['{{ directory .n }}', 'wrong type for value; expected string; got float64'],
    ['{{ directory }}', 'wrong number of args for directory: want 1 got 0'],
    ['{{ broken }}', 'executing "main" at <broken>: error calling broken: it broke'],
  ])('%s fails with Go’s words', (text, message) => {
    expect(() => render(text, { n: 1 }, functions)).toThrow(message);
  });

  test('an error that is no TemplateProblem is a bug and passes through', () => {
    const bug = fn([], () => {
      throw new TypeError('a bug');
    });
    expect(() => render('{{ bug }}', {}, { bug })).toThrow(TypeError);
  });
});

describe('values of the host', () => {
  const data: HostValue = {
    port: new GoInteger('int32', 15012n),
    overflow: new GoInteger('uint8', 300n),
    count: 5n,
    pod: new GoObject('*v1.Pod', new Map([['Owner', new GoNil('*v1.Owner')]])),
    names: new GoSlice(['a'], 'string'),
    list: [1n, { deep: new GoInteger('int64', 2n) }],
  };
  const cases: Record<string, string> = {
    '{{ .port }} {{ printf "%T" .port }} {{ eq .port 15012 }} {{ .overflow }}': '15012 int32 true 44',
    '{{ add .count .port }} {{ typeOf .count }} {{ toJson . }}':
      '15017 int {"count":5,"list":[1,{"deep":2}],"names":["a"],"overflow":44,"pod":{"Owner":null},"port":15012}',
    '{{ if .pod.Owner }}x{{ else }}none{{ end }} {{ .pod.Owner }}': 'none <nil>',
    '{{ typeOf .names }} {{ (index .list 1).deep }}': '[]string 2',
  };
  test.each(Object.entries(cases))('%s', (text, wanted) => {
    expect(render(text, data)).toBe(wanted);
  });

  test('a nil pointer says its type', () => {
    expect(() => render('{{ .pod.Owner.Name }}', data)).toThrow('nil pointer evaluating *v1.Owner.Name');
  });

  test('undefined fields are absent, undefined items are nil', () => {
    expect(render('{{ len . }} {{ .b }}', goValueOf({ a: 1, b: undefined }))).toBe('1 <no value>');
  });
});

describe('.Files', () => {
  const files = helmFiles(
    new Map([
      ['conf/a.yaml', 'a: 1\nb: 2\n'],
      ['conf/sub/b.txt', 'text'],
      ['readme.md', '# é'],
    ]),
  );
  const cases: Record<string, string> = {
    '{{ .Files.Get "readme.md" }}|{{ .Files.Get "none" }}|': '# é||',
    '{{ range .Files.Lines "conf/a.yaml" }}[{{ . }}]{{ end }}': '[a: 1][b: 2]',
    '{{ (.Files.Glob "conf/**").AsConfig }}': 'a.yaml: |\n  a: 1\n  b: 2\nb.txt: text',
    '{{ (.Files.Glob "**.md").AsSecrets }}': 'readme.md: IyDDqQ==',
    '{{ range $path, $content := .Files.Glob "conf/*" }}{{ $path }}={{ len $content }} {{ end }}': 'conf/a.yaml=10 ',
    '{{ range $path, $_ := .Files.Glob "{conf/*/?.txt,[a-z]eadme.md}" }}{{ $path }} {{ end }}':
      'conf/sub/b.txt readme.md ',
    '{{ .Files.Get "readme.md" | b64enc }} {{ .Files.GetBytes "conf/sub/b.txt" | toString }}': 'IyDDqQ== text',
  };
  test.each(Object.entries(cases))('%s', (text, wanted) => {
    expect(render(text, { Files: files })).toBe(wanted);
  });
});

test('.Capabilities tells versions', () => {
  const capabilities = helmCapabilities({
    kubeVersion: 'v1.33.1+k3s1',
    apiVersions: ['v1', 'policy/v1', 'apps/v1/Deployment'],
    helmVersion: 'v3.18.0',
  });
  const text =
    '{{ with .Capabilities }}{{ .KubeVersion }} {{ .KubeVersion.Version }} {{ .KubeVersion.Major }}.{{ .KubeVersion.Minor }} {{ .KubeVersion.GitVersion }} {{ .APIVersions.Has "policy/v1" }} {{ .APIVersions.Has "x/v1" }} {{ .HelmVersion.Version }} {{ semverCompare ">=1.30-0" .KubeVersion.Version }}{{ end }}';
  expect(render(text, { Capabilities: capabilities })).toBe(
    'v1.33.1+k3s1 v1.33.1+k3s1 1.33 v1.33.1+k3s1 true false v3.18.0 true',
  );
});

test('lookup asks the host, and finds nothing without one', () => {
  const text = '{{ (lookup "v1" "Secret" "ns" "name").data }}';
  expect(render(text)).toBe('<no value>');
  const lookup = (...keys: readonly string[]) => goValueOf({ data: keys.join('/') });
  expect(render(text, {}, helmFunctions({ lookup }))).toBe('v1/Secret/ns/name');
});

test('toToml writes tables behind simple fields', () => {
  const data = { b: { c: 'x', d: [1.5, 2] }, a: true, list: [{ n: 'one' }, { n: 'two' }] };
  expect(render('{{ toToml . }}', data)).toBe(
    'a = true\n\n[b]\n  c = "x"\n  d = [1.5, 2.0]\n\n[[list]]\n  n = "one"\n\n[[list]]\n  n = "two"\n',
  );
});
