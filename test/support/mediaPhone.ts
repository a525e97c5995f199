// A media host with a child of its own, and connections whose events a test waits for. Two of them make a call on the loopback.
import type { Connection, ConnectionHandlers } from '../../daemon/core/ports.ts';
import { createMediaHost, type MediaHost, type MediaHostOptions } from '../../daemon/mediaHost/mediaHost.ts';
import { createClock } from '../../daemon/platform/clock.ts';
import { Inbox } from './inbox.ts';
import { RecordingLog } from './recordingLog.ts';

export type ConnectionEvent =
  | { readonly event: 'description'; readonly type: 'offer' | 'answer'; readonly sdp: string }
  | { readonly event: 'candidate'; readonly candidate: string; readonly mid: string }
  | {
      readonly event: 'channelOpened';
      readonly label: string;
      readonly localFingerprint: string;
      readonly remoteFingerprint: string;
    }
  | { readonly event: 'message'; readonly data: string | Uint8Array }
  | { readonly event: 'drained' }
  | { readonly event: 'closed'; readonly code: string; readonly text: string };
type Of<E extends ConnectionEvent['event']> = Extract<ConnectionEvent, { event: E }>;

/** Where a connection's descriptions and candidates go; by default they stay in its inbox. */
export type Signals = Pick<ConnectionHandlers, 'description' | 'candidate'>;

export class TestConnection {
  readonly events = new Inbox<ConnectionEvent>();
  readonly connection: Connection;
  /** Set to send descriptions and candidates on in place of keeping them. */
  signals: Signals = {
    description: (type, sdp) => this.events.push({ event: 'description', type, sdp }),
    candidate: (candidate, mid) => this.events.push({ event: 'candidate', candidate, mid }),
  };

  constructor(host: MediaHost) {
    this.connection = host.createConnection({
      description: (type, sdp) => this.signals.description(type, sdp),
      candidate: (candidate, mid) => this.signals.candidate(candidate, mid),
      channelOpened: (channel) => {
        this.opened = { event: 'channelOpened', ...channel };
        this.events.push(this.opened);
      },
      message: (data) => this.events.push({ event: 'message', data }),
      drained: () => this.events.push({ event: 'drained' }),
      closed: (why) => this.events.push({ event: 'closed', ...why }),
    });
  }

  /** What was told when the channel opened. */
  opened: Of<'channelOpened'> | undefined;

  until<E extends ConnectionEvent['event']>(event: E, limitMs = 10_000): Promise<Of<E>> {
    return this.events.until((one) => one.event === event, event, limitMs) as Promise<Of<E>>;
  }

  /** The next `count` messages; bytes as Buffers. */
  async messages(count: number): Promise<(string | Buffer)[]> {
    const found: (string | Buffer)[] = [];
    while (found.length < count) {
      const { data } = await this.until('message');
      found.push(typeof data === 'string' ? data : Buffer.from(data));
    }
    return found;
  }

  /** As core does it towards another daemon: the answerer lets the offerer begin the DTLS handshake. */
  sendSignalsTo(other: TestConnection): void {
    this.signals = {
      description: (type, sdp) =>
        other.connection.setRemoteDescription(type, sdp.replaceAll('a=setup:actpass', 'a=setup:active')),
      candidate: (candidate, mid) => other.connection.addRemoteCandidate(candidate, mid),
    };
  }
}

export class MediaPhone {
  readonly log = new RecordingLog();
  readonly host: MediaHost;

  constructor(options: Partial<MediaHostOptions> = {}) {
    this.host = createMediaHost({ log: this.log, clock: createClock(), bindAddress: '127.0.0.1', ...options });
  }

  connection(): TestConnection {
    return new TestConnection(this.host);
  }

  /** Resolves when the host enters this state next (or did, and nobody has waited for it yet). */
  async entered(state: string, limitMs = 20_000): Promise<void> {
    const matches = (line: { message: string; fields: Record<string, unknown> }): boolean =>
      line.message === 'Media child' && line.fields.state === state;
    await this.log.lines.until(matches, `state ${state}`, limitMs);
  }
}

/**
 * Repeats a connect that failed in the handshake, as core does; see handshakeFailed in daemon/media/webrtc/connection.ts.
 * `attempt` gives its connections back as soon as they have negotiated.
 */
export async function untilOpen<T extends readonly TestConnection[]>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const connections = await attempt();
    const outcomes = connections.map((one) =>
      one.events.until(
        ({ event }) => event === 'channelOpened' || event === 'closed',
        'channelOpened or closed',
        20_000,
      ),
    );
    const ended = (await Promise.all(outcomes)).find(({ event }) => event === 'closed');
    if (ended === undefined) return connections;
    if (tries === 10) throw new Error(`no connection in ${tries} tries: ${JSON.stringify(ended)}`);
    for (const one of connections) one.connection.close();
  }
}

/** An open connection between two phones: [of the offerer, of the answerer]. */
export function connect(from: MediaPhone, to: MediaPhone): Promise<readonly [TestConnection, TestConnection]> {
  return untilOpen(async () => {
    const offerer = from.connection();
    const answerer = to.connection();
    offerer.sendSignalsTo(answerer);
    answerer.sendSignalsTo(offerer);
    offerer.connection.offer();
    return [offerer, answerer] as const;
  });
}
