// Media children and the network between them: RTCPeerConnections that connect when both sides have the other's description and a
// candidate came through, with delays, bounded send buffers, crashes and broken paths. No SDP is really parsed.
import { MosisError } from '../../../daemon/core/errors.ts';
import type { Clock, Connection, ConnectionHandlers, ConnectionStatistics, Media } from '../../../daemon/core/ports.ts';
import type { SeededRandom } from './random.ts';

const sendBufferBytes = 4 * 1_048_576;
const lowMarkBytes = 262_144;
/** What the child takes to describe a connection. */
const describeMs = 2;
const startMs = 200;
const restartMs = 250;

export class MediaNetwork {
  readonly clock: Clock;
  readonly random: SeededRandom;
  /** From the last missing piece of signalling to the open channel: shortest and longest. */
  connectMs: readonly [number, number] = [20, 20];
  delayMs: readonly [number, number] = [1, 1];
  bytesPerMs = Number.POSITIVE_INFINITY;
  /** After this long without a sign of the other side a connection ends. */
  iceTimeoutMs = 25_000;
  /** Probability that the last messages on their way are lost when a connection ends. */
  lossAtEnd = 0;
  /** False: no path is found, connections stay in ICE. */
  reachable = true;
  readonly #connections = new Map<string, SimulatedConnection>();

  constructor(clock: Clock, random: SeededRandom) {
    this.clock = clock;
    this.random = random;
  }

  add(connection: SimulatedConnection): void {
    this.#connections.set(connection.name, connection);
  }

  remove(connection: SimulatedConnection): void {
    this.#connections.delete(connection.name);
  }

  find(name: string): SimulatedConnection | undefined {
    return this.#connections.get(name);
  }

  /** Connections that are up, each pair once. */
  pairs(): [SimulatedConnection, SimulatedConnection][] {
    const pairs: [SimulatedConnection, SimulatedConnection][] = [];
    for (const one of this.#connections.values()) {
      const { other } = one;
      if (other && one.open && other.open && one.name < other.name) pairs.push([one, other]);
    }
    return pairs;
  }

  get size(): number {
    return this.#connections.size;
  }
}

/** One media child, and the host's side of it. */
export class SimulatedMedia implements Media {
  state: Media['state'] = 'stopped';
  restarts = 0;
  readonly pid = 4711;
  readonly network: MediaNetwork;
  readonly clock: Clock;
  readonly connections = new Set<SimulatedConnection>();
  /** Connections made so far. */
  created = 0;
  /** What this side says that it takes in one data channel message. */
  maxMessageBytes = 262_144;
  /** DTLS certificate of every connection; undefined: one each. */
  fingerprint: string | undefined;
  /** What the other side is taken for, whatever it shows: somebody sits in between. */
  remoteFingerprint: string | undefined;
  readonly #name: string;
  #waiting: (() => void)[] = [];

  constructor(network: MediaNetwork, clock: Clock, name: string) {
    this.network = network;
    this.clock = clock;
    this.#name = name;
  }

  start(): void {
    if (this.state === 'stopped') this.#start(startMs);
  }

  createConnection(handlers: ConnectionHandlers): Connection {
    this.start();
    this.created += 1;
    const connection = new SimulatedConnection(this, `${this.#name}.${this.created}`, handlers);
    this.connections.add(connection);
    this.network.add(connection);
    if (this.state === 'failed')
      this.clock.after(0, () => connection.end('mediaFailed', 'The media child does not run'));
    return connection;
  }

  /** Runs a command when the child does. */
  command(action: () => void): void {
    if (this.state === 'running') this.clock.after(describeMs, action);
    else this.#waiting.push(action);
  }

  /** The child dies; another is started. */
  crash(): void {
    if (this.state !== 'running') return;
    this.#endAll();
    this.restarts += 1;
    this.#start(restartMs);
  }

  /** The child died too often: nothing works until `recover`. */
  fail(): void {
    this.#endAll();
    this.#waiting = [];
    this.state = 'failed';
  }

  recover(): void {
    this.#start(startMs);
  }

  /** The whole daemon dies. */
  kill(): void {
    for (const connection of [...this.connections]) connection.vanish();
  }

  #start(ms: number): void {
    this.state = 'starting';
    this.clock.after(ms, () => {
      if (this.state !== 'starting') return;
      this.state = 'running';
      for (const action of this.#waiting.splice(0)) action();
    });
  }

  #endAll(): void {
    for (const connection of [...this.connections]) {
      connection.vanish();
      this.clock.after(0, () => connection.tellEnd('mediaFailed', 'The media child died'));
    }
  }
}

export class SimulatedConnection implements Connection {
  readonly name: string;
  readonly media: SimulatedMedia;
  readonly fingerprint: string;
  /** The other side, once both know of each other. */
  other: SimulatedConnection | undefined;
  open = false;
  /** What this side sends is swallowed on the way, and nobody notices. */
  silent = false;
  ended = false;
  remoteSdp = '';
  readonly #handlers: ConnectionHandlers;
  #told = false;
  #remoteName: string | undefined;
  #described: 'offer' | 'answer' | undefined;
  #candidates = 0;
  #bufferedBytes = 0;
  #owesDrained = false;
  #sentMs = 0;
  #arrivedMs = 0;
  /** What arrives later than this is lost. */
  #lostFromMs = Number.POSITIVE_INFINITY;

  constructor(media: SimulatedMedia, name: string, handlers: ConnectionHandlers) {
    this.media = media;
    this.name = name;
    this.#handlers = handlers;
    this.fingerprint = media.fingerprint ?? fingerprintOf(name);
  }

  offer(): void {
    this.#command(() => this.#describe('offer'));
  }

  setRemoteDescription(type: 'offer' | 'answer', sdp: string): void {
    this.#command(() => {
      const remoteName = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
      if (remoteName === undefined) this.end('malformed', 'no session description');
      else if (type === 'answer' && (this.#described !== 'offer' || this.#remoteName !== undefined)) return;
      else if (type === 'offer' && this.#described === 'offer' && !this.open)
        this.end('internal', 'its own offer is out');
      else {
        this.#remoteName ??= remoteName;
        this.remoteSdp = sdp;
        if (type === 'offer') this.#describe('answer');
        this.#connect();
      }
    });
  }

  addRemoteCandidate(candidate: string): void {
    this.#command(() => {
      if (candidate !== '') this.#candidates += 1;
      this.#connect();
    });
  }

  /** As the real host: throws `tooLarge` above what the other side takes. */
  send(data: string | Uint8Array): boolean {
    if (this.ended || !this.open || !this.other) return false;
    const sizeBytes = typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
    if (sizeBytes > this.other.media.maxMessageBytes) {
      throw new MosisError('tooLarge', `A data channel message may have ${this.other.media.maxMessageBytes} bytes.`);
    }
    if (this.#bufferedBytes > sendBufferBytes) {
      this.#owesDrained = true;
      return false;
    }
    this.#transmit(data, sizeBytes);
    return true;
  }

  /** The send buffer fell below its low mark. */
  drains(): void {
    this.#handlers.drained();
  }

  async statistics(): Promise<ConnectionStatistics> {
    if (this.ended) throw new MosisError('notFound', 'This connection has ended.');
    return { iceState: 'connected', dtlsState: 'connected', roundTripMs: 2 * this.media.network.delayMs[0] };
  }

  close(): void {
    this.#told = true;
    if (this.ended) return;
    this.#release();
    this.#tellOther();
  }

  /** The path breaks; both sides notice. */
  break(): void {
    if (this.ended) return;
    this.#tellOther();
    this.end('connectionLost', 'The connection to the peer broke.');
  }

  /** This side dies without a word: the other waits for its time-out. */
  vanish(): void {
    if (this.ended) return;
    const { other } = this;
    this.#release();
    other?.media.clock.after(this.media.network.iceTimeoutMs, () =>
      other.end('connectionLost', 'The peer fell silent.'),
    );
  }

  end(code: 'connectionLost' | 'mediaFailed' | 'malformed' | 'internal', text: string): void {
    if (this.ended) return;
    this.#release();
    this.tellEnd(code, text);
  }

  /** Once; not after close(). */
  tellEnd(code: 'connectionLost' | 'mediaFailed' | 'malformed' | 'internal', text: string): void {
    if (this.#told) return;
    this.#told = true;
    this.#handlers.closed({ code, text });
  }

  // --------------------------------------------------------------------------------------------------------------- inside

  #command(action: () => void): void {
    this.media.command(() => {
      if (!this.ended) action();
    });
  }

  #describe(type: 'offer' | 'answer'): void {
    this.#described ??= type;
    const setup = type === 'offer' ? 'actpass' : /a=setup:active/.test(this.remoteSdp) ? 'passive' : 'active';
    this.#handlers.description(type, describe(this.name, this.fingerprint, setup));
    if (this.open) return;
    for (const port of [50_001, 50_002]) {
      if (!this.ended) this.#handlers.candidate(`candidate:1 1 UDP 2122317823 127.0.0.1 ${port} typ host`, '0');
    }
  }

  #connect(): void {
    const { network } = this.media;
    const other = this.#remoteName === undefined ? undefined : network.find(this.#remoteName);
    if (this.other || !other || !network.reachable || other.#remoteName !== this.name) return;
    if (this.#candidates + other.#candidates === 0) return;
    this.other = other;
    other.other = this;
    network.clock.after(network.random.between(...network.connectMs), () => {
      if (this.ended || other.ended) return;
      this.#opens();
      other.#opens();
    });
  }

  #opens(): void {
    // Each side learns of it in its own time; a message never overtakes that.
    this.#arrivedMs = this.media.clock.monotonic() + this.#delayMs();
    this.#atArrival(() => {
      this.open = true;
      this.#handlers.channelOpened({
        label: 'chat',
        localFingerprint: this.fingerprint,
        remoteFingerprint: this.media.remoteFingerprint ?? this.other?.fingerprint ?? '',
      });
    });
  }

  #transmit(data: string | Uint8Array, sizeBytes: number): void {
    const { clock, network } = this.media;
    const nowMs = clock.monotonic();
    this.#sentMs = Math.max(nowMs, this.#sentMs) + sizeBytes / network.bytesPerMs;
    const arrive = (): void => {
      if (!this.silent && this.other) this.other.#arrives(data);
    };
    if (network.bytesPerMs === Number.POSITIVE_INFINITY) {
      arrive();
      return;
    }
    this.#bufferedBytes += sizeBytes;
    if (this.#bufferedBytes > lowMarkBytes) this.#owesDrained = true;
    clock.after(this.#sentMs - nowMs, () => {
      if (this.ended) return;
      this.#bufferedBytes -= sizeBytes;
      arrive();
      if (!this.#owesDrained || this.#bufferedBytes > lowMarkBytes) return;
      this.#owesDrained = false;
      this.drains();
    });
  }

  #arrives(data: string | Uint8Array): void {
    this.#arrivedMs = Math.max(this.#arrivedMs, this.media.clock.monotonic() + this.#delayMs());
    this.#atArrival(() => {
      if (this.media.clock.monotonic() < this.#lostFromMs) this.#handlers.message(data);
    });
  }

  #atArrival(action: () => void): void {
    const { clock } = this.media;
    clock.after(this.#arrivedMs - clock.monotonic(), () => {
      if (!this.ended) action();
    });
  }

  #tellOther(): void {
    const { other } = this;
    if (!other) return;
    const { network, clock } = this.media;
    if (network.random.chance(network.lossAtEnd)) {
      other.#lostFromMs = clock.monotonic() + network.random.fraction() * network.delayMs[1];
    }
    // After what is on its way.
    other.#arrivedMs = Math.max(other.#arrivedMs, other.media.clock.monotonic() + this.#delayMs());
    other.#atArrival(() => other.end('connectionLost', 'The peer closed the connection.'));
  }

  #delayMs(): number {
    const { network } = this.media;
    return network.random.between(...network.delayMs);
  }

  #release(): void {
    this.ended = true;
    this.open = false;
    this.media.connections.delete(this);
    this.media.network.remove(this);
  }
}

/** A session description that holds what core and this network look at. */
export function describe(name: string, fingerprint: string, setup: 'actpass' | 'active' | 'passive'): string {
  const lines = ['v=0', 's=-', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:0'];
  return [...lines, `a=ice-ufrag:${name}`, `a=fingerprint:sha-256 ${fingerprint}`, `a=setup:${setup}`, ''].join('\r\n');
}

/** 32 upper-case hex pairs that differ from name to name. */
export function fingerprintOf(name: string): string {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return Array.from({ length: 32 }, (_, index) => {
    hash = Math.imul(hash ^ index ^ (hash >>> 13), 0x2c1b3c6d);
    return ((hash >>> 8) & 0xff).toString(16).padStart(2, '0').toUpperCase();
  }).join(':');
}
