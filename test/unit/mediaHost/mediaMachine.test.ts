import { describe, expect, test } from '@jest/globals';
import {
  firstBackOffMs,
  type MediaEvent,
  type MediaMemory,
  type MediaState,
  maxBackOffMs,
  readyLimitMs,
  restMs,
  step,
  stopLimitMs,
  stoppedMemory,
} from '../../../daemon/mediaHost/mediaMachine.ts';

const walk = (events: readonly (readonly [MediaEvent, number])[], from: MediaMemory = stoppedMemory) =>
  events.reduce<ReturnType<typeof step>>((at, [event, now]) => step(at.memory, event, now), {
    memory: from,
    effects: [],
  });
const inState = (state: MediaState): MediaMemory => ({ ...stoppedMemory, state });
const crash = (from: MediaMemory, now: number): MediaMemory => walk([['childExited', now]], from).memory;

describe('media machine', () => {
  test('spawns a child when it is asked to start, with a limit for its first word', () => {
    expect(step(stoppedMemory, 'startRequested', 0)).toMatchObject({
      memory: { state: 'starting' },
      effects: [{ do: 'spawn' }, { do: 'startTimer', delayMs: readyLimitMs }],
    });
  });

  test('hands over what waited when the child is ready', () => {
    expect(step(inState('starting'), 'childReady', 5)).toMatchObject({
      memory: { state: 'running', runningSince: 5 },
      effects: [{ do: 'stopTimer' }, { do: 'flushQueue' }],
    });
  });

  test('kills a child that does not become ready, and waits for its exit', () => {
    const { memory, effects } = step(inState('starting'), 'timerFired', 0);
    expect([memory.state, effects]).toEqual(['starting', [{ do: 'kill' }]]);
  });

  test('kills a child that does not answer, and waits for its exit', () => {
    const { memory, effects } = step(inState('running'), 'heartbeatLost', 0);
    expect([memory.state, effects]).toEqual(['running', [{ do: 'kill' }]]);
  });

  test('ends the connections of a dead child only, and starts another after the back-off', () => {
    const { memory, effects } = step(inState('running'), 'childExited', 0);
    expect(memory.state).toBe('backingOff');
    expect(effects).toEqual([
      { do: 'endConnections', which: 'handedOver' },
      { do: 'startTimer', delayMs: firstBackOffMs },
    ]);
    expect(step(memory, 'timerFired', 250).memory.state).toBe('starting');
  });

  test('fails at the third crash within a minute, rests, and tries again', () => {
    let memory = inState('running');
    for (const now of [0, 20_000]) memory = { ...crash(memory, now), state: 'running' };
    const failed = step(memory, 'childExited', 59_000);
    expect(failed.memory.state).toBe('failed');
    expect(failed.effects).toEqual([
      { do: 'endConnections', which: 'all' },
      { do: 'startTimer', delayMs: restMs },
    ]);
    const again = walk(
      [
        ['timerFired', 89_000],
        ['childExited', 89_500],
      ],
      failed.memory,
    );
    expect(again.memory.state).toBe('backingOff');
  });

  test('does not fail when the crashes are further apart, but waits longer each time, 10 s at most', () => {
    let memory = inState('running');
    const delays: number[] = [];
    for (let i = 0; i < 8; i++) {
      const at = step({ ...memory, state: 'running', runningSince: i * 35_000 }, 'childExited', i * 35_000 + 10);
      memory = at.memory;
      for (const effect of at.effects) if (effect.do === 'startTimer') delays.push(effect.delayMs);
    }
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, maxBackOffMs, maxBackOffMs]);
  });

  test('forgets earlier crashes when the child has run for a minute', () => {
    let memory = crash(crash(inState('running'), 0), 0);
    memory = { ...memory, state: 'running', runningSince: 1000 };
    const { effects } = step(memory, 'childExited', 61_000);
    expect(effects).toContainEqual({ do: 'startTimer', delayMs: firstBackOffMs });
  });

  test('asks the child to stop, ends every connection, and kills it when it takes too long', () => {
    const asked = step(inState('running'), 'stopRequested', 0);
    expect(asked.effects).toEqual([
      { do: 'endConnections', which: 'all' },
      { do: 'askToStop' },
      { do: 'startTimer', delayMs: stopLimitMs },
    ]);
    expect(step(asked.memory, 'timerFired', stopLimitMs).effects).toEqual([{ do: 'kill' }]);
    expect(step(asked.memory, 'childExited', 10).memory).toEqual(stoppedMemory);
  });

  test.each<MediaState>(['backingOff', 'failed'])('stops at once from %s', (state) => {
    const { memory, effects } = step(inState(state), 'stopRequested', 0);
    expect([memory.state, effects]).toEqual(['stopped', [{ do: 'stopTimer' }, { do: 'endConnections', which: 'all' }]]);
  });

  test.each<[MediaState, MediaEvent]>([
    ['stopped', 'childExited'],
    ['stopped', 'timerFired'],
    ['starting', 'startRequested'],
    ['running', 'startRequested'],
    ['running', 'timerFired'],
    ['backingOff', 'childReady'],
    ['failed', 'startRequested'],
    ['stopping', 'childReady'],
    ['stopping', 'heartbeatLost'],
  ])('in %s ignores %s', (state, event) => {
    expect(step(inState(state), event, 0)).toEqual({ memory: inState(state), effects: [] });
  });
});
