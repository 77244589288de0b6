/** A hub of data sets on this machine: what the real one answers, and ways in which it can fail. */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

export interface HubRequest {
  readonly path: string;
  readonly range: readonly [start: number, end: number] | undefined;
  readonly authorization: string | undefined;
  /** Which of the two hosts was asked. */
  readonly host: 'hub' | 'storage';
}

export interface HubFaults {
  /** The token that may read; without one anybody may. */
  readonly token?: string;
  /** Everybody may list the files, as on the hub; only the token may read them. */
  readonly isListed?: boolean;
  /** Status of all answers. */
  readonly status?: number;
  /** Files are on another host, to which the hub sends on. */
  readonly redirect?: boolean;
  /** Break the connection after so many bytes, this often. */
  readonly breakAfter?: number;
  readonly breaks?: number;
  readonly ignoreRange?: boolean;
  /** Send other bytes than announced. */
  readonly damage?: boolean;
}

export interface DatasetHub {
  readonly endpoint: string;
  readonly requests: HubRequest[];
  readonly faults: { -readonly [K in keyof HubFaults]: HubFaults[K] };
  close(): Promise<void>;
}

type Files = Readonly<Record<string, Uint8Array>>;

/** @param datasets contents by `owner/name` and path. */
export async function startDatasetHub(
  datasets: Readonly<Record<string, Files>>,
  givenFaults: HubFaults = {},
): Promise<DatasetHub> {
  const faults: DatasetHub['faults'] = { ...givenFaults };
  const requests: HubRequest[] = [];
  let breaks = faults.breaks ?? (faults.breakAfter === undefined ? 0 : 1);
  const hub = await listen((request, response) => answer(request, response, 'hub'));
  const storage = await listen((request, response) => answer(request, response, 'storage'));
  const close = async () => {
    await Promise.all([hub, storage].map(({ server }) => closed(server)));
  };
  return { endpoint: hub.origin, requests, faults, close };

  function answer(request: IncomingMessage, response: ServerResponse, host: HubRequest['host']): unknown {
    const path = decodeURIComponent(request.url ?? '');
    const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const range = start === undefined ? undefined : ([Number(start), end ? Number(end) + 1 : Infinity] as const);
    const { authorization } = request.headers;
    requests.push({ path, range, authorization, host });
    const refuse = (status: number) => response.writeHead(status).end();
    if (faults.status !== undefined) return refuse(faults.status);
    const refused = faults.token !== undefined && authorization !== `Bearer ${faults.token}`;
    const isOpen = faults.isListed && path.startsWith('/api/');
    if (refused && host === 'hub' && !isOpen) return refuse(authorization ? 403 : 401);
    const listing = /^\/api\/datasets\/([^/]+\/[^/]+)\/revision\/([^?]+)\?blobs=true$/.exec(path);
    const files = listing && datasets[listing[1]!];
    if (listing && files && ['main', COMMIT].includes(listing[2]!)) return sendListing(files, response);
    const [, repository, file] = /^\/datasets\/([^/]+\/[^/]+)\/resolve\/[0-9a-f]{40}\/(.+)$/.exec(path) ?? [];
    const content = datasets[repository ?? '']?.[file ?? ''];
    if (!content || !path.includes(`/${COMMIT}/`)) return refuse(404);
    if (faults.redirect && host === 'hub')
      response.writeHead(302, { location: `${storage.origin}${request.url}` }).end();
    else sendFile(content, faults.ignoreRange ? undefined : range, response);
  }

  function sendFile(content: Uint8Array, range: HubRequest['range'], response: ServerResponse): void {
    const [start, end] = [range?.[0] ?? 0, Math.min(range?.[1] ?? content.length, content.length)];
    const part = content.subarray(start, end);
    const body = faults.damage ? part.map((byte) => byte ^ 1) : part;
    response.writeHead(range ? 206 : 200, {
      'content-length': body.length,
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${content.length}` }),
    });
    if (breaks > 0 && faults.breakAfter !== undefined && body.length > faults.breakAfter) {
      breaks--;
      response.write(body.subarray(0, faults.breakAfter), () => response.socket?.end());
    } else response.end(body);
  }
}

function sendListing(files: Files, response: ServerResponse): void {
  const siblings = Object.entries(files).map(([rfilename, content]) => ({
    rfilename,
    size: content.length,
    blobId: createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex'),
    ...(/\.(parquet|wav|flac)$/.test(rfilename) && {
      lfs: { sha256: createHash('sha256').update(content).digest('hex'), size: content.length, pointerSize: 134 },
    }),
  }));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ sha: COMMIT, cardData: { license: ['cc-by-nc-4.0'], language: 'en' }, siblings }));
}

async function listen(handler: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
