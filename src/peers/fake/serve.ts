/** Stand-in servers on a port of this machine. */

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { UserError } from '../../core/errors.js';
import { wallClock } from '../clock.js';
import type { Message } from '../connection.js';
import { type FakeProtocol, type FakeSettings, Stage } from './stage.js';

export interface ServeSettings extends FakeSettings {
  /** 0 = any that is free. */
  readonly port: number;
  /** Clients must send it as bearer token. */
  readonly key?: string | undefined;
  /** Every message leaves in several frames. */
  readonly isFragmented?: boolean | undefined;
  /** Every message is taken this long, ms: from 20 on the server is slower than real time. */
  readonly slownessMs?: number | undefined;
  onSession?(stage: Stage): void;
}

export interface FakeServer {
  /** Where clients connect. */
  readonly url: string;
  /** Sessions in the order in which they were opened. */
  readonly stages: readonly Stage[];
  close(): Promise<void>;
}

/** @throws UserError when the port is taken. */
export async function serveFake(protocol: FakeProtocol, settings: ServeSettings): Promise<FakeServer> {
  const stages: Stage[] = [];
  const http = createServer(({ url = '/' }, response) => {
    const page = protocol.pages?.[url.split('?')[0]!];
    response.writeHead(page ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(page ?? { error: 'not found' }));
  });
  const sockets = new WebSocketServer({
    server: http,
    perMessageDeflate: false,
    verifyClient: ({ req }: { req: IncomingMessage }, answer) => {
      const status = refusal(protocol, settings, req);
      if (status === undefined) answer(true);
      else answer(false, status, status === 401 ? 'the key is missing or wrong' : 'no such path');
    },
  });
  sockets.on('connection', (socket, { url = '/' }) => {
    const stage = new Stage(endOf(socket, settings), wallClock, settings);
    stages.push(stage);
    settings.onSession?.(stage);
    const session = protocol.accept(stage, new URL(url, 'ws://localhost'));
    socket.on('error', () => {});
    const take = (message: Message) => session.onMessage(message);
    const hear = settings.slownessMs ? slowly(socket, settings.slownessMs, take) : take;
    socket.on('message', (data, isBinary) => hear(isBinary ? (data as Buffer) : data.toString()));
  });
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(`port ${settings.port} cannot be used: ${error.message}`, { hint: 'choose another: --port 0' }),
      );
    // The socket server passes on the errors of its HTTP server.
    sockets.once('error', fail);
    http.listen(settings.port, '127.0.0.1', resolve);
  });
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}${protocol.path}`,
    stages,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function refusal({ path }: FakeProtocol, { key }: ServeSettings, request: IncomingMessage): 401 | 404 | undefined {
  if (request.url?.split('?')[0] !== path) return 404;
  return key !== undefined && request.headers.authorization !== `Bearer ${key}` ? 401 : undefined;
}

/** One message after the other, and nothing is read from the network meanwhile. */
function slowly(socket: WebSocket, eachMs: number, take: (message: Message) => void): (message: Message) => void {
  const waiting: Message[] = [];
  const next = () => {
    const message = waiting[0];
    if (message === undefined) {
      socket.resume();
      return;
    }
    take(message);
    setTimeout(() => {
      waiting.shift();
      next();
    }, eachMs);
  };
  return (message) => {
    if (waiting.push(message) > 1) return;
    socket.pause();
    next();
  };
}

function endOf(socket: WebSocket, { isFragmented }: ServeSettings) {
  return {
    send(message: Message) {
      if (!isFragmented || message.length < 2) return socket.send(message);
      const middle = message.length >> 1;
      socket.send(message.slice(0, middle), { fin: false });
      socket.send(message.slice(middle), { fin: true });
    },
    close: () => socket.close(1000),
    drop: () => socket.terminate(),
    stall: () => socket.pause(),
  };
}
