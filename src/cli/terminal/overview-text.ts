import type { Overview, Resource } from '../commands/status.ts';
import type { Output } from './io.ts';
import { formatTable } from './table.ts';
import { wrapText } from './wrap.ts';

/** What stands below a table on one of its rows. */
interface Remark {
  readonly about: string;
  readonly text: string;
}

/** Below a table, the further lines of a remark. */
const INDENT = 2;

/** What `iop status` found, for people: tables, and below them the sentences, for which a column would be too narrow. */
export function overviewText({ controlPlanes, resources, workloads, tags, use }: Overview, output: Output): string {
  if (controlPlanes.length + workloads.length + resources.length === 0) return 'Istio is not installed.\n';
  const planes = controlPlanes.map((plane) => [
    `${plane.namespace}/${plane.name}`,
    plane.revision,
    plane.version ?? 'unknown',
    `${plane.ready}/${plane.desired}`,
  ]);
  const notReady = workloads.filter(({ message }) => message !== '');
  const sections = [
    section(['CONTROL PLANE', 'REVISION', 'VERSION', 'READY'], planes, output),
    section(['ISTIOOPERATOR', 'REVISION', 'STATUS', 'DRIFT'], resources.map(resourceRow), output),
    remarks(resources.flatMap(remarksOn), output),
    section(
      ['COMPONENT', 'WORKLOAD', 'VERSION', 'READY'],
      workloads.map((each) => [each.component, each.object, each.version ?? 'unknown', each.detail]),
      output,
    ),
    remarks(
      notReady.map(({ object, message }) => ({ about: object, text: message })),
      output,
    ),
    section(
      ['TAG', 'REVISION'],
      tags.map(({ tag, revision }) => [tag, revision]),
      output,
    ),
    section(
      ['REVISION IN USE', 'PODS', 'NAMESPACES'],
      use.map(({ revision, pods, namespaces }) => [revision, String(pods), namespaces.join(', ')]),
      output,
    ),
  ];
  return sections.filter((text) => text !== '').join('\n');
}

function section(heading: readonly string[], rows: readonly (readonly string[])[], output: Output): string {
  return rows.length === 0 ? '' : formatTable([heading, ...rows], output);
}

function resourceRow({ name, revision, status, aside, drifted }: Resource): readonly string[] {
  const drift = drifted.length === 1 ? '1 object' : `${drifted.length} objects`;
  return [name, revision, [status, ...aside.map(({ what }) => what)].join(', '), drifted.length === 0 ? 'none' : drift];
}

function remarksOn({ name, message, aside, drifted }: Resource): readonly Remark[] {
  const texts = [
    message,
    ...aside.map((each) => `${each.what}: ${each.message}`),
    drifted.length === 0 ? '' : `drift: ${drifted.join(', ')}`,
  ];
  return texts.filter((text) => text !== '').map((text) => ({ about: name, text }));
}

function remarks(all: readonly Remark[], { isTerminal, columns }: Output): string {
  const width = isTerminal ? columns : Number.POSITIVE_INFINITY;
  return all.map(({ about, text }) => `${wrapText(`${about}: ${text}`, width, INDENT)}\n`).join('');
}
