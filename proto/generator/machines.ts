// The state machines of the daemon: their tables as they run, and what each state means. A state without a meaning does not compile.

import { answerLimitMs, confirmLimitMs, type LineStateName, lineTable } from '../../daemon/core/line/lineMachine.ts';
import { type MessageStateName, messageTable } from '../../daemon/core/message/messageMachine.ts';
import {
  type ConnectionStateName,
  connectionTable,
  connectLimitMs,
  verifyLimitMs,
} from '../../daemon/core/peer/connectionMachine.ts';
import { type SessionState, sessionTable } from '../../daemon/ipc/sessionMachine.ts';
import { type MediaState, mediaTable, readyLimitMs, restMs, stopLimitMs } from '../../daemon/mediaHost/mediaMachine.ts';

export interface Machine {
  readonly title: string;
  /** Path from the root. */
  readonly source: string;
  readonly about: string;
  readonly initial: string;
  /** State → what is true in it. */
  readonly meanings: Readonly<Record<string, string>>;
  /** State → event → next state. */
  readonly table: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names in the table that are no states: each leads on at once, to one of these. */
  readonly forks?: Readonly<Record<string, readonly string[]>>;
}

const line: Record<LineStateName, string> = {
  offline: 'Closed by the games, or taken over by another login. Nothing happens until a game opens it.',
  connecting: 'The socket to the server is being opened.',
  registering: `The socket is open and \`register\` is sent. The server answers, or the attempt has failed after ${answerLimitMs / 1000} s.`,
  registeringPlain: `The same at a plain server, which confirms nothing: no refusal for ${confirmLimitMs} ms counts as a login.`,
  online: 'Logged in: peers can reach this phone.',
  waiting: 'The last attempt failed; the next one comes by itself, later each time.',
};

const connection: Record<ConnectionStateName, string> = {
  connecting: `Offer, answer, ICE and DTLS are under way, for at most ${connectLimitMs / 1000} s.`,
  verifying: `The channel is open. Nothing but the hello is sent, shown or stored; it must come within ${verifyLimitMs / 1000} s.`,
  open: 'The peer is who it should be, or plain: messages go both ways.',
  closed: 'Over. A peer that comes back gets a new connection.',
};

const message: Record<MessageStateName, string> = {
  accepted: 'On this disk; sent again on every new connection until it is settled.',
  delivered: 'On the disk of the peer, or handed to a plain peer. Final.',
  failed: 'Given up, and the game was told why. Final, even if a confirmation comes after all.',
};

const session: Record<SessionState, string> = {
  connected: 'A program has connected and not said hello.',
  identified: 'The game was welcomed; it gets answers and events.',
  lost: 'The game is silent or gone; its place is kept for a while.',
  ended: 'Over.',
};

const media: Record<MediaState | 'crashed', string> = {
  stopped: 'No child, and nobody needs one.',
  starting: `A child was spawned; it must say that it is ready within ${readyLimitMs / 1000} s. Commands wait.`,
  running: 'The child is ready.',
  backingOff: 'The child crashed; another one is started in a moment.',
  failed: `The child crashed too often; the next attempt comes after ${restMs / 1000} s.`,
  stopping: `The child was asked to end; it is killed after ${stopLimitMs / 1000} s.`,
  crashed: 'No state to stay in: `backingOff`, or `failed` at the third crash within a minute.',
};

export const machines: readonly Machine[] = [
  {
    title: 'Session',
    source: 'daemon/ipc/sessionMachine.ts',
    about: 'A game that is attached to the daemon. A session outlives its connection.',
    initial: 'connected',
    meanings: session,
    table: nextStates(sessionTable),
  },
  {
    title: 'Line',
    source: 'daemon/core/line/lineMachine.ts',
    about: 'The login of one phone id at one signalling server.',
    initial: 'offline',
    meanings: line,
    table: lineTable,
  },
  {
    title: 'Connection',
    source: 'daemon/core/peer/connectionMachine.ts',
    about: 'One RTCPeerConnection to one peer.',
    initial: 'connecting',
    meanings: connection,
    table: connectionTable,
  },
  {
    title: 'Message',
    source: 'daemon/core/message/messageMachine.ts',
    about: 'A sent text. It is settled once and never unsettled.',
    initial: 'accepted',
    meanings: message,
    table: messageTable,
  },
  {
    title: 'Media child',
    source: 'daemon/mediaHost/mediaMachine.ts',
    about: 'The process that holds WebRTC and the codecs, kept alive by the daemon.',
    initial: 'stopped',
    meanings: media,
    table: mediaTable,
    forks: { crashed: ['backingOff', 'failed'] },
  },
];

/** The session's table holds the effects of each move as well. */
function nextStates(
  table: Readonly<Record<string, Readonly<Record<string, { readonly to: string }>>>>,
): Machine['table'] {
  return Object.fromEntries(
    Object.entries(table).map(([state, row]) => [
      state,
      Object.fromEntries(Object.entries(row).map(([event, { to }]) => [event, to])),
    ]),
  );
}
