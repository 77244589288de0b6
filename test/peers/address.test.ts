import { describe, expect, it } from 'vitest';
import { addressOf } from '../../src/peers/address.js';
import { isExempt, proxyAgent } from '../../src/peers/proxy.js';

const ENVIRONMENT = { MY_KEY: ' sk-secret ', EMPTY: '' };

describe('the address of a peer', () => {
  it('has what the protocol adds, unless the URL says otherwise', () => {
    const { url, shown } = addressOf('ws://127.0.0.1:8099/v1/realtime?model=mine', { duplex: '1', model: 'theirs' });
    expect(url).toBe('ws://127.0.0.1:8099/v1/realtime?model=mine&duplex=1');
    expect(shown).toBe('127.0.0.1:8099/v1/realtime');
  });

  it('takes the key from the environment, and shows it to nobody', () => {
    const address = addressOf('wss://api.example/v1', {}, 'MY_KEY', ENVIRONMENT);
    expect(address.key).toBe('sk-secret');
    expect(address.url + address.shown).not.toContain('sk-secret');
  });

  for (const [text, problem] of [
    ['no url', "'no url' is no URL"],
    ['https://api.example/v1', 'begins with https://'],
    ['wss://me:sk-1@api.example/v1', 'the URL holds a key'],
    ['wss://api.example/v1?api_key=sk-1', 'the URL holds a key'],
    ['wss://api.example/v1?access_token=sk-1', 'the URL holds a key'],
  ] as const) {
    it(`is refused when it would be recorded or cannot work: ${text}`, () => {
      expect(() => addressOf(text)).toThrow(problem);
    });
  }

  it('is refused when its key is not there, or would travel in the open', () => {
    expect(() => addressOf('wss://api.example', {}, 'EMPTY', ENVIRONMENT)).toThrow('EMPTY is not set');
    expect(() => addressOf('ws://api.example', {}, 'MY_KEY', ENVIRONMENT)).toThrow('unencrypted');
    expect(addressOf('ws://127.0.0.1:9', {}, 'MY_KEY', ENVIRONMENT).key).toBe('sk-secret');
  });
});

describe('a proxy', () => {
  it('is used for what is not exempt', () => {
    const environment = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'intern.example, .local' };
    expect(proxyAgent('wss://api.example', environment)).toBeDefined();
    expect(proxyAgent('ws://api.example', environment)).toBeUndefined();
    expect(proxyAgent('wss://a.intern.example', environment)).toBeUndefined();
    expect(proxyAgent('wss://127.0.0.1:9', environment)).toBeUndefined();
    expect(isExempt('api.example', '*')).toBe(true);
    expect(() => proxyAgent('wss://api.example', { https_proxy: 'socks5://proxy' })).toThrow('http:// proxy');
  });
});
