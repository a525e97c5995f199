import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, MediaPhone, type TestConnection, untilOpen } from '../../support/mediaPhone.ts';

describe('two media children', () => {
  const ada = new MediaPhone();
  const bob = new MediaPhone();
  let open: readonly [TestConnection, TestConnection];
  beforeAll(async () => {
    open = await connect(ada, bob);
  });
  afterAll(async () => {
    await Promise.all([ada.host.stop(), bob.host.stop()]);
  });

  test('see the same two fingerprints, upper-case hex with colons', () => {
    const [here, there] = open.map((one) => one.opened);
    expect(here?.localFingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(here?.remoteFingerprint).toBe(there?.localFingerprint);
    expect(there?.remoteFingerprint).toBe(here?.localFingerprint);
    expect([here?.label, there?.label]).toEqual(['chat', 'chat']);
  });

  test('exchange texts and bytes in order, both ways at once', async () => {
    const [here, there] = open;
    const sent = (who: string) =>
      Array.from({ length: 1000 }, (_, i) => (i % 2 ? `${who} ${i} ✓` : Buffer.from([0, 255, i & 255])));
    for (const data of sent('ada')) expect(here.connection.send(data)).toBe(true);
    for (const data of sent('bob')) expect(there.connection.send(data)).toBe(true);
    expect(await there.messages(1000)).toEqual(sent('ada'));
    expect(await here.messages(1000)).toEqual(sent('bob'));
  });

  test('exchange texts of 64 KiB, messages of 256 KiB and empty ones whole', async () => {
    const [here, there] = open;
    const sent = ['é'.repeat(32_768), Buffer.alloc(262_144, 0xa5), '', Buffer.alloc(0), 'end'];
    for (const data of sent) expect(there.connection.send(data)).toBe(true);
    expect(await here.messages(sent.length)).toEqual(sent);
  });

  test('push back when 4 MiB wait, say drained, and lose nothing', async () => {
    const [here, there] = open;
    const count = 400;
    const data = (i: number): Buffer => Buffer.alloc(65_536, i & 255);
    let refused = 0;
    for (let i = 0; i < count; i++) {
      while (!here.connection.send(data(i))) {
        refused += 1;
        await here.until('drained');
      }
    }
    const received = await there.messages(count);
    expect(received.every((message, i) => data(i).equals(message as Buffer))).toBe(true);
    expect(refused).toBeGreaterThan(0);
  });

  test('refuse a message above 256 KiB where it is sent', () => {
    const [here] = open;
    expect(() => here.connection.send(Buffer.alloc(262_145))).toThrow(expect.objectContaining({ code: 'tooLarge' }));
  });

  test('report the candidate pair, ICE, DTLS and bytes', async () => {
    const [here] = open;
    expect(await here.connection.statistics()).toMatchObject({
      localCandidate: expect.stringMatching(/^\w+ UDP 127\.0\.0\.1:\d+$/),
      remoteCandidate: expect.stringMatching(/^\w+ UDP 127\.0\.0\.1:\d+$/),
      iceState: expect.stringMatching(/^(connected|completed)$/),
      dtlsState: 'connected',
      bytesSent: expect.any(Number),
      roundTripMs: expect.any(Number),
    });
  });

  test('deliver what was sent just before an orderly close', async () => {
    const [here, there] = await connect(ada, bob);
    for (let i = 0; i < 50; i++) here.connection.send(`last words ${i}`);
    here.connection.close();
    expect(await there.messages(50)).toEqual(Array.from({ length: 50 }, (_, i) => `last words ${i}`));
    expect(await there.until('closed')).toMatchObject({ code: 'connectionLost' });
  });

  test('settle glare: one drops its own offer and answers the other on a new connection', async () => {
    const [kept, answering] = await untilOpen(async () => {
      const dropped = ada.connection();
      const kept = bob.connection();
      dropped.connection.offer();
      kept.connection.offer();
      await dropped.until('description');
      const { sdp } = await kept.until('description');
      dropped.connection.close();
      const answering = ada.connection();
      answering.sendSignalsTo(kept);
      kept.sendSignalsTo(answering);
      kept.signals.description('offer', sdp);
      return [kept, answering] as const;
    });
    expect(answering.connection.send('after glare')).toBe(true);
    expect(await kept.messages(1)).toEqual(['after glare']);
    answering.connection.close();
  });

  test('end a connection whose own offer is out when an offer comes for it', async () => {
    const confused = ada.connection();
    const other = bob.connection();
    confused.connection.offer();
    other.connection.offer();
    await confused.until('description');
    confused.connection.setRemoteDescription('offer', (await other.until('description')).sdp);
    expect(await confused.until('closed')).toMatchObject({ code: 'internal' });
    other.connection.close();
  });

  test('take a stray answer for nothing', async () => {
    const [here, there] = open;
    const stray = ada.connection();
    stray.connection.offer();
    here.connection.setRemoteDescription('answer', (await stray.until('description')).sdp);
    stray.connection.close();
    expect(there.connection.send('still here')).toBe(true);
    expect(await here.messages(1)).toEqual(['still here']);
  });

  test('say in words that an ICE restart is not possible', async () => {
    const [here, there] = await connect(ada, bob);
    const other = ada.connection();
    other.connection.offer();
    // ICE credentials of another connection.
    there.connection.setRemoteDescription('offer', (await other.until('description')).sdp);
    expect(await there.until('closed')).toMatchObject({ code: 'malformed', text: expect.stringContaining('ICE') });
    here.connection.close();
    other.connection.close();
  });

  test('answer no question about a connection that has ended', async () => {
    const ended = ada.connection();
    ended.connection.close();
    await expect(ended.connection.statistics()).rejects.toMatchObject({ code: 'notFound' });
  });
});
