/** Real sockets on loopback: what no stand-in in memory can show. */

import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Connection, Message } from '../../src/peers/connection.js';
import { fakeNamed } from '../../src/peers/fake/catalogue.js';
import { type FakeServer, type ServeSettings, serveFake } from '../../src/peers/fake/serve.js';
import { connectWebSocket, type SocketLimits } from '../../src/peers/websocket.js';

const opened: { close(): Promise<void> | void }[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function serve(settings: Partial<ServeSettings> = {}): Promise<FakeServer> {
  const server = await serveFake(fakeNamed('openai-realtime'), { port: 0, ...settings });
  opened.push(server);
  return server;
}

interface Client {
  readonly connection: Connection;
  readonly messages: Message[];
  readonly failures: string[];
}

async function connect(
  url: string,
  {
    headers = {},
    timeoutMs = 3000,
    limits,
  }: { headers?: Record<string, string>; timeoutMs?: number; limits?: SocketLimits } = {},
): Promise<Client> {
  const [messages, failures]: [Message[], string[]] = [[], []];
  const connection = await connectWebSocket(
    { url, headers, timeoutMs, signal: new AbortController().signal },
    { onMessage: (message) => messages.push(message), onFailure: ({ message }) => failures.push(message) },
    limits,
  );
  opened.push(connection);
  return { connection, messages, failures };
}

const LIMITS: SocketLimits = { mostUnsentBytes: 2 ** 20, pingEveryMs: 20, pongWithinMs: 60 };

describe('a connection', () => {
  it('puts messages together that arrive in several frames', async () => {
    const { url } = await serve({ isFragmented: true });
    const { messages } = await connect(url);
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    expect(JSON.parse(String(messages[0]))).toMatchObject({ type: 'session.created' });
  });

  it('fails once when the server goes away, and not when it is closed from here', async () => {
    const { url, close } = await serve();
    const lost = await connect(url);
    const closed = await connect(url);
    await closed.connection.close();
    await close();
    await vi.waitFor(() => expect(lost.failures).toEqual([expect.stringMatching(/closed the session \(code 1006/)]));
    expect(closed.failures).toEqual([]);
  });

  it('fails when pings are not answered, because the server stalls', async () => {
    const { url, stages } = await serve({ fault: { kind: 'stall', atS: 0 } });
    const { connection, failures } = await connect(url, { limits: LIMITS });
    connection.send(JSON.stringify({ type: 'input_audio_buffer.append', audio: 'AAA=' }));
    await vi.waitFor(() => expect(failures).toEqual([expect.stringContaining('has not answered a ping')]));
    expect(stages).toHaveLength(1);
  });

  it('fails when the server is slower than what it is sent', async () => {
    const { url, stages } = await serve({ slownessMs: 30 });
    const { connection, failures } = await connect(url, { limits: LIMITS });
    // In pieces, as from a microphone: 100 messages take the server 3 s.
    const sender = setInterval(
      () => connection.send(JSON.stringify({ type: 'input_audio_buffer.append', audio: 'AAA=' })),
      5,
    );
    await vi.waitFor(() => expect(failures).toEqual([expect.stringContaining('slower than real time')]), 5000);
    clearInterval(sender);
    expect(stages).toHaveLength(1);
  });

  it('fails when the server leaves too much unread', async () => {
    const { url } = await serve({ fault: { kind: 'stall', atS: 0 } });
    const { connection, failures } = await connect(url);
    const audio = 'A'.repeat(2 ** 20);
    for (let i = 0; i < 30; i++) connection.send(JSON.stringify({ type: 'input_audio_buffer.append', audio }));
    expect(failures).toEqual([expect.stringContaining('reads slower than real time')]);
  });

  it('fails when a message is larger than any should be', async () => {
    const { url, stages } = await serve();
    const { failures } = await connect(url);
    await vi.waitFor(() => expect(stages).toHaveLength(1));
    stages[0]!.say('x'.repeat(17 * 2 ** 20));
    await vi.waitFor(() => expect(failures).toEqual([expect.stringContaining('Max payload size exceeded')]));
  });
});

describe('connecting', () => {
  it('waits for a server that is just starting', async () => {
    const first = await serve();
    const { port } = new URL(first.url);
    await first.close();
    const connecting = connect(first.url, { timeoutMs: 5000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await serve({ port: Number(port) });
    expect((await connecting).failures).toEqual([]);
  });

  it('gives up when the time is up', async () => {
    const { url, close } = await serve();
    await close();
    await expect(connect(url, { timeoutMs: 100 })).rejects.toThrow(`no connection to ${new URL(url).host}`);
  });

  it('is told at once that the key is wrong, or the path', async () => {
    const { url } = await serve({ key: 'right' });
    await expect(connect(url, { headers: { authorization: 'Bearer wrong' } })).rejects.toMatchObject({
      message: expect.stringContaining('refused the session: HTTP 401'),
      hint: expect.stringContaining('key'),
    });
    await expect(connect(url.replace('realtime', 'nothing'))).rejects.toThrow('HTTP 404');
    expect((await connect(url, { headers: { authorization: 'Bearer right' } })).failures).toEqual([]);
  });
});

describe('a proxy', () => {
  it('is asked for a tunnel when the environment names one', async () => {
    const { url } = await serve();
    const asked: string[] = [];
    const proxy = tunnelTo(new URL(url).port, asked);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('http_proxy', `http://me:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    const { messages } = await connect('ws://peer.example/v1/realtime');
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    expect(asked).toEqual([`peer.example:80 Basic ${Buffer.from('me:secret').toString('base64')}`]);
  });
});

/** A proxy that leads everything to one port of this machine. */
function tunnelTo(port: string, asked: string[]): Server {
  const sockets = new Set<Socket>();
  const proxy = createServer();
  proxy.on('connect', (request, socket: Socket, head) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
    const server = connectTcp(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.write(head);
      server.pipe(socket).pipe(server);
    });
    for (const each of [socket, server]) {
      sockets.add(each);
      each.on('error', () => each.destroy());
    }
  });
  opened.unshift({
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  });
  return proxy;
}
