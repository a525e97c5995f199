// One peer of one line: decides when a connection is built, which one is used, and what comes through it. Connections come and
// go beneath it; the messages stay.
import { encodePeer, type PeerPacket } from '../../../proto/runtime/index.ts';
import type { EventLog } from '../event/eventLog.ts';
import type { Incoming } from '../message/incoming.ts';
import { Outgoing, type OutgoingOwner } from '../message/outgoing.ts';
import type { CancelTimer, Clock, Identity, Log, Media, PeerStatistics, Random, SignalValue, Store } from '../ports.ts';
import { type ChannelView, checkHello, type HelloVerdict, makeHello, type PeerHello } from './hello.ts';
import { type ConnectionOwner, type Ending, PeerConnection } from './peerConnection.ts';

export interface PeerTools {
  readonly store: Store;
  readonly media: Media;
  readonly clock: Clock;
  readonly random: Random;
  readonly identity: Identity;
  readonly log: Log;
  readonly events: EventLog;
  readonly incoming: Incoming;
  readonly peerIdleMs: number;
  /** Name and version, told to peers. */
  readonly software: string;
  /** Counts what peers sent that was refused. */
  malformed(reason: string): void;
}

/** What a link needs of its line. */
export interface LineSide {
  readonly lineId: number;
  readonly server: string;
  readonly phoneId: string;
  readonly displayName: string;
  readonly online: boolean;
  send<N extends 'offer' | 'answer' | 'candidate'>(name: N, value: SignalValue<N>): boolean;
}

const firstRetryMs = 250;
const lastRetryMs = 4_000;
/** A peer's offer does not displace an own one younger than this (glare); an older one has probably been lost. */
const glareMs = 3_000;
const probeLimitMs = 2_000;
const peerProtocolVersion = 1;

export class PeerLink implements ConnectionOwner, OutgoingOwner {
  readonly peerId: string;
  readonly outgoing: Outgoing;
  displayName = '';
  /** As the server last said. */
  listed = false;
  rebuilds = 0;

  readonly #tools: PeerTools;
  readonly #line: LineSide;
  readonly #changed: (link: PeerLink) => void;
  #current: PeerConnection | undefined;
  /** Being built, offered by us; and being built, offered by the peer. Both only in a glare with a plain peer, see offerReceived. */
  #offering: PeerConnection | undefined;
  #answering: PeerConnection | undefined;
  #offline = false;
  #attempt = 0;
  #lastEnding: Ending | undefined;
  #cancelRetry: CancelTimer | undefined;
  #cancelIdle: CancelTimer | undefined;
  #cancelProbe: CancelTimer | undefined;

  /** `changed`: games may have to be told something new of this peer. */
  constructor(tools: PeerTools, line: LineSide, peerId: string, changed: (link: PeerLink) => void) {
    this.#tools = tools;
    this.#line = line;
    this.#changed = changed;
    this.peerId = peerId;
    this.outgoing = new Outgoing(tools, this);
  }

  get lineId(): number {
    return this.#line.lineId;
  }

  get ownId(): string {
    return this.#line.phoneId;
  }

  get online(): boolean {
    return this.listed || this.#current !== undefined;
  }

  get offline(): boolean {
    return this.#offline;
  }

  get connected(): boolean {
    return this.#current !== undefined;
  }

  get #building(): boolean {
    return this.#offering !== undefined || this.#answering !== undefined;
  }

  /** True while nothing would be lost by forgetting this link. */
  get forgettable(): boolean {
    return !this.listed && !this.#current && !this.#building && this.outgoing.outstanding === 0;
  }

  /** Something is to be sent: builds a connection unless there is one or one is on its way. */
  need(): void {
    if (this.#current || this.#building || this.#cancelRetry || !this.#line.online) return;
    this.#offer();
  }

  /** The line is online again: what was waiting for it goes on. */
  lineOnline(): void {
    this.#attempt = 0;
    this.#stopRetry();
    if (this.outgoing.outstanding > 0) this.need();
  }

  joined(displayName: string): void {
    const known = this.listed;
    this.listed = true;
    // Before games are told that the peer is there.
    if (displayName !== '') this.displayName = displayName;
    this.#setOffline(false);
    this.#attempt = 0;
    this.#stopRetry();
    // A login may mean a new daemon at the other end, which knows nothing of the old connection or of an offer under way.
    this.#dropOffering();
    if (this.#current && known === false) this.#probe();
    if (this.outgoing.outstanding > 0) {
      if (this.#current) this.#rebuild();
      else this.need();
    }
  }

  left(): void {
    this.listed = false;
    this.#setOffline(true);
  }

  /** The server's word on a signal that it could not deliver. */
  unreachable(): void {
    this.#lastEnding = { code: 'peerOffline', text: `${this.peerId} is not online at ${this.#line.server}` };
    this.left();
    if (!this.#offering) return;
    this.#dropOffering();
    if (this.outgoing.outstanding > 0) this.#retryLater();
  }

  offerReceived(signal: SignalValue<'offer'>): void {
    const plain = signal.mosis === undefined;
    if (plain && this.#tools.store.pinnedKey(this.#line.server, this.peerId) !== null) {
      this.#tools.log.warn('plain offer of a peer whose key is pinned: refused', { peer: this.peerId });
      return;
    }
    if (this.#current?.plain && plain && this.#sameCertificate(signal.sdp)) {
      this.#current.remoteDescription('offer', signal.sdp, true);
      return;
    }
    if (this.#offering && this.#winsGlare(this.#offering, plain)) return;
    // A plain peer in a glare may roll its offer back and answer ours, or insist on its own: it gets both, and what opens first stays.
    if (!plain) this.#dropOffering();
    this.#dropAnswering();
    this.#stopRetry();
    const id = signal.mosis?.connection ?? this.#newId();
    this.#answering = new PeerConnection(this.#tools, this, { id, role: 'answerer' });
    this.#answering.remoteDescription('offer', signal.sdp, plain);
  }

  answerReceived(signal: SignalValue<'answer'>): void {
    const offering = this.#offering;
    if (!offering || offering.plain !== undefined) return;
    if (signal.mosis && signal.mosis.connection !== offering.id) return;
    const plain = signal.mosis === undefined;
    if (plain && this.#tools.store.pinnedKey(this.#line.server, this.peerId) !== null) {
      offering.fail({
        code: 'identityChanged',
        text: `${this.peerId} answers without a key, though one is pinned: ask the person, then use peers.trust`,
      });
      return;
    }
    offering.remoteDescription('answer', signal.sdp, plain);
  }

  candidateReceived(signal: SignalValue<'candidate'>): void {
    const id = signal.mosis?.connection;
    const building = [this.#answering, this.#offering];
    const all = [...building, this.#current].filter((connection) => connection !== undefined);
    const targets =
      id === undefined && this.#building
        ? building
        : all.filter((connection) => id === undefined || connection.id === id);
    for (const connection of targets) connection?.remoteCandidate(signal.candidate, signal.mid);
  }

  async statistics(): Promise<PeerStatistics> {
    const connection = this.#current ?? this.#answering ?? this.#offering;
    if (!connection) return { state: 'idle', plain: false, rebuilds: this.rebuilds };
    const state = connection.state === 'closed' ? 'idle' : connection.state;
    const measured = await connection.statistics();
    const connectTimeMs =
      connection.openedAt > 0 ? { connectTimeMs: Math.round(connection.openedAt - connection.startedAt) } : {};
    return { state, plain: connection.plain === true, rebuilds: this.rebuilds, ...connectTimeMs, ...measured };
  }

  /** Ends everything; messages stay on disk. */
  stop(): void {
    this.#dropOffering();
    this.#dropAnswering();
    this.#current?.close();
    this.#current = undefined;
    this.outgoing.stop();
    this.#stopRetry();
    this.#cancelIdle?.();
    this.#cancelProbe?.();
  }

  // ------------------------------------------------------------------------------------------------------ OutgoingOwner

  obstacle(): Ending {
    const { server } = this.#line;
    if (!this.#line.online && !this.#current) {
      return { code: 'serverUnreachable', text: `No connection to ${server}, so ${this.peerId} cannot be reached` };
    }
    if (this.#offline) return { code: 'peerOffline', text: `${this.peerId} is not online at ${server}` };
    return this.#lastEnding ?? { code: 'peerUnreachable', text: `${this.peerId} did not confirm the message in time` };
  }

  unresponsive(): void {
    this.#tools.log.warn('peer confirms nothing', { peer: this.peerId });
    this.#rebuild();
  }

  // ---------------------------------------------------------------------------------------------------- ConnectionOwner

  sendDescription(connection: PeerConnection, type: 'offer' | 'answer', sdp: string): void {
    const mosis = { v: peerProtocolVersion, connection: connection.id };
    this.#line.send(type, connection.plain ? { to: this.peerId, sdp } : { to: this.peerId, sdp, mosis });
  }

  sendCandidate(connection: PeerConnection, candidate: string, mid: string): void {
    const mosis = { v: peerProtocolVersion, connection: connection.id };
    const signal = { to: this.peerId, candidate, mid };
    this.#line.send('candidate', connection.plain ? signal : { ...signal, mosis });
  }

  makeHello(view: ChannelView): PeerHello {
    return makeHello(view, this.#line.displayName, this.#tools.identity, this.#tools.software);
  }

  verifyHello(view: ChannelView, hello: PeerHello): HelloVerdict {
    const { store, identity, events } = this.#tools;
    const verdict = checkHello(hello, view, store.pinnedKey(this.#line.server, this.peerId), identity);
    if (verdict.ok) {
      if (verdict.firstContact) store.pinKey(this.#line.server, this.peerId, hello.publicKey);
      if (hello.displayName !== '') this.displayName = hello.displayName;
    } else if (verdict.code === 'identityChanged') {
      this.presentedKey = hello.publicKey;
      const fingerprint = identity.fingerprint(hello.publicKey);
      events.publish(this.lineId, 'peer.identityChanged', { peerId: this.peerId, fingerprint });
    }
    return verdict;
  }

  /** The key that was refused last, for peers.trust. */
  presentedKey: Uint8Array | undefined;

  opened(connection: PeerConnection): void {
    this.#forget(connection);
    this.#dropOffering();
    this.#dropAnswering();
    const before = this.#current;
    this.#current = connection;
    before?.close();
    if (before || this.rebuilds > 0 || this.#attempt > 0) this.rebuilds += 1;
    this.#attempt = 0;
    this.#lastEnding = undefined;
    this.#setOffline(false);
    this.#cancelProbe?.();
    this.#tools.store.rememberPeer(this.lineId, this.peerId, this.displayName);
    this.#changed(this);
    this.outgoing.connected(connection);
    this.#touch();
  }

  ended(connection: PeerConnection, why: Ending): void {
    this.#tools.log.info('connection ended', { peer: this.peerId, code: why.code });
    this.#lastEnding = why;
    this.#forget(connection);
    if (this.#current === connection) {
      this.#current = undefined;
      this.outgoing.disconnected();
      this.#cancelIdle?.();
      this.#changed(this);
    }
    if (this.outgoing.outstanding === 0) return;
    if (why.code === 'identityChanged' || why.code === 'protocolMismatch') this.outgoing.failAll(why);
    else if (!this.#current && !this.#building) this.#retryLater();
  }

  packet(connection: PeerConnection, packet: PeerPacket): void {
    this.#touch();
    switch (packet.name) {
      case 'peerText':
        this.#tools.incoming.received(this.lineId, this.peerId, connection, packet.value);
        return;
      case 'peerStored':
        this.outgoing.confirmed(packet.value.uuids);
        return;
      case 'peerPing':
        connection.send(encodePeer('peerPong', { nonce: packet.value.nonce }));
        return;
      case 'peerPong':
        this.#cancelProbe?.();
        this.#cancelProbe = undefined;
        return;
      case 'peerHello':
      case 'peerRefused':
        return;
      default:
        packet satisfies never;
    }
  }

  plainText(connection: PeerConnection, text: string): void {
    this.#touch();
    const sentAt = this.#tools.clock.now();
    this.#tools.incoming.received(this.lineId, this.peerId, connection, { uuid: null, text, sentAt });
  }

  drained(connection: PeerConnection): void {
    if (connection === this.#current) this.outgoing.flush();
  }

  malformed(reason: string): void {
    this.#tools.malformed(reason);
    this.#tools.log.debug('refused a peer message', { peer: this.peerId, reason });
  }

  // ------------------------------------------------------------------------------------------------------------ inside

  #offer(): void {
    this.#offering = new PeerConnection(this.#tools, this, { id: this.#newId(), role: 'offerer' });
    this.#offering.offer();
  }

  #rebuild(): void {
    if (!this.#building && this.#line.online) this.#offer();
  }

  #retryLater(): void {
    if (this.#cancelRetry) return;
    const ceilingMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(this.#attempt, 8));
    this.#attempt += 1;
    const delayMs = ceilingMs * (0.5 + this.#tools.random.fraction() / 2);
    this.#cancelRetry = this.#tools.clock.after(delayMs, () => {
      this.#cancelRetry = undefined;
      if (this.outgoing.outstanding > 0) this.need();
    });
  }

  /** Perfect negotiation: the smaller id is polite; towards a plain peer we always are. */
  #winsGlare(own: PeerConnection, plain: boolean): boolean {
    if (plain || this.#tools.clock.monotonic() - own.startedAt > glareMs) return false;
    return compareBytes(this.ownId, this.peerId) > 0;
  }

  #sameCertificate(sdp: string): boolean {
    const fingerprint = this.#current?.remoteFingerprint ?? '';
    return fingerprint !== '' && sdp.toUpperCase().includes(fingerprint.toUpperCase());
  }

  #probe(): void {
    const probed = this.#current;
    if (!probed || probed.plain) return;
    probed.send(encodePeer('peerPing', { nonce: 1 }));
    this.#cancelProbe?.();
    this.#cancelProbe = this.#tools.clock.after(probeLimitMs, () => {
      this.#cancelProbe = undefined;
      if (this.#current === probed) probed.fail({ code: 'connectionLost', text: `${this.peerId} fell silent` });
    });
  }

  /** Kept while used: closed after a while without traffic. */
  #touch(): void {
    this.#cancelIdle?.();
    const connection = this.#current;
    if (!connection) return;
    this.#cancelIdle = this.#tools.clock.after(this.#tools.peerIdleMs, () => {
      if (this.#current !== connection || this.outgoing.outstanding > 0) return;
      this.#current = undefined;
      this.outgoing.disconnected();
      connection.close();
      this.#changed(this);
    });
  }

  #setOffline(offline: boolean): void {
    const before = this.#offline;
    this.#offline = offline;
    if (before !== offline) this.outgoing.presenceChanged();
    this.#changed(this);
  }

  #forget(connection: PeerConnection): void {
    if (this.#offering === connection) this.#offering = undefined;
    if (this.#answering === connection) this.#answering = undefined;
  }

  #dropOffering(): void {
    this.#offering?.close();
    this.#offering = undefined;
  }

  #dropAnswering(): void {
    this.#answering?.close();
    this.#answering = undefined;
  }

  #stopRetry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  #newId(): string {
    return Array.from(this.#tools.random.bytes(8), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

/** Ids are compared as UTF-8 bytes; code points order the same way, UTF-16 units do not. */
export function compareBytes(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
