// One peer of one line: is it there, which connection carries its messages, is that one still alive. Connections come and go
// beneath it; the messages stay.
import type { PeerPacket } from '../../../proto/runtime/index.ts';
import { tolerated } from '../errors.ts';
import type { EventLog } from '../event/eventLog.ts';
import type { Incoming } from '../message/incoming.ts';
import { Outgoing, type OutgoingOwner } from '../message/outgoing.ts';
import type { CancelTimer, Clock, Identity, Log, Media, PeerStatistics, Random, SignalValue, Store } from '../ports.ts';
import { type ChannelView, checkHello, type HelloVerdict, makeHello, type PeerHello } from './hello.ts';
import { Negotiation, type Negotiator } from './negotiation.ts';
import type { Ending, PeerConnection } from './peerConnection.ts';

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

/** From the ping to a peer that logged in anew, or left, to its answer. */
export const probeLimitMs = 2_000;
const peerProtocolVersion = 1;

export class PeerLink implements Negotiator, OutgoingOwner {
  readonly peerId: string;
  readonly outgoing: Outgoing;
  readonly negotiation: Negotiation;
  displayName = '';
  /** As the server last said. */
  listed = false;
  rebuilds = 0;
  /** The key that the peer proved to hold although another one is pinned; for peers.trust. */
  presentedKey: Uint8Array | undefined;

  readonly #tools: PeerTools;
  readonly #line: LineSide;
  readonly #changed: (link: PeerLink) => void;
  #current: PeerConnection | undefined;
  #everOpened = false;
  #offlineSinceMs: number | undefined;
  #lastEnding: Ending | undefined;
  #cancelIdle: CancelTimer | undefined;
  #cancelProbe: CancelTimer | undefined;

  /** `changed`: games may have to be told something new of this peer. Throws MosisError('storeFailed'). */
  constructor(tools: PeerTools, line: LineSide, peerId: string, changed: (link: PeerLink) => void) {
    this.#tools = tools;
    this.#line = line;
    this.#changed = changed;
    this.peerId = peerId;
    this.negotiation = new Negotiation(tools, line, this);
    this.outgoing = new Outgoing(tools, this);
  }

  get lineId(): number {
    return this.#line.lineId;
  }

  get ownId(): string {
    return this.#line.phoneId;
  }

  get current(): PeerConnection | undefined {
    return this.#current;
  }

  get online(): boolean {
    return this.listed || this.#current !== undefined;
  }

  get offlineSinceMs(): number | undefined {
    return this.#offlineSinceMs;
  }

  get waiting(): boolean {
    return this.outgoing.outstanding > 0;
  }

  /** True while nothing would be lost by forgetting this link. */
  get forgettable(): boolean {
    return !this.listed && !this.#current && !this.negotiation.building && !this.waiting;
  }

  /** Something is to be sent: builds a connection unless there is one or one is on its way. */
  need(): void {
    if (this.#current) this.#touch();
    else this.negotiation.need();
  }

  /** The line is online again: what was waiting for it goes on. */
  lineOnline(): void {
    this.negotiation.lineOnline();
    if (this.waiting) this.need();
  }

  /** The server cannot be asked any more: without its word the peer is neither there nor away. */
  lineOffline(): void {
    this.listed = false;
    this.#setOffline(false);
  }

  /** The server says that the peer is there, which was not known or has just come about. */
  joined(displayName: string): void {
    this.listed = true;
    if (displayName !== '') this.displayName = displayName;
    this.#setOffline(false);
    this.negotiation.peerJoined();
    this.#probe();
  }

  /** The server tells the name of a peer that was there before. */
  named(displayName: string): void {
    if (displayName !== '') this.displayName = displayName;
    this.#changed(this);
  }

  /** The server says that the peer went. Perhaps only its socket did: then the connection answers. */
  left(): void {
    this.listed = false;
    this.#setOffline(true);
    this.#probe();
  }

  /** The server's word on a signal that it could not deliver. */
  unreachable(): void {
    this.#lastEnding = { code: 'peerOffline', text: this.#offlineText() };
    this.left();
    this.negotiation.unreachable();
  }

  offerReceived(signal: SignalValue<'offer'>): void {
    // Whatever the server said last: somebody is there.
    this.#setOffline(false);
    this.negotiation.offerReceived(signal);
  }

  async statistics(): Promise<PeerStatistics> {
    const connection = this.#current ?? this.negotiation.newest;
    if (!connection) return { state: 'idle', plain: false, rebuilds: this.rebuilds };
    const state = connection.state === 'closed' ? 'idle' : connection.state;
    const measured = await connection.statistics();
    const connectTimeMs =
      connection.openedAt > 0 ? { connectTimeMs: Math.round(connection.openedAt - connection.startedAt) } : {};
    return { state, plain: connection.plain === true, rebuilds: this.rebuilds, ...connectTimeMs, ...measured };
  }

  /** Ends every connection; messages stay on disk and go on waiting. */
  hangUp(): void {
    this.negotiation.stop();
    this.#closeCurrent();
  }

  /** Ends everything; messages stay on disk. */
  stop(): void {
    this.hangUp();
    this.outgoing.stop();
  }

  // ------------------------------------------------------------------------------------------------------ OutgoingOwner

  obstacle(): Ending {
    if (!this.#line.online && !this.#current) {
      const text = `No connection to ${this.#serverText()}, so ${this.peerId} cannot be reached`;
      return { code: 'serverUnreachable', text };
    }
    if (this.#offlineSinceMs !== undefined) return { code: 'peerOffline', text: this.#offlineText() };
    return this.#lastEnding ?? { code: 'peerUnreachable', text: `${this.peerId} did not confirm the message in time` };
  }

  unresponsive(): void {
    this.#tools.log.warn('peer confirms nothing', { peer: this.peerId });
    this.negotiation.rebuild();
  }

  // ------------------------------------------------------------------------------------------------------- Negotiator

  pinned(): boolean {
    const { store, log } = this.#tools;
    const lookUp = () => store.pinnedKey(this.#line.server, this.peerId);
    // A disk that does not answer counts as a key: refusing costs less than a downgrade.
    return tolerated(log, 'a pinned key could not be read', lookUp) !== null;
  }

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
    const verdict = tolerated(this.#tools.log, 'the key of a peer could not be pinned', () => this.#judge(view, hello));
    if (!verdict) return { ok: false, code: 'storeFailed', text: `The key of ${this.peerId} could not be pinned` };
    if (verdict.ok) {
      if (hello.displayName !== '') this.displayName = hello.displayName;
    } else if (verdict.otherKey) {
      this.presentedKey = verdict.otherKey;
      const fingerprint = this.#tools.identity.fingerprint(verdict.otherKey);
      this.#tools.events.publish(this.lineId, 'peer.identityChanged', { peerId: this.peerId, fingerprint });
    }
    return verdict;
  }

  opened(connection: PeerConnection): void {
    this.negotiation.forget(connection);
    this.negotiation.stop();
    const before = this.#current;
    this.#current = connection;
    before?.close();
    if (this.#everOpened) this.rebuilds += 1;
    this.#everOpened = true;
    this.#lastEnding = undefined;
    this.#setOffline(false);
    this.#stopProbe();
    // A plain peer may never say anything that would show that it is well.
    if (connection.plain) this.negotiation.succeeded();
    this.outgoing.connected(connection);
    this.#touch();
  }

  ended(connection: PeerConnection, why: Ending): void {
    this.#tools.log.info('connection ended', { peer: this.peerId, code: why.code });
    this.#lastEnding = why;
    this.negotiation.forget(connection);
    const carried = this.#current === connection;
    if (carried) this.#closeCurrent();
    // As long as another connection stands or may come to stand, the verdict on this one is not the last word.
    if (this.#current || this.negotiation.building) return;
    if (why.code === 'identityChanged' || why.code === 'protocolMismatch') {
      if (this.waiting) this.outgoing.failAll(why);
    } else if (carried && why.code === 'mediaFailed') {
      // Our media child died without a word: the peer would send into the void until it misses a confirmation.
      this.negotiation.need();
    } else this.negotiation.retryLater();
  }

  packet(connection: PeerConnection, packet: PeerPacket): void {
    this.negotiation.succeeded();
    this.#touch();
    switch (packet.name) {
      case 'peerText':
        this.#tools.incoming.received(this.lineId, this.peerId, connection, packet.value);
        return;
      case 'peerStored':
        this.outgoing.confirmed(packet.value.uuids);
        return;
      case 'peerPing':
        connection.say('peerPong', { nonce: packet.value.nonce });
        return;
      case 'peerPong':
        this.#stopProbe();
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
    if (connection !== this.#current) return;
    this.#touch();
    this.outgoing.flush();
  }

  malformed(reason: string): void {
    this.#tools.malformed(reason);
    this.#tools.log.debug('refused a peer message', { peer: this.peerId, reason });
  }

  // ------------------------------------------------------------------------------------------------------------ inside

  #judge(view: ChannelView, hello: PeerHello): HelloVerdict {
    const { store, identity } = this.#tools;
    const { server } = this.#line;
    const verdict = checkHello(hello, view, store.pinnedKey(server, this.peerId), identity);
    if (verdict.ok && verdict.firstContact) store.pinKey(server, this.peerId, hello.publicKey);
    return verdict;
  }

  #closeCurrent(): void {
    const connection = this.#current;
    if (!connection) return;
    this.#current = undefined;
    this.outgoing.disconnected();
    this.#cancelIdle?.();
    this.#stopProbe();
    connection.close();
    this.#changed(this);
  }

  /** The peer may be gone, or be a new daemon that knows nothing of this connection. */
  #probe(): void {
    const probed = this.#current;
    if (!probed || probed.plain) return;
    this.#stopProbe();
    this.#cancelProbe = this.#tools.clock.after(probeLimitMs, () => {
      this.#cancelProbe = undefined;
      if (this.#current === probed) probed.fail({ code: 'connectionLost', text: `${this.peerId} fell silent` });
    });
    probed.say('peerPing', { nonce: 1 });
  }

  #stopProbe(): void {
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
  }

  /** Kept while used: closed after a while without traffic. */
  #touch(): void {
    this.#cancelIdle?.();
    if (!this.#current) return;
    this.#cancelIdle = this.#tools.clock.after(this.#tools.peerIdleMs, () => {
      if (this.waiting) this.#touch();
      else this.#closeCurrent();
    });
  }

  #setOffline(offline: boolean): void {
    const before = this.#offlineSinceMs;
    if (offline !== (before !== undefined)) {
      this.#offlineSinceMs = offline ? this.#tools.clock.monotonic() : undefined;
      this.outgoing.presenceChanged();
    }
    this.#changed(this);
  }

  #offlineText(): string {
    return `${this.peerId} is not online at ${this.#serverText()}`;
  }

  /** A URL may be longer than a text for people may be. */
  #serverText(): string {
    return [...this.#line.server].slice(0, 200).join('');
  }
}
