// The connections of the media child by number: turns commands of the control process into calls, and events into messages.
import type { Log } from '../core/ports.ts';
import {
  backlogBytes,
  countedBytes,
  type FromMedia,
  type MediaSettings,
  type ToMedia,
} from '../mediaChannel/channel.ts';
import { RtcConnection, type RtcSettings } from './webrtc/connection.ts';
import { nativeIceServer } from './webrtc/iceServers.ts';

/** `written` is called when the message has left this process, or never will. */
export type Post = (message: FromMedia, written?: () => void) => void;

type ConnectionCommand = Extract<ToMedia, { connection: number }>;

/** Without connections for this long, the native library is put to sleep: awake it takes 0.6 % of a processor. */
const restMs = 10_000;

export interface Library {
  wake(): void;
  sleep(): void;
}

/** @param library awake */
export function createConnections(post: Post, log: Log, library: Library) {
  const connections = new Map<number, RtcConnection>();
  let restTimer: NodeJS.Timeout | undefined;
  let asleep = false;
  let settings: RtcSettings = { iceServers: [], bindAddress: null };

  function configure(given: MediaSettings): void {
    const iceServers = [];
    for (const server of given.iceServers) {
      const native = nativeIceServer(server);
      if ('problem' in native) log.warn('ICE server left out', { urls: server.urls, reason: native.problem });
      else iceServers.push(native);
    }
    settings = { iceServers, bindAddress: given.bindAddress };
  }

  function wake(): void {
    clearTimeout(restTimer);
    if (asleep) library.wake();
    asleep = false;
  }

  /** Puts the library to sleep in a while, unless it is needed before. */
  function restLater(): void {
    clearTimeout(restTimer);
    if (connections.size > 0) return;
    restTimer = setTimeout(() => {
      library.sleep();
      asleep = true;
    }, restMs);
  }

  function forget(connection: number): void {
    connections.delete(connection);
    restLater();
  }

  function create(connection: number): void {
    wake();
    let backlog = 0;
    const end = (): void => {
      connections.get(connection)?.close();
      forget(connection);
    };
    const handlers = {
      description: (type: 'offer' | 'answer', sdp: string) => post({ kind: 'description', connection, type, sdp }),
      candidate: (candidate: string, mid: string) => post({ kind: 'candidate', connection, candidate, mid }),
      channelOpened: (channel: {
        label: string;
        localFingerprint: string;
        remoteFingerprint: string;
        maxMessageBytes: number;
      }) => post({ kind: 'channelOpened', connection, ...channel }),
      message: (data: string | Uint8Array) => {
        const size = countedBytes(data);
        backlog += size;
        if (backlog > backlogBytes) {
          end();
          post({ kind: 'closed', connection, code: 'queueFull', text: 'The peer sends faster than the daemon reads.' });
          return;
        }
        post({ kind: 'message', connection, data }, () => {
          backlog -= size;
        });
      },
      progress: (takenBytes: number, bufferedBytes: number) =>
        post({ kind: 'progress', connection, takenBytes, bufferedBytes }),
      closed: (code: Extract<FromMedia, { kind: 'closed' }>['code'], text: string) => {
        forget(connection);
        log.info('Connection ended', { connection, code });
        post({ kind: 'closed', connection, code, text });
      },
    };
    try {
      const named = withFields(log, { connection });
      connections.set(connection, new RtcConnection(`mosis-${connection}`, settings, handlers, named));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      handlers.closed('mediaFailed', `No PeerConnection could be made: ${reason}. Check bindAddress and iceServers.`);
    }
  }

  /** Commands for connections that have ended meanwhile do nothing. */
  function run(command: ConnectionCommand): void {
    if (command.kind === 'create') {
      create(command.connection);
      return;
    }
    const target = connections.get(command.connection);
    if (command.kind === 'statistics') {
      const statistics = target?.statistics();
      post({ kind: 'statistics', request: command.request, ...(statistics === undefined ? {} : { statistics }) });
      return;
    }
    if (target === undefined) return;
    switch (command.kind) {
      case 'offer':
        target.offer();
        return;
      case 'remoteDescription':
        target.setRemoteDescription(command.type, command.sdp);
        return;
      case 'remoteCandidate':
        target.addRemoteCandidate(command.candidate, command.mid);
        return;
      case 'send':
        target.send(command.data);
        return;
      case 'close':
        forget(command.connection);
        target.close();
        return;
      default:
        command satisfies never;
    }
  }

  function closeAll(): void {
    for (const connection of connections.values()) connection.abort();
    connections.clear();
  }

  return { configure, run, restLater, closeAll };
}

function withFields(log: Log, extra: Record<string, unknown>): Log {
  return {
    error: (message, fields) => log.error(message, { ...extra, ...fields }),
    warn: (message, fields) => log.warn(message, { ...extra, ...fields }),
    info: (message, fields) => log.info(message, { ...extra, ...fields }),
    debug: (message, fields) => log.debug(message, { ...extra, ...fields }),
  };
}
