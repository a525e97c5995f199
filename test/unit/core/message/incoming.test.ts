import { describe, expect, it } from '@jest/globals';
import { encodePeer } from '../../../../proto/runtime/index.ts';
import { Stranger } from '../../../support/simulation/stranger.ts';
import { World } from '../../../support/simulation/world.ts';

function withEve(options: { plain?: boolean } = {}) {
  const world = new World();
  const ada = world.phone('ada').goOnline();
  const eve = new Stranger(world, 'eve', options);
  eve.offer('ada');
  eve.connected();
  world.clock.advance(20);
  return { world, ada, eve };
}

const uuid = (number: number) => new Uint8Array(16).fill(number);
const textOf = (number: number, text = `${number}`) =>
  encodePeer('peerText', { uuid: uuid(number), text, sentAt: 123 });
const confirmed = (eve: Stranger) => eve.packetsNamed('peerStored').flatMap(({ uuids }) => uuids.map((one) => one[0]));

describe('received messages', () => {
  it('are told with both times, journalled, and confirmed', () => {
    const { world, ada, eve } = withEve();
    eve.say(textOf(1, 'Grüße ☎'));
    world.clock.advance(10);
    const receivedAt = world.clock.now() - 9;
    expect(ada.told('message.received')).toEqual([
      { messageId: 1, peerId: 'eve', text: 'Grüße ☎', sentAt: 123, receivedAt },
    ]);
    const event = ada.events.at(-1);
    expect(event).toMatchObject({ durable: true, lineId: 1 });
    expect(ada.store.journalAfter(1, 0, 10)).toMatchObject([{ sequence: event?.sequence, name: 'message.received' }]);
    expect(confirmed(eve)).toEqual([1]);
  });

  it('are confirmed together when they come together', () => {
    const { world, eve } = withEve();
    for (let i = 1; i <= 5; i += 1) eve.say(textOf(i));
    world.clock.advance(10);
    expect(eve.packetsNamed('peerStored')).toHaveLength(1);
    expect(confirmed(eve)).toEqual([1, 2, 3, 4, 5]);
  });

  it('are confirmed in packets that the peer can decode, however many come together', () => {
    const { world, eve } = withEve();
    for (let i = 0; i < 600; i += 1) {
      const bytes = uuid(0);
      new DataView(bytes.buffer).setUint32(0, i);
      eve.say(encodePeer('peerText', { uuid: bytes, text: 'x', sentAt: 1 }));
    }
    world.clock.advance(10);
    expect(eve.packetsNamed('peerStored').map(({ uuids }) => uuids.length)).toEqual([256, 256, 88]);
  });

  it('that come again are confirmed again and told once', () => {
    const { world, ada, eve } = withEve();
    for (let i = 0; i < 3; i += 1) {
      eve.say(textOf(1));
      world.clock.advance(10);
    }
    expect([ada.textsFrom('eve'), confirmed(eve)]).toEqual([['1'], [1, 1, 1]]);
  });

  it('that the disk does not take are neither told nor confirmed, and nothing overtakes them', () => {
    const { world, ada, eve } = withEve();
    eve.say(textOf(1));
    world.clock.advance(10);
    ada.store.full = true;
    eve.say(textOf(2));
    world.clock.advance(0.5);
    eve.say(textOf(3));
    world.clock.advance(0.6);
    ada.store.full = false;
    world.clock.advance(10);
    expect([ada.textsFrom('eve'), confirmed(eve), eve.closed]).toEqual([['1'], [1], 1]);
  });

  it('that the disk did not take arrive once it does, in order', () => {
    const world = new World();
    const [ada, bob] = [world.phone('ada').goOnline(), world.phone('bob').goOnline()];
    bob.send('ada', '0');
    world.clock.until(() => ada.textsFrom('bob').length === 1);
    ada.store.full = true;
    for (let i = 1; i <= 20; i += 1) bob.send('ada', `${i}`);
    world.clock.advance(8000);
    expect(ada.textsFrom('bob')).toEqual(['0']);
    ada.store.full = false;
    world.clock.until(() => bob.store.outboxCount() === 0);
    expect(ada.textsFrom('bob')).toEqual(Array.from({ length: 21 }, (_, i) => `${i}`));
    expect(bob.told('message.changed').every(({ state }) => state === 'delivered')).toBe(true);
    // Each attempt needs a whole new connection: they get rarer.
    expect(ada.media.created).toBeLessThan(12);
  });

  it('of a plain peer carry the time of their arrival, and each counts, even the same text', () => {
    const { world, ada, eve } = withEve({ plain: true });
    for (let i = 0; i < 2; i += 1) eve.say('{"type":"message","text":"hi"}');
    world.clock.advance(10);
    const [first] = ada.told('message.received');
    expect(ada.textsFrom('eve')).toEqual(['hi', 'hi']);
    expect(first?.sentAt).toBe(first?.receivedAt);
    expect(eve.messages).toEqual([]);
  });

  it('of a plain peer that the disk does not take are lost, and the connection goes on', () => {
    const { world, ada, eve } = withEve({ plain: true });
    ada.store.full = true;
    eve.say('{"type":"message","text":"lost"}');
    world.clock.advance(10);
    ada.store.full = false;
    eve.say('{"type":"message","text":"kept"}');
    world.clock.advance(10);
    expect([ada.textsFrom('eve'), eve.closed]).toEqual([['kept'], 0]);
  });

  it('are known again after a restart: what was not confirmed comes once more and is told no second time', () => {
    const world = new World();
    const [ada, bob] = [world.phone('ada').goOnline(), world.phone('bob').goOnline()];
    world.clock.advance(300);
    const messageId = bob.send('ada', 'hi');
    // Dies in the turn of the event loop in which it stored, before the confirmation goes out.
    world.clock.until(() => ada.store.received.length === 1);
    ada.restart();
    world.clock.until(() => bob.outcome(messageId) !== undefined);
    expect([bob.outcome(messageId)?.state, ada.textsFrom('bob')]).toEqual(['delivered', ['hi']]);
  });
});
