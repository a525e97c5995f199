import { describe, expect, it } from '@jest/globals';
import {
  type ConnectionEventName,
  type ConnectionStateName,
  connectionTable,
  stepConnection,
} from '../../../../daemon/core/peer/connectionMachine.ts';

const greet = ['cancelTimer', 'sendHello', 'startVerifyTimer'];
const serve = ['cancelTimer', 'becomeCurrent'];
const end = ['cancelTimer', 'release'];

const moves: readonly [ConnectionStateName, ConnectionEventName, ConnectionStateName, readonly string[]][] = [
  ['connecting', 'channelOpened', 'verifying', greet],
  ['connecting', 'plainChannelOpened', 'open', serve],
  ['connecting', 'connectionFailed', 'closed', end],
  ['connecting', 'timedOut', 'closed', end],
  ['connecting', 'closed', 'closed', end],
  ['verifying', 'helloVerified', 'open', serve],
  ['verifying', 'helloRefused', 'closed', end],
  ['verifying', 'connectionFailed', 'closed', end],
  ['verifying', 'timedOut', 'closed', end],
  ['verifying', 'closed', 'closed', end],
  ['open', 'helloRefused', 'closed', end],
  ['open', 'connectionFailed', 'closed', end],
  ['open', 'closed', 'closed', end],
];

describe('connectionMachine', () => {
  it.each(moves)('goes from %s by %s to %s', (from, event, to, effects) => {
    expect(stepConnection(from, event)).toEqual({ state: to, effects });
  });

  it('has no other moves than these', () => {
    const inTable = Object.entries(connectionTable).flatMap(([from, row]) =>
      Object.keys(row).map((on) => `${from} ${on}`),
    );
    expect(inTable.sort()).toEqual(moves.map(([from, on]) => `${from} ${on}`).sort());
  });

  it.each<[ConnectionStateName, ConnectionEventName]>([
    ['connecting', 'helloVerified'],
    ['verifying', 'channelOpened'],
    ['open', 'timedOut'],
    ['closed', 'channelOpened'],
    ['closed', 'closed'],
  ])('stays %s when it hears of %s, and does nothing', (state, event) => {
    expect(stepConnection(state, event)).toEqual({ state, effects: [] });
  });
});
