import { afterEach, describe, expect, test } from '@jest/globals';
import { JsonLineProcess } from '../../support/jsonLineProcess.ts';
import { SignallingProcess } from '../../support/signallingServer.ts';

type Found = Readonly<Record<string, unknown>>;
const signalOf = (event: Found): Found => event.message as Found;

// Two phones that know only the specification, over real WebRTC: once through our server, once through the one that the specification prints.
describe('two plain clients', () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });

  const phone = async (url: string, id: string): Promise<JsonLineProcess> => {
    const client = new JsonLineProcess('test/support/plainClient.mjs', [
      '--bind',
      '127.0.0.1',
      '--label',
      `from ${id}`,
    ]);
    stops.push(() => client.stop());
    client.send({ do: 'connect', url });
    await client.until('open');
    client.send({ do: 'register', id });
    await client.until('signal', (event) => signalOf(event).type === 'peer_joined' && signalOf(event).id === id);
    return client;
  };
  const ours = async (): Promise<SignallingProcess> => {
    const server = await SignallingProcess.start();
    stops.push(() => server.stop());
    return server;
  };
  const chat = async (url: string): Promise<void> => {
    const ada = await phone(url, 'ada');
    const bob = await phone(url, 'bob');
    ada.send({ do: 'offer', to: 'bob' });
    expect(await bob.until('channel')).toMatchObject({ peer: 'ada', label: 'from ada', state: 'open' });
    await ada.until('channel');
    ada.send({ do: 'send', to: 'bob', text: 'hello Bob 😀' });
    expect(await bob.until('message')).toMatchObject({ peer: 'ada', text: 'hello Bob 😀' });
    bob.send({ do: 'send', to: 'ada', text: 'hello Ada' });
    expect(await ada.until('message')).toMatchObject({ peer: 'bob', text: 'hello Ada' });
    ada.send({ do: 'pair', to: 'bob' });
    expect(await ada.until('pair')).toMatchObject({ local: { address: '127.0.0.1' } });
  };

  test('find each other through our server and chat, and no text passes it', async () => {
    const server = await ours();
    await chat(server.url);
    expect(await server.metric('relayed_messages_total{type="offer"}')).toBe(1);
    expect(await server.metric('relayed_messages_total{type="answer"}')).toBe(1);
    expect(await server.metric('relayed_messages_total{type="candidate"}')).toBeGreaterThan(0);
    expect(await server.metric('relayed_messages_total{type="other"}')).toBe(0);
  });

  test('do the same through the server that the specification prints', async () => {
    const server = new JsonLineProcess('test/support/specServer.mjs');
    stops.push(() => server.stop());
    const { url } = await server.until('listening');
    await chat(String(url));
  });

  test('list each other through our server', async () => {
    const { url } = await ours();
    const ada = await phone(url, 'ada');
    await phone(url, 'bob');
    ada.send({ do: 'get_peers' });
    const found = await ada.until('signal', (event) => signalOf(event).type === 'peers');
    expect(signalOf(found)).toEqual({ type: 'peers', list: [{ id: 'bob', online: true }] });
  });
});
