import type { JsonObject } from '../core/index.ts';
import { goJson } from './go-json.ts';
import type { MeshConfig } from './mesh-config.ts';
import { annotationsOf, parseBool, proxyOf, textAt, withAnnotations, withProxy, withVariable } from './pod-parts.ts';

/** The variable from which the agent knows where the application's own metrics are. */
const SCRAPING = 'ISTIO_PROMETHEUS_ANNOTATIONS';

/**
 * Points Prometheus to the agent, which gives out the metrics of the application together with those of the proxy. What
 * the pod said before goes to the agent. Pods that do not want to be scraped, or not this way, stay as they are.
 */
export function withMergedMetrics(pod: JsonObject, mesh: MeshConfig): JsonObject {
  const annotations = annotationsOf(pod);
  const said = textAt(annotations, 'prometheus.istio.io/merge-metrics');
  const merges = parseBool(said) ?? mesh.fields.enablePrometheusMerge !== false;
  if (!merges || parseBool(scrapingOf(annotations).scrape) === false) return pod;
  const port = String(mesh.statusPort);
  const own = scrapingOf(annotations);
  if (own.port === port) return pod; // injected before, or the user knows what to do
  const { scrape = '', path = '', port: ownPort = '' } = own;
  const informed =
    proxyOf(pod) === undefined || (scrape === '' && path === '' && ownPort === '')
      ? pod
      : withProxy(pod, (proxy) => withVariable(proxy, SCRAPING, goJson({ scrape, path, port: ownPort })));
  return withAnnotations(informed, {
    ...withoutScraping(annotations),
    'prometheus.io/port': port,
    'prometheus.io/path': '/stats/prometheus',
    'prometheus.io/scrape': 'true',
  });
}

/** Takes the annotations away that an earlier injection made, so that templates see what the user said. */
export function withoutMergedMetrics(pod: JsonObject, mesh: MeshConfig): JsonObject {
  const annotations = annotationsOf(pod);
  const isOurs = scrapingOf(annotations).port === String(mesh.statusPort);
  return isOurs ? withAnnotations(pod, withoutScraping(annotations)) : pod;
}

/** What annotations say about scraping: Prometheus takes every character that is no letter or digit for the same. */
function scrapingOf(annotations: JsonObject): { scrape?: string; port?: string; path?: string } {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(annotations)) {
    const field = scrapingField(name);
    if (field !== undefined && typeof value === 'string') found[field] = value;
  }
  return found;
}

function withoutScraping(annotations: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => scrapingField(name) === undefined));
}

function scrapingField(name: string): 'scrape' | 'port' | 'path' | undefined {
  switch (name.replace(/[^A-Za-z0-9_]/g, '_')) {
    case 'prometheus_io_scrape':
      return 'scrape';
    case 'prometheus_io_port':
      return 'port';
    case 'prometheus_io_path':
      return 'path';
    default:
      return undefined;
  }
}
