import { describe, expect, it } from '@jest/globals';
import {
  answerLimitMs,
  confirmLimitMs,
  initialLine,
  type LineEvent,
  type LineState,
  type LineStateName,
  lineTable,
  retryDelayMs,
  stepLine,
} from '../../../../daemon/core/line/lineMachine.ts';

const failure = { code: 'serverUnreachable', text: 'Nothing listens there' } as const;
const event = (type: LineEvent['type']): LineEvent =>
  type === 'loginRefused' || type === 'takenOver' || type === 'socketClosed' ? { type, ...failure } : { type };
const inState = (name: LineStateName, attempt = 0): LineState => ({ name, attempt });
const effectsOf = (from: LineStateName, type: LineEvent['type']) =>
  stepLine(inState(from), event(type), 0.5).effects.map((effect) => effect.do);

const leave = ['cancelTimer', 'closeSocket', 'announce'];
const dial = ['cancelTimer', 'closeSocket', 'openSocket', 'announce'];
const login = ['sendRegister', 'startTimer'];
const arrive = ['cancelTimer', 'announce', 'requestPeers'];
const wait = ['closeSocket', 'startTimer', 'announce'];

const moves: readonly [LineStateName, LineEvent['type'], LineStateName, readonly string[]][] = [
  ['offline', 'lineOpened', 'connecting', dial],
  ['connecting', 'socketOpened', 'registering', login],
  ['connecting', 'plainSocketOpened', 'registeringPlain', login],
  ['connecting', 'socketClosed', 'waiting', wait],
  ['connecting', 'takenOver', 'offline', leave],
  ['connecting', 'lineClosed', 'offline', leave],
  ['registering', 'loginConfirmed', 'online', arrive],
  ['registering', 'timerFired', 'waiting', wait],
  ['registering', 'loginRefused', 'waiting', wait],
  ['registering', 'socketClosed', 'waiting', wait],
  ['registering', 'takenOver', 'offline', leave],
  ['registering', 'lineClosed', 'offline', leave],
  ['registeringPlain', 'loginConfirmed', 'online', arrive],
  ['registeringPlain', 'timerFired', 'online', arrive],
  ['registeringPlain', 'loginRefused', 'waiting', wait],
  ['registeringPlain', 'socketClosed', 'waiting', wait],
  ['registeringPlain', 'takenOver', 'offline', leave],
  ['registeringPlain', 'lineClosed', 'offline', leave],
  ['online', 'socketClosed', 'waiting', wait],
  ['online', 'loginRefused', 'waiting', wait],
  ['online', 'takenOver', 'offline', leave],
  ['online', 'lineClosed', 'offline', leave],
  ['waiting', 'timerFired', 'connecting', dial],
  ['waiting', 'lineOpened', 'connecting', dial],
  ['waiting', 'lineClosed', 'offline', leave],
];

describe('lineMachine', () => {
  it.each(moves)('goes from %s by %s to %s', (from, type, to, effects) => {
    expect(stepLine(inState(from), event(type), 0.5).state.name).toBe(to);
    expect(effectsOf(from, type)).toEqual(effects);
  });

  it('has no other moves than these', () => {
    const inTable = Object.entries(lineTable).flatMap(([from, row]) =>
      Object.keys(row).map((type) => `${from} ${type}`),
    );
    expect(inTable.sort()).toEqual(moves.map(([from, type]) => `${from} ${type}`).sort());
  });

  it.each<[LineStateName, LineEvent['type']]>([
    ['offline', 'timerFired'],
    ['connecting', 'loginConfirmed'],
    ['registering', 'socketOpened'],
    ['registeringPlain', 'plainSocketOpened'],
    ['online', 'timerFired'],
    ['waiting', 'takenOver'],
  ])('stays %s when it hears of %s, and does nothing', (from, type) => {
    const state = inState(from, 3);
    expect(stepLine(state, event(type), 0.5)).toEqual({ state, effects: [] });
  });

  it('waits for a refusal of a plain server no longer than the confirm limit', () => {
    const { effects } = stepLine(inState('connecting'), event('plainSocketOpened'), 0.5);
    expect(effects).toContainEqual({ do: 'startTimer', delayMs: confirmLimitMs });
  });

  it('takes no silence of our server for a yes: it may be asking the holder of the id', () => {
    const { state, effects } = stepLine(inState('connecting'), event('socketOpened'), 0.5);
    expect(effects).toContainEqual({ do: 'startTimer', delayMs: answerLimitMs });
    expect(stepLine(state, event('timerFired'), 0.5).state).toMatchObject({
      ...{ name: 'waiting', error: 'serverUnreachable' },
      text: expect.stringContaining('within 10 s'),
    });
  });

  it('counts failed attempts, and forgets them with the login', () => {
    let state = inState('connecting');
    for (let i = 0; i < 3; i += 1) {
      state = stepLine(state, event('socketClosed'), 0.5).state;
      state = stepLine(state, event('timerFired'), 0.5).state;
    }
    expect(state.attempt).toBe(3);
    state = stepLine(stepLine(state, event('socketOpened'), 0.5).state, event('loginConfirmed'), 0.5).state;
    expect(state.attempt).toBe(0);
  });

  it('keeps why it failed visible while it tries again, until a person asks for another attempt', () => {
    const waiting = stepLine(inState('connecting'), event('socketClosed'), 0.5).state;
    expect(waiting).toMatchObject({ error: failure.code, text: failure.text });
    expect(stepLine(waiting, event('timerFired'), 0.5).state).toMatchObject({ error: failure.code, attempt: 1 });
    expect(stepLine(waiting, event('lineOpened'), 0.5).state).toEqual({ name: 'connecting', attempt: 0 });
  });

  it('says why it is offline after a takeover, and nothing when it was closed on purpose', () => {
    expect(stepLine(inState('online'), event('takenOver'), 0.5).state).toMatchObject({ error: failure.code });
    expect(stepLine(inState('online'), event('lineClosed'), 0.5).state).toEqual(initialLine);
  });

  it('waits between 100 ms and a ceiling that doubles from 0.5 s to 30 s', () => {
    for (const [attempt, ceilingMs] of [
      [0, 500],
      [1, 1000],
      [4, 8000],
      [6, 30_000],
      [1000, 30_000],
    ] as const) {
      expect(retryDelayMs(attempt, 0)).toBe(100);
      expect(retryDelayMs(attempt, 0.5)).toBe(100 + ceilingMs / 2);
      expect(retryDelayMs(attempt, 0.999_999)).toBeLessThanOrEqual(100 + ceilingMs);
    }
  });
});
