/** Connections through the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), by CONNECT. */

import { Agent, type ClientRequestArgs, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { UserError } from '../core/errors.js';

/**
 * @returns undefined when the URL is to be reached directly.
 * @throws UserError when the proxy's address is not an http URL.
 */
export function proxyAgent(url: string, environment: NodeJS.ProcessEnv = process.env): Agent | undefined {
  const { protocol, hostname } = new URL(url);
  const named = protocol === 'wss:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const address = named.map((name) => environment[name]).find(Boolean);
  if (!address || isExempt(hostname, environment['no_proxy'] ?? environment['NO_PROXY'] ?? '')) return undefined;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  if (proxy?.protocol !== 'http:') {
    throw new UserError(`${named[1]} does not name an http:// proxy`, {
      hint: 'set it to http://host:port, or unset it',
    });
  }
  return new TunnelAgent(proxy, protocol === 'wss:');
}

/** `.example.org` and `example.org` exempt the host and all below it, `*` everything. This machine is always exempt. */
export function isExempt(hostname: string, list: string): boolean {
  if (isLoopback(hostname)) return true;
  const names = list.split(',').map((name) => name.trim().replace(/^\*?\./, ''));
  return names.some((name) => name === '*' || (name !== '' && (hostname === name || hostname.endsWith(`.${name}`))));
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

class TunnelAgent extends Agent {
  readonly #proxy: URL;
  readonly #isSecure: boolean;

  constructor(proxy: URL, isSecure: boolean) {
    super();
    this.#proxy = proxy;
    this.#isSecure = isSecure;
  }

  override createConnection(
    { host, port, servername }: ClientRequestArgs & { servername?: string },
    done: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const { hostname, port: proxyPort, username, password } = this.#proxy;
    const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
    const asking = request({
      host: hostname,
      port: proxyPort || 80,
      method: 'CONNECT',
      path: `${host}:${port}`,
      headers: username === '' ? {} : { 'proxy-authorization': `Basic ${login}` },
    });
    const fail = (error: Error) => done(error, undefined as unknown as Duplex);
    asking.once('error', fail);
    asking.once('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        return fail(new Error(`the proxy answered HTTP ${response.statusCode}`));
      }
      done(null, this.#isSecure ? connectTls({ socket, servername: servername ?? host ?? '' }) : socket);
    });
    asking.end();
    return undefined;
  }
}
