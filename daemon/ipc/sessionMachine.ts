// The life of a session, as a table. A session outlives its connection: a game that comes back within the grace time goes on.
//
// Inputs   from the game: helloAccepted, goodbyeReceived
//          from the socket: connectionLost, flooded (nothing but malformed messages)
//          from the clock: silent (no answer to pings), graceOver
//          from the daemon: stopped

export type SessionState = 'connected' | 'identified' | 'lost' | 'ended';
export type SessionEvent =
  | 'helloAccepted'
  | 'goodbyeReceived'
  | 'connectionLost'
  | 'flooded'
  | 'silent'
  | 'graceOver'
  | 'stopped';
/**
 * welcome: say identified, replay. pauseEvents: nothing more is sent. startGrace, stopGrace: the time to come back.
 * release: leave the line. sayGoodbye: the daemon ends.
 */
export type SessionEffect = 'welcome' | 'pauseEvents' | 'startGrace' | 'stopGrace' | 'release' | 'sayGoodbye';

interface Step {
  readonly to: SessionState;
  readonly effects: readonly SessionEffect[];
}
type Row = { readonly [E in SessionEvent]?: Step };

const lost: Step = { to: 'lost', effects: ['pauseEvents', 'startGrace'] };
const released: Step = { to: 'ended', effects: ['pauseEvents', 'release'] };

export const sessionTable = {
  connected: {
    helloAccepted: { to: 'identified', effects: ['welcome'] },
    connectionLost: { to: 'ended', effects: [] },
  },
  identified: {
    // From a new connection before the old one was seen to be gone, or after `who`.
    helloAccepted: { to: 'identified', effects: ['welcome'] },
    goodbyeReceived: released,
    connectionLost: lost,
    silent: lost,
    flooded: released,
    stopped: { to: 'ended', effects: ['pauseEvents', 'sayGoodbye'] },
  },
  lost: {
    helloAccepted: { to: 'identified', effects: ['stopGrace', 'welcome'] },
    graceOver: { to: 'ended', effects: ['release'] },
    stopped: { to: 'ended', effects: ['stopGrace'] },
  },
  ended: {},
} as const satisfies Record<SessionState, Row>;

/** Undefined when the event means nothing in this state. */
export function stepSession(state: SessionState, event: SessionEvent): Step | undefined {
  const row: Row = sessionTable[state];
  return row[event];
}
