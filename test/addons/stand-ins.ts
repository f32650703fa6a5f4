import { once } from 'node:events';
import { createServer } from 'node:http';

/** Something that serves metrics where a pod would. */
export interface StandIn extends AsyncDisposable {
  /** How many times it was scraped, by path. */
  readonly scrapes: ReadonlyMap<string, number>;
}

/**
 * Serves metrics in Prometheus' text format.
 * @param pages - the text by path; any other path is not found.
 */
export async function serveMetrics(
  address: string,
  port: number,
  pages: Readonly<Record<string, string>>,
): Promise<StandIn> {
  const scrapes = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    scrapes.set(path, (scrapes.get(path) ?? 0) + 1);
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(page);
  });
  server.listen(port, address);
  await once(server, 'listening');
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { scrapes, [Symbol.asyncDispose]: close };
}
