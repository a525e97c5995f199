// The life of the media child as a table and a pure step.
//
// Inputs of the daemon:        startRequested, stopRequested
// Inputs of the child:         childReady, childExited, heartbeatLost
// Inputs of the clock:         timerFired (ready limit, back-off, rest and stop limit: one timer, its meaning is the state's)

export type MediaState = 'stopped' | 'starting' | 'running' | 'backingOff' | 'failed' | 'stopping';
export type MediaEvent =
  | 'startRequested'
  | 'stopRequested'
  | 'childReady'
  | 'childExited'
  | 'heartbeatLost'
  | 'timerFired';
export type MediaEffect =
  | { readonly do: 'spawn' }
  | { readonly do: 'kill' }
  | { readonly do: 'askToStop' }
  /** Replaces the timer that runs. */
  | { readonly do: 'startTimer'; readonly delayMs: number }
  | { readonly do: 'stopTimer' }
  /** Configure the child and hand it what waited. */
  | { readonly do: 'flushQueue' }
  /** `handedOver`: those the dead child knew. `all`: also those that wait for a child. */
  | { readonly do: 'endConnections'; readonly which: 'handedOver' | 'all' };

export interface MediaMemory {
  readonly state: MediaState;
  /** Times (monotonic, ms) of the crashes of the last minute. */
  readonly crashes: readonly number[];
  /** Crashes since the child last ran for a whole minute: the exponent of the back-off. */
  readonly attempt: number;
  /** When the child said ready, monotonic ms. */
  readonly runningSince: number;
}

export const readyLimitMs = 15_000;
export const stopLimitMs = 3_000;
export const restMs = 30_000;
export const firstBackOffMs = 250;
export const maxBackOffMs = 10_000;
export const crashWindowMs = 60_000;
export const crashesToFail = 3;

export const stoppedMemory: MediaMemory = { state: 'stopped', crashes: [], attempt: 0, runningSince: 0 };

/** `crashed` stands for backingOff or, at the third crash within a minute, failed. Events that a row does not name are ignored. */
export const mediaTable = {
  stopped: { startRequested: 'starting' },
  starting: { childReady: 'running', childExited: 'crashed', timerFired: 'starting', stopRequested: 'stopping' },
  running: { childExited: 'crashed', heartbeatLost: 'running', stopRequested: 'stopping' },
  backingOff: { timerFired: 'starting', stopRequested: 'stopped' },
  failed: { timerFired: 'starting', stopRequested: 'stopped' },
  stopping: { childExited: 'stopped', timerFired: 'stopping' },
} as const satisfies Record<MediaState, Partial<Record<MediaEvent, MediaState | 'crashed'>>>;

export interface MediaStep {
  readonly memory: MediaMemory;
  readonly effects: readonly MediaEffect[];
}

/** @param now monotonic time in ms */
export function step(memory: MediaMemory, event: MediaEvent, now: number): MediaStep {
  const row: Partial<Record<MediaEvent, MediaState | 'crashed'>> = mediaTable[memory.state];
  const next = row[event];
  if (next === undefined) return { memory, effects: [] };
  if (next === 'crashed') return crashed(memory, now);
  return { memory: enter(memory, next, now), effects: effectsOf(memory.state, event, next) };
}

function enter(memory: MediaMemory, state: MediaState, now: number): MediaMemory {
  if (state === 'stopped') return stoppedMemory;
  if (state === 'running' && memory.state !== 'running') return { ...memory, state, runningSince: now };
  return { ...memory, state };
}

function effectsOf(from: MediaState, event: MediaEvent, to: MediaState): MediaEffect[] {
  // The child did not answer in time: its exit is the next event.
  if (from === to) return [{ do: 'kill' }];
  switch (to) {
    case 'starting':
      return [{ do: 'spawn' }, { do: 'startTimer', delayMs: readyLimitMs }];
    case 'running':
      return [{ do: 'stopTimer' }, { do: 'flushQueue' }];
    case 'stopping':
      return [{ do: 'endConnections', which: 'all' }, { do: 'askToStop' }, { do: 'startTimer', delayMs: stopLimitMs }];
    case 'stopped':
      return event === 'childExited'
        ? [{ do: 'stopTimer' }]
        : [{ do: 'stopTimer' }, { do: 'endConnections', which: 'all' }];
    case 'backingOff':
    case 'failed':
      return [];
    default:
      return to satisfies never;
  }
}

function crashed(memory: MediaMemory, now: number): MediaStep {
  const healthy = memory.state === 'running' && now - memory.runningSince >= crashWindowMs;
  const attempt = healthy ? 1 : memory.attempt + 1;
  const crashes = [...memory.crashes.filter((time) => now - time < crashWindowMs), now];
  if (crashes.length >= crashesToFail) {
    // After the rest three more crashes are needed to fail again.
    const failed: MediaMemory = { ...memory, state: 'failed', crashes: [], attempt: 0 };
    return {
      memory: failed,
      effects: [
        { do: 'endConnections', which: 'all' },
        { do: 'startTimer', delayMs: restMs },
      ],
    };
  }
  const delayMs = Math.min(maxBackOffMs, firstBackOffMs * 2 ** (attempt - 1));
  return {
    memory: { ...memory, state: 'backingOff', crashes, attempt },
    effects: [
      { do: 'endConnections', which: 'handedOver' },
      { do: 'startTimer', delayMs },
    ],
  };
}
