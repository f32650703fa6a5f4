import { expect, test } from '@jest/globals';
import { issuesOf, OperatorError } from '../../../src/core/index.ts';
import { readOperators } from '../../../src/render/index.ts';

const HEAD = 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n';

function failure(...texts: readonly string[]) {
  try {
    readOperators(texts.map((text, index) => ({ name: `${index}.yaml`, text })));
  } catch (error) {
    if (error instanceof OperatorError) return issuesOf(error)[0];
    throw error;
  }
  throw new Error('the files were read');
}

test('each file gives its IstioOperator, in the order of the files', () => {
  const { operators, notices } = readOperators([
    { name: 'a.yaml', text: `---\n---\n${HEAD}metadata: {name: a}\nspec: {profile: demo}\n---\n# nothing\n` },
    { name: 'b.yaml', text: `${HEAD}spec:\n` },
  ]);
  expect(operators.map(({ source, metadata, spec }) => ({ source, metadata, spec }))).toEqual([
    { source: 'a.yaml', metadata: { name: 'a' }, spec: { profile: 'demo' } },
    { source: 'b.yaml', metadata: {}, spec: {} },
  ]);
  expect(notices).toEqual([]);
});

test('a list of objects, as kubectl get prints it, is taken apart', () => {
  const item = 'apiVersion: install.istio.io/v1alpha1\n  kind: IstioOperator\n  spec: {tag: x}';
  const { operators } = readOperators([{ name: 'l', text: `apiVersion: v1\nkind: List\nitems:\n- ${item}\n` }]);
  expect(operators[0]?.spec).toEqual({ tag: 'x' });
});

test('objects of other kinds are skipped with a notice', () => {
  const { notices } = readOperators([{ name: 'a.yaml', text: `apiVersion: v1\nkind: Namespace\n---\n${HEAD}` }]);
  expect(notices).toEqual([
    {
      code: 'IgnoredField',
      message: 'a.yaml:1: this Namespace is not an IstioOperator; it is not part of the manifest.',
      hint: 'Apply it by itself.',
    },
  ]);
});

const failures: Record<string, { text: string; want: object }> = {
  'two IstioOperators in a file': {
    text: `${HEAD}---\n${HEAD}`,
    want: {
      code: 'MultipleResources',
      message: '0.yaml:4: this is a second IstioOperator; the first is at 0.yaml:1.',
      hint: 'Put each into a file of its own. Files given together are merged into one installation.',
    },
  },
  'an empty file': {
    text: '# nothing\n',
    want: {
      code: 'InvalidResource',
      message: '0.yaml: there is no IstioOperator in the file; it is empty.',
      hint: 'Give one with kind: IstioOperator.',
    },
  },
  'a mistyped kind': {
    text: 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperater\n',
    want: {
      code: 'InvalidResource',
      message: '0.yaml: there is no IstioOperator in the file; it holds IstioOperater.',
      hint: 'Did you mean "IstioOperator"?',
    },
  },
  'a document without kind beside an IstioOperator': {
    text: `${HEAD}---\nspec: {}\n`,
    want: {
      code: 'InvalidResource',
      message: '0.yaml:4: the document has no kind.',
      hint: 'Begin it with apiVersion: install.istio.io/v1alpha1 and kind: IstioOperator.',
    },
  },
  'a document that is no object': {
    text: 'just text\n',
    want: {
      code: 'InvalidResource',
      message: '0.yaml:1: the document is not an object.',
      hint: 'It must begin with apiVersion and kind.',
    },
  },
  'another API group': {
    text: 'apiVersion: sailoperator.io/v1\nkind: IstioOperator\n',
    want: {
      code: 'InvalidResource',
      message: '0.yaml:1: the apiVersion of the IstioOperator is not install.istio.io/v1alpha1.',
      hint: 'Set apiVersion: install.istio.io/v1alpha1.',
    },
  },
  'a spec that is a list': {
    text: `${HEAD}spec: []\n`,
    want: {
      code: 'InvalidResource',
      message: '0.yaml:1: spec is not a map.',
      hint: 'Indent the settings below spec:.',
    },
  },
  'metadata that is a text': {
    text: `${HEAD}metadata: x\n`,
    want: { code: 'InvalidResource', message: '0.yaml:1: metadata is not a map.', hint: 'Give it name and namespace.' },
  },
};
test.each(Object.entries(failures))('%s is an error', (_name, { text, want }) => expect(failure(text)).toEqual(want));
