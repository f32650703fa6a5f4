/**
 * A piece of a template: YAML as data, with nodes where the pod or the installation decides. Plain values stand for
 * themselves; a field whose value is a choice is there only if a branch applies, an item likewise.
 */
export type Part = string | number | boolean | Node | readonly Part[] | Fields;

/** A YAML map; a field that is `undefined` is left out. */
export interface Fields {
  readonly [key: string]: Part | undefined;
}

type Node = Action | Choice | Loop | Continuation;

/** `{{ pipeline }}` where a value stands. What it prints must be YAML that fits on a line. */
export interface Action {
  readonly $node: 'action';
  readonly pipeline: string;
}

/** The first branch whose condition holds, else `otherwise`, else nothing. */
interface Choice {
  readonly $node: 'choice';
  readonly branches: readonly (readonly [condition: string, part: Part])[];
  readonly otherwise: Part | undefined;
}

/** An item of a list for everything that `range` goes over. */
interface Loop {
  readonly $node: 'loop';
  readonly range: string;
  readonly item: Part;
}

/** The items of a field that has a key of its own only where `condition` holds; elsewhere the list above goes on. */
interface Continuation {
  readonly $node: 'continuation';
  readonly condition: string;
  readonly items: readonly Part[];
}

/** A template: variables that its expressions share, then the documents. */
export interface TemplateSource {
  readonly variables: readonly (readonly [name: string, expression: string])[];
  /** Statements for what an assignment cannot say, such as filling a list; after the variables. */
  readonly statements?: readonly string[];
  readonly documents: readonly Fields[];
}

/** Prints what a pipeline gives as it is: numbers, booleans, and what is YAML already. */
export function print(pipeline: string): Action {
  return { $node: 'action', pipeline };
}

/** Only where the condition holds. */
export function when(condition: string, part: Part): Part {
  return { $node: 'choice', branches: [[condition, part]], otherwise: undefined };
}

/** The first branch whose condition holds, else `otherwise`. */
export function choose(branches: Choice['branches'], otherwise?: Part): Part {
  return { $node: 'choice', branches, otherwise };
}

/** An item for each round of a range such as `$key, $value := $.ProxyConfig.ProxyMetadata`. */
export function forEach(range: string, item: Part): Part {
  return { $node: 'loop', range, item };
}

/** A list field that joins the list before it where `condition` does not hold. */
export function ownListWhen(condition: string, items: readonly Part[]): Part {
  return { $node: 'continuation', condition, items };
}

/** The text of a template. */
export function templateText({ variables, statements = [], documents }: TemplateSource): string {
  const head = [
    ...variables.map(([name, expression]) => `{{- $${name} := ${expression} }}`),
    ...statements.map((statement) => `{{- ${statement} }}`),
  ];
  const body = documents.map((document) => fieldLines(document, '').join('\n')).join('\n---\n');
  return `${[...head, body].join('\n')}\n`;
}

function fieldLines(fields: Fields, indent: string): string[] {
  return Object.entries(fields).flatMap(([key, part]) => (part === undefined ? [] : entryLines(key, part, indent)));
}

function entryLines(key: string, part: Part, indent: string): string[] {
  const name = `${indent}${scalarText(key)}:`;
  if (isNode(part)) {
    if (part.$node === 'choice') return choiceLines(part, indent, (branch) => entryLines(key, branch, indent));
    if (part.$node === 'loop') return [name, ...itemLines([part], indent)];
    if (part.$node === 'continuation') {
      return [...guarded(part.condition, [name], indent), ...itemLines(part.items, indent)];
    }
  } else if (isList(part)) {
    return part.length === 0 ? [`${name} []`] : [name, ...itemLines(part, indent)];
  } else if (typeof part === 'object') {
    return Object.keys(part).length === 0 ? [`${name} {}`] : [name, ...fieldLines(part, `${indent}  `)];
  }
  return [`${name} ${valueText(part, indent)}`];
}

function itemLines(items: readonly Part[], indent: string): string[] {
  return items.flatMap((item) => {
    if (isNode(item)) {
      if (item.$node === 'choice') {
        return choiceLines(item, indent, (branch) => itemLines(isList(branch) ? branch : [branch], indent));
      }
      if (item.$node === 'loop') {
        const inner = isList(item.item) ? item.item : [item.item];
        return [`${indent}{{- range ${item.range} }}`, ...itemLines(inner, indent), `${indent}{{- end }}`];
      }
    } else if (typeof item === 'object' && !isList(item)) {
      const [first = '', ...rest] = fieldLines(item, `${indent}  `);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    }
    return [`${indent}- ${valueText(item, indent)}`];
  });
}

function choiceLines({ branches, otherwise }: Choice, indent: string, lines: (part: Part) => string[]): string[] {
  const heads = branches.map(([condition], index) => `${indent}{{- ${index === 0 ? '' : 'else '}if ${condition} }}`);
  const chosen = branches.flatMap(([, part], index) => [heads[index] ?? '', ...lines(part)]);
  const last = otherwise === undefined ? [] : [`${indent}{{- else }}`, ...lines(otherwise)];
  return [...chosen, ...last, `${indent}{{- end }}`];
}

function guarded(condition: string, lines: readonly string[], indent: string): string[] {
  return [`${indent}{{- if ${condition} }}`, ...lines, `${indent}{{- end }}`];
}

function valueText(part: Part, indent: string): string {
  if (isNode(part) && part.$node === 'action') return `{{ ${part.pipeline} }}`;
  if (typeof part === 'string' && part.includes('\n')) {
    return ['|-', ...part.split('\n').map((line) => (line === '' ? '' : `${indent}  ${line}`))].join('\n');
  }
  return typeof part === 'string' ? scalarText(part) : String(part);
}

/** Words that stay text without quotes in YAML 1.1: none of them looks like a number, and `y`, `on` and `null` are none. */
const PLAIN = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z$/-][A-Za-z0-9$()./_=-]+$/i;

function scalarText(text: string): string {
  return PLAIN.test(text) && !/^-(?:[\d.]|$)/.test(text) ? text : JSON.stringify(text);
}

function isNode(part: Part): part is Node {
  return typeof part === 'object' && Object.hasOwn(part, '$node');
}

function isList(part: Part): part is readonly Part[] {
  return Array.isArray(part);
}
