import { describe, expect, test } from '@jest/globals';
import type { ConnectionHandlers } from '../../../daemon/core/ports.ts';
import { maxMessageBytes, sendBufferBytes, type ToMedia } from '../../../daemon/mediaChannel/channel.ts';
import { HostConnection } from '../../../daemon/mediaHost/hostConnection.ts';

function openConnection(limit = maxMessageBytes) {
  const calls: unknown[][] = [];
  const commands: ToMedia[] = [];
  const record =
    (name: string) =>
    (...values: unknown[]): void => {
      calls.push([name, ...values]);
    };
  const handlers = Object.fromEntries(
    ['description', 'candidate', 'channelOpened', 'message', 'drained', 'closed'].map((name) => [name, record(name)]),
  ) as unknown as ConnectionHandlers;
  const connection = new HostConnection(7, handlers, {
    command: (message) => commands.push(message),
    statistics: async () => ({}),
    forget: record('forget'),
  });
  connection.receive({
    kind: 'channelOpened',
    connection: 7,
    label: 'chat',
    localFingerprint: 'AA',
    remoteFingerprint: 'BB',
    maxMessageBytes: limit,
  });
  calls.length = 0;
  return { connection, commands, calls };
}
const progress = (takenBytes: number, bufferedBytes: number) =>
  ({ kind: 'progress', connection: 7, takenBytes, bufferedBytes }) as const;

describe('host connection', () => {
  test('takes at most its buffer and one message, then refuses without a command', () => {
    const { connection, commands } = openConnection();
    const data = new Uint8Array(maxMessageBytes);
    let taken = 0;
    while (connection.send(data)) taken += data.length;
    expect(taken).toBe(sendBufferBytes + maxMessageBytes);
    expect(commands).toHaveLength(taken / data.length);
  });

  test('says drained once when what waits fell below the mark, not before', () => {
    const { connection, calls } = openConnection();
    const data = new Uint8Array(maxMessageBytes);
    while (connection.send(data)) expect(calls).toEqual([]);
    const sent = sendBufferBytes + maxMessageBytes;
    connection.receive(progress(sent, sendBufferBytes));
    expect(calls).toEqual([]);
    connection.receive(progress(sent, 1000));
    connection.receive(progress(sent, 0));
    expect(calls).toEqual([['drained']]);
    expect(connection.send(data)).toBe(true);
  });

  test('does not say drained when little waited', () => {
    const { connection, calls } = openConnection();
    connection.send('hello');
    connection.receive(progress(15, 0));
    expect(calls).toEqual([]);
  });

  test('throws tooLarge above the limit of the peer, measured in UTF-8', () => {
    const { connection } = openConnection(16_384);
    expect(connection.send('x'.repeat(16_384))).toBe(true);
    expect(() => connection.send('é'.repeat(8193))).toThrow(expect.objectContaining({ code: 'tooLarge' }));
    expect(() => connection.send(new Uint8Array(16_385))).toThrow(expect.objectContaining({ code: 'tooLarge' }));
  });

  test('says closed once and nothing afterwards', async () => {
    const { connection, calls, commands } = openConnection();
    connection.receive({ kind: 'closed', connection: 7, code: 'connectionLost', text: 'gone' });
    connection.receive({ kind: 'closed', connection: 7, code: 'connectionLost', text: 'gone' });
    connection.receive({ kind: 'message', connection: 7, data: 'late' });
    expect(calls).toEqual([
      ['forget', 7],
      ['closed', { code: 'connectionLost', text: 'gone' }],
    ]);
    expect(connection.send('x')).toBe(false);
    connection.offer();
    expect(commands).toEqual([]);
    await expect(connection.statistics()).rejects.toMatchObject({ code: 'notFound' });
  });

  test('tells the child of close() and says nothing afterwards', () => {
    const { connection, calls, commands } = openConnection();
    connection.close();
    connection.close();
    connection.receive({ kind: 'closed', connection: 7, code: 'connectionLost', text: 'gone' });
    expect(commands).toEqual([{ kind: 'close', connection: 7 }]);
    expect(calls).toEqual([['forget', 7]]);
  });
});
