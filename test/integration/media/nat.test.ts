import { afterAll, describe, expect, test } from '@jest/globals';
import { MediaPhone } from '../../support/mediaPhone.ts';
import { NatPair } from '../../support/natPair.ts';

describe('two media children behind port-restricted NATs', () => {
  const ada = new MediaPhone();
  const bob = new MediaPhone();
  afterAll(async () => {
    await Promise.all([ada.host.stop(), bob.host.stop()]);
  });

  test.each([
    [1, 2],
    [30, 40],
  ])('connect with a signalling delay of %i ms and a round trip of %i ms', async (delayMs, roundTripMs) => {
    const nats = await NatPair.create(roundTripMs);
    const [offerer, answerer] = [ada.connection(), bob.connection()];
    nats.signal(offerer, 0, answerer, delayMs);
    nats.signal(answerer, 1, offerer, delayMs);
    offerer.connection.offer();
    await Promise.all([offerer.until('channelOpened'), answerer.until('channelOpened')]);
    offerer.connection.send('through');
    expect(await answerer.messages(1)).toEqual(['through']);
    expect((await offerer.connection.statistics()).remoteCandidate).toMatch(/^(srflx|prflx) UDP/);
    offerer.connection.close();
    answerer.connection.close();
    nats.close();
  });
});
