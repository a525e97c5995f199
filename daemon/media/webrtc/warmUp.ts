// Connects two connections of this process to each other once, so that the first real one does not pay for cold code.
import type { Log } from '../../core/ports.ts';
import { RtcConnection, type RtcHandlers } from './connection.ts';

const limitMs = 2_000;
const silent: Log = { error: ignore, warn: ignore, info: ignore, debug: ignore };

/**
 * One data channel from 127.0.0.1 to itself, opened and closed. Cold, a connect takes 70 ms in place of 10, and the window in
 * which a handshake can fail (connection.ts, handshakeFailed) is wide open. Resolves at the end, whatever came of it.
 */
export function warmUp(): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(limit);
      offerer.abort();
      answerer.abort();
      resolve();
    };
    const limit = setTimeout(done, limitMs);
    const handlers = (other: () => RtcConnection): RtcHandlers => ({
      description: (type, sdp) => other().setRemoteDescription(type, sdp.replace('a=setup:actpass', 'a=setup:active')),
      candidate: (candidate, mid) => other().addRemoteCandidate(candidate, mid),
      channelOpened: () => offerer.send('warm'),
      message: done,
      progress: ignore,
      closed: done,
    });
    const settings = { iceServers: [], bindAddress: '127.0.0.1' };
    const offerer: RtcConnection = new RtcConnection(
      'warm-up',
      settings,
      handlers(() => answerer),
      silent,
    );
    const answerer: RtcConnection = new RtcConnection(
      'warm-up',
      settings,
      handlers(() => offerer),
      silent,
    );
    offerer.offer();
  });
}

function ignore(): void {
  // Nobody is to be told of a connection to ourselves.
}
