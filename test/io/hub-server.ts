/** A hub on this machine: what the real one answers, and ways in which it can fail. */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubServer {
  /** `http://127.0.0.1:…` */
  readonly endpoint: string;
  /** Method, path and range of every request so far. */
  readonly requests: string[];
  readonly authorizations: (string | undefined)[];
  close(): Promise<void>;
}

export interface HubFaults {
  /** Status instead of an answer to look-ups. */
  readonly lookUpStatus?: number;
  /** Break the connection after so many bytes of the first download. */
  readonly breakAfter?: number;
  /** Send everything, whatever range is asked for. */
  readonly ignoreRange?: boolean;
  /** Send other bytes than announced. */
  readonly damage?: boolean;
}

/** @param repositories file contents by `owner/name` and file */
export async function startHub(
  repositories: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>,
  faults: HubFaults = {},
): Promise<HubServer> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  let breaks = faults.breakAfter;
  const server = createServer((request, response) => {
    requests.push([request.method, request.url, request.headers.range].filter(Boolean).join(' '));
    authorizations.push(request.headers.authorization);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, requests, authorizations, close: () => closed(server) };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const lookUp = /^\/api\/models\/([^/]+\/[^/?]+)/.exec(request.url ?? '');
    const file = /^\/([^/]+\/[^/]+)\/resolve\/c0ffee\/(.+)$/.exec(request.url ?? '');
    const content = file && repositories[file[1]!]?.[file[2]!];
    if (lookUp) answerLookUp(lookUp[1]!, response);
    else if (content) sendFile(content, request, response);
    else response.writeHead(404).end();
  }

  function answerLookUp(repository: string, response: ServerResponse): void {
    const files = repositories[repository];
    const status = faults.lookUpStatus ?? (files ? 200 : 401);
    if (status !== 200 || !files) {
      response.writeHead(status).end('{"error":"no"}');
      return;
    }
    const siblings = Object.entries(files).map(([rfilename, content]) => ({
      rfilename,
      size: content.length,
      lfs: { sha256: sha256(content), size: content.length, pointerSize: 134 },
    }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: repository, sha: 'c0ffee', cardData: { license: 'cc-by-4.0' }, siblings }));
  }

  function sendFile(content: Uint8Array, request: IncomingMessage, response: ServerResponse): void {
    const range = faults.ignoreRange ? undefined : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const from = Number(range?.[1] ?? 0);
    const end = range?.[2] ? Number(range[2]) + 1 : content.length;
    const body = (faults.damage ? content.map((byte) => byte ^ 1) : content).subarray(0, end);
    response.writeHead(range ? 206 : 200, {
      'content-length': end - from,
      ...(range ? { 'content-range': `bytes ${from}-${end - 1}/${content.length}` } : {}),
    });
    if (breaks === undefined) response.end(body.subarray(from));
    else response.write(body.subarray(from, from + breaks), () => response.destroy());
    breaks = undefined;
  }
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
