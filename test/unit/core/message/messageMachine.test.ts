import { describe, expect, it } from '@jest/globals';
import {
  type MessageEventName,
  type MessageStateName,
  messageTable,
  stepMessage,
} from '../../../../daemon/core/message/messageMachine.ts';

const moves: readonly [MessageStateName, MessageEventName, MessageStateName][] = [
  ['accepted', 'confirmed', 'delivered'],
  ['accepted', 'handedOver', 'delivered'],
  ['accepted', 'givenUp', 'failed'],
];

describe('messageMachine', () => {
  it.each(moves)('goes from %s by %s to %s', (from, event, to) => {
    expect(stepMessage(from, event)).toBe(to);
  });

  it('has no other moves than these', () => {
    const inTable = Object.entries(messageTable).flatMap(([from, row]) =>
      Object.keys(row).map((on) => `${from} ${on}`),
    );
    expect(inTable).toEqual(moves.map(([from, on]) => `${from} ${on}`));
  });

  it.each<[MessageStateName, MessageEventName]>([
    ['delivered', 'givenUp'],
    ['delivered', 'confirmed'],
    ['failed', 'confirmed'],
  ])('is settled for good once it is %s, whatever comes: %s', (state, event) => {
    expect(stepMessage(state, event)).toBeUndefined();
  });
});
