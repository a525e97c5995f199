// The life of one connection to a peer (one RTCPeerConnection), as a table and a pure step. A peer that goes away and comes back
// gets a new connection: this machine never starts again.
//
// Inputs   from the media child: channelOpened (to a daemon), plainChannelOpened, connectionFailed
//          from the peer, in the channel: helloVerified, helloRefused
//          from the clock: timedOut
//          from us: closed (idle, replaced, lost a glare, line closed)
export type ConnectionStateName = 'connecting' | 'verifying' | 'open' | 'closed';

export type ConnectionEventName =
  | 'channelOpened'
  | 'plainChannelOpened'
  | 'connectionFailed'
  | 'helloVerified'
  | 'helloRefused'
  | 'timedOut'
  | 'closed';

export type ConnectionEffect = 'sendHello' | 'startVerifyTimer' | 'cancelTimer' | 'becomeCurrent' | 'release';

type Row = { readonly [E in ConnectionEventName]?: ConnectionStateName };

const ending = { connectionFailed: 'closed', timedOut: 'closed', closed: 'closed' } as const;

export const connectionTable = {
  connecting: { ...ending, channelOpened: 'verifying', plainChannelOpened: 'open' },
  verifying: { ...ending, helloVerified: 'open', helloRefused: 'closed' },
  open: { connectionFailed: 'closed', closed: 'closed', helloRefused: 'closed' },
  closed: {},
} as const satisfies Record<ConnectionStateName, Row>;

/** Offer, answer, ICE and DTLS together. */
export const connectLimitMs = 10_000;
/** From the open channel to the verified hello. */
export const verifyLimitMs = 5_000;

const entered: Record<ConnectionStateName, readonly ConnectionEffect[]> = {
  connecting: [],
  verifying: ['cancelTimer', 'sendHello', 'startVerifyTimer'],
  open: ['cancelTimer', 'becomeCurrent'],
  closed: ['cancelTimer', 'release'],
};

/** One step. An event that the state does not know changes nothing. */
export function stepConnection(
  state: ConnectionStateName,
  event: ConnectionEventName,
): { state: ConnectionStateName; effects: readonly ConnectionEffect[] } {
  const row: Row = connectionTable[state];
  const next = row[event];
  return next === undefined ? { state, effects: [] } : { state: next, effects: entered[next] };
}
