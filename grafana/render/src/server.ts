// Serves the page to the browser, and hands its queries on to Prometheus: to the browser both are one origin.
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

const html = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/page.css">
  <style>body { margin: 0 }</style>
  <div id="root"></div>
  <script>window.process = { env: {} };</script>
  <script src="/page.js"></script>
</html>
`;

// Where Grafana's own server has them.
const iconsUrl = '/public/build/img/icons/';
const icons = join(import.meta.dirname, '../node_modules/@grafana/ui/dist/public/img/icons');

const reason = ({ message, cause }: Error): string => (cause instanceof Error ? cause.message : message);

/** Fails where no Prometheus answers. */
export async function reach(prometheus: string): Promise<void> {
  const url = `${prometheus.replace(/\/+$/, '')}/api/v1/query?query=1`;
  const answer = await fetch(url).catch((error: Error) => {
    throw new Error(`${prometheus} does not answer: ${reason(error)}`);
  });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: is a Prometheus there?`);
}

async function ask(prometheus: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const answer = await fetch(prometheus + request.url, {
      method: request.method,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: await text(request),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(await answer.text());
  } catch (error) {
    response.writeHead(502, { 'content-type': 'text/plain' });
    response.end(`${prometheus}: ${reason(error as Error)}`);
  }
}

function send(file: string | undefined, response: ServerResponse): void {
  if (!file || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}

export async function serve(prometheus: string, bundled: string, dashboards: string[]) {
  const base = prometheus.replace(/\/+$/, '');
  const fileOf = (path: string): string | undefined => {
    if (path.startsWith(iconsUrl)) return join(icons, path.slice(iconsUrl.length));
    if (path.startsWith('/dashboards/')) return dashboards.find((file) => basename(file) === basename(path));
    return join(bundled, path);
  };
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://page').pathname);
    if (path.startsWith('/api/v1/')) void ask(base, request, response);
    else if (path === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    else send(fileOf(path), response);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
