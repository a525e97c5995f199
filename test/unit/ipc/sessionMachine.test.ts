import { describe, expect, test } from '@jest/globals';
import { type SessionEvent, type SessionState, sessionTable, stepSession } from '../../../daemon/ipc/sessionMachine.ts';

const events: SessionEvent[] = [
  'helloAccepted',
  'goodbyeReceived',
  'connectionLost',
  'flooded',
  'silent',
  'graceOver',
  'stopped',
];

describe('sessionMachine', () => {
  test.each<[SessionState, SessionEvent, SessionState]>([
    ['connected', 'helloAccepted', 'identified'],
    ['connected', 'connectionLost', 'ended'],
    ['identified', 'helloAccepted', 'identified'],
    ['identified', 'goodbyeReceived', 'ended'],
    ['identified', 'connectionLost', 'lost'],
    ['identified', 'silent', 'lost'],
    ['identified', 'flooded', 'ended'],
    ['identified', 'stopped', 'ended'],
    ['lost', 'helloAccepted', 'identified'],
    ['lost', 'graceOver', 'ended'],
    ['lost', 'stopped', 'ended'],
  ])('%s + %s = %s', (state, event, to) => {
    expect(stepSession(state, event)?.to).toBe(to);
  });

  test('the table has no other moves', () => {
    const moves = Object.values<object>(sessionTable).reduce((count, row) => count + Object.keys(row).length, 0);
    expect(moves).toBe(11);
  });

  test('an ended session does nothing more', () => {
    for (const event of events) expect(stepSession('ended', event)).toBeUndefined();
  });

  test('a lost session takes no goodbye: it has no connection to hear it on', () => {
    expect(stepSession('lost', 'goodbyeReceived')).toBeUndefined();
  });

  test('whoever ends a session that was identified, the line is released, except when the phone stops as a whole', () => {
    for (const event of ['goodbyeReceived', 'flooded'] as const) {
      expect(stepSession('identified', event)?.effects).toContain('release');
    }
    expect(stepSession('lost', 'graceOver')?.effects).toContain('release');
    expect(stepSession('identified', 'connectionLost')?.effects).not.toContain('release');
  });
});
