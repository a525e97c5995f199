// The life of a line's login at its signalling server, as a table and a pure step.
//
// Inputs   from the games: lineOpened, lineClosed
//          from the socket: socketOpened, plainSocketOpened, loginConfirmed, loginRefused, takenOver, socketClosed
//          from the clock: timerFired (registering: no answer; registeringPlain: nothing was refused; waiting: time to try again)
import type { ErrorCode } from '../errors.ts';

export type LineStateName = 'offline' | 'connecting' | 'registering' | 'registeringPlain' | 'online' | 'waiting';

export type LineEvent =
  | { readonly type: 'lineOpened' | 'lineClosed' | 'socketOpened' | 'plainSocketOpened' }
  | { readonly type: 'loginConfirmed' | 'timerFired' }
  | {
      readonly type: 'loginRefused' | 'takenOver' | 'socketClosed';
      readonly code: ErrorCode;
      readonly text: string;
    };

export interface LineState {
  readonly name: LineStateName;
  /** Failed attempts since the last login. */
  readonly attempt: number;
  readonly error?: ErrorCode;
  readonly text?: string;
  readonly retryInMs?: number;
}

export type LineEffect =
  | { readonly do: 'openSocket' | 'closeSocket' | 'sendRegister' | 'requestPeers' | 'cancelTimer' | 'announce' }
  | { readonly do: 'startTimer'; readonly delayMs: number };

type Row = { readonly [E in LineEvent['type']]?: LineStateName };

const registering = {
  loginConfirmed: 'online',
  loginRefused: 'waiting',
  socketClosed: 'waiting',
  takenOver: 'offline',
  lineClosed: 'offline',
} as const;

export const lineTable = {
  offline: { lineOpened: 'connecting' },
  connecting: {
    socketOpened: 'registering',
    plainSocketOpened: 'registeringPlain',
    socketClosed: 'waiting',
    takenOver: 'offline',
    lineClosed: 'offline',
  },
  registering: { ...registering, timerFired: 'waiting' },
  registeringPlain: { ...registering, timerFired: 'online' },
  online: { socketClosed: 'waiting', loginRefused: 'waiting', takenOver: 'offline', lineClosed: 'offline' },
  waiting: { timerFired: 'connecting', lineOpened: 'connecting', lineClosed: 'offline' },
} as const satisfies Record<LineStateName, Row>;

/** A plain server confirms nothing: after this long without a refusal the login counts. */
export const confirmLimitMs = 1000;
/** Ours always answers, but asks the holder of a contested id first. */
export const answerLimitMs = 10_000;
const unanswered = {
  error: 'serverUnreachable',
  text: `The signalling server does not answer the login within ${answerLimitMs / 1000} s; is it overloaded?`,
} as const;
const firstRetryMs = 500;
const lastRetryMs = 30_000;

export const initialLine: LineState = { name: 'offline', attempt: 0 };

/** Full jitter: after a server restart its phones must not come back all at once. `fraction` is random, 0 ≤ x < 1. */
export function retryDelayMs(attempt: number, fraction: number): number {
  const ceilingMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(attempt, 16));
  return Math.round(100 + fraction * ceilingMs);
}

function enter(name: LineStateName, from: LineState, event: LineEvent, fraction: number): LineState {
  const failure = 'code' in event ? { error: event.code, text: event.text } : {};
  switch (name) {
    case 'offline':
      return { name, attempt: 0, ...failure };
    case 'connecting':
      // What went wrong last stays visible while the next attempt runs, unless a person asked for it.
      return event.type === 'lineOpened'
        ? { name, attempt: 0 }
        : { name, attempt: from.attempt, ...(from.error ? { error: from.error, text: from.text ?? '' } : {}) };
    case 'registering':
    case 'registeringPlain':
      return { name, attempt: from.attempt };
    case 'online':
      return { name, attempt: 0 };
    case 'waiting': {
      const why = event.type === 'timerFired' ? unanswered : failure;
      return { name, attempt: from.attempt + 1, ...why, retryInMs: retryDelayMs(from.attempt, fraction) };
    }
    default:
      return name satisfies never;
  }
}

function effectsOf(state: LineState): LineEffect[] {
  switch (state.name) {
    case 'offline':
      return [{ do: 'cancelTimer' }, { do: 'closeSocket' }, { do: 'announce' }];
    case 'connecting':
      return [{ do: 'cancelTimer' }, { do: 'closeSocket' }, { do: 'openSocket' }, { do: 'announce' }];
    case 'registering':
      return [{ do: 'sendRegister' }, { do: 'startTimer', delayMs: answerLimitMs }];
    case 'registeringPlain':
      return [{ do: 'sendRegister' }, { do: 'startTimer', delayMs: confirmLimitMs }];
    case 'online':
      return [{ do: 'cancelTimer' }, { do: 'announce' }, { do: 'requestPeers' }];
    case 'waiting':
      return [{ do: 'closeSocket' }, { do: 'startTimer', delayMs: state.retryInMs ?? 0 }, { do: 'announce' }];
    default:
      return state.name satisfies never;
  }
}

/** One step. An event that the state does not know changes nothing. */
export function stepLine(
  state: LineState,
  event: LineEvent,
  fraction: number,
): { state: LineState; effects: LineEffect[] } {
  const row: Row = lineTable[state.name];
  const name = row[event.type];
  if (name === undefined) return { state, effects: [] };
  const next = enter(name, state, event, fraction);
  return { state: next, effects: effectsOf(next) };
}
