// The connections to one peer that are being built: offers and answers, who gives way when both offer at once, and trying again.
import { hex } from '../hex.ts';
import type { CancelTimer, SignalValue } from '../ports.ts';
import { type ConnectionOwner, PeerConnection } from './peerConnection.ts';
import type { LineSide, PeerTools } from './peerLink.ts';

/** What negotiating needs of the link that it works for. */
export interface Negotiator extends ConnectionOwner {
  /** What carries messages now, if anything. */
  readonly current: PeerConnection | undefined;
  /** Something waits to be sent. */
  readonly waiting: boolean;
  /** The peer has a key pinned, so it may not come without. */
  pinned(): boolean;
}

const firstRetryMs = 250;
const lastRetryMs = 4_000;
/** A peer's offer does not displace an own one younger than this (glare); an older one has probably been lost. */
export const glareMs = 3_000;
/** Offers remembered so as to know one that comes twice. */
const rememberedOffers = 8;

export class Negotiation {
  readonly #tools: PeerTools;
  readonly #line: LineSide;
  readonly #owner: Negotiator;
  /** Offered by us; and offered by the peer. What opens first stays. */
  #offering: PeerConnection | undefined;
  #answering: PeerConnection | undefined;
  readonly #seenOffers: string[] = [];
  #attempt = 0;
  #cancelRetry: CancelTimer | undefined;

  constructor(tools: PeerTools, line: LineSide, owner: Negotiator) {
    this.#tools = tools;
    this.#line = line;
    this.#owner = owner;
  }

  get building(): boolean {
    return this.#offering !== undefined || this.#answering !== undefined;
  }

  get answering(): boolean {
    return this.#answering !== undefined;
  }

  /** The one that is most likely to open, for people. */
  get newest(): PeerConnection | undefined {
    return this.#answering ?? this.#offering;
  }

  /** Offers a connection, unless one is on its way or there was a failure just now. */
  need(): void {
    if (!this.building && !this.#cancelRetry) this.#offer();
  }

  /** Offers a connection beside the current one. */
  rebuild(): void {
    if (!this.building) this.#offer();
  }

  /**
   * The peer logged in: perhaps a new daemon, which knows nothing of an offer or an answer under way. Perhaps only its socket is new:
   * so an answer under way stays.
   */
  peerJoined(): void {
    this.#fresh();
    this.#dropOffering();
    if (this.#owner.waiting) this.#offer();
  }

  /** The line is online again. An offer without an answer went to a server that is gone. */
  lineOnline(): void {
    this.#fresh();
    if (this.#offering?.plain === undefined) this.#dropOffering();
  }

  /** The server could not deliver. */
  unreachable(): void {
    if (!this.#offering) return;
    this.#dropOffering();
    this.retryLater();
  }

  /** The peer has done something sensible on a connection: what fails next fails for the first time. */
  succeeded(): void {
    this.#attempt = 0;
  }

  retryLater(): void {
    if (this.#cancelRetry || !this.#owner.waiting) return;
    const ceilingMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(this.#attempt, 8));
    this.#attempt += 1;
    const delayMs = ceilingMs * (0.5 + this.#tools.random.fraction() / 2);
    this.#cancelRetry = this.#tools.clock.after(delayMs, () => {
      this.#cancelRetry = undefined;
      if (this.#owner.waiting && !this.#owner.current) this.need();
    });
  }

  offerReceived(signal: SignalValue<'offer'>): void {
    const plain = signal.mosis === undefined;
    if (plain && this.#owner.pinned()) {
      this.#tools.log.warn('plain offer of a peer whose key is pinned: refused', { peer: this.#owner.peerId });
      return;
    }
    const { current } = this.#owner;
    if (current?.plain && plain && sameCertificate(current, signal.sdp)) {
      current.remoteDescription('offer', signal.sdp, true);
      return;
    }
    if (signal.mosis && this.#seen(signal.mosis.connection)) return;
    if (this.#offering && this.#winsGlare(this.#offering, plain)) return;
    // A plain peer in a glare may roll its offer back and answer ours, or insist on its own: it gets both.
    if (!plain) this.#dropOffering();
    this.#dropAnswering();
    this.#stopRetry();
    const id = signal.mosis?.connection ?? this.#newId();
    this.#answering = new PeerConnection(this.#tools, this.#owner, { id, role: 'answerer' });
    this.#answering.remoteDescription('offer', signal.sdp, plain);
  }

  answerReceived(signal: SignalValue<'answer'>): void {
    const offering = this.#offering;
    if (!offering || offering.plain !== undefined) return;
    if (signal.mosis && signal.mosis.connection !== offering.id) return;
    const plain = signal.mosis === undefined;
    if (plain && this.#owner.pinned()) {
      offering.fail({
        code: 'identityChanged',
        text: `${this.#owner.peerId} answers without a key, though one is pinned: ask the person, then use peers.trust`,
      });
      return;
    }
    offering.remoteDescription('answer', signal.sdp, plain);
  }

  candidateReceived(signal: SignalValue<'candidate'>): void {
    const id = signal.mosis?.connection;
    const built = [this.#answering, this.#offering];
    const all = [...built, this.#owner.current].filter((connection) => connection !== undefined);
    const targets =
      id === undefined && this.building ? built : all.filter((connection) => id === undefined || connection.id === id);
    for (const connection of targets) connection?.remoteCandidate(signal.candidate, signal.mid);
  }

  /** A connection opened or ended: it is not being built any more. */
  forget(connection: PeerConnection): void {
    if (this.#offering === connection) this.#offering = undefined;
    if (this.#answering === connection) this.#answering = undefined;
  }

  /** Ends all that is being built. */
  stop(): void {
    this.#dropOffering();
    this.#dropAnswering();
    this.#stopRetry();
  }

  #offer(): void {
    if (!this.#line.online) return;
    this.#stopRetry();
    this.#offering = new PeerConnection(this.#tools, this.#owner, { id: this.#newId(), role: 'offerer' });
    this.#offering.offer();
  }

  /** Perfect negotiation: the smaller id is polite; towards a plain peer we always are. */
  #winsGlare(own: PeerConnection, plain: boolean): boolean {
    if (plain || this.#tools.clock.monotonic() - own.startedAt > glareMs) return false;
    return compareBytes(this.#owner.ownId, this.#owner.peerId) > 0;
  }

  /** True when this offer came before: answered a second time, it would spoil the first answer. */
  #seen(connectionId: string): boolean {
    if (this.#seenOffers.includes(connectionId)) return true;
    this.#seenOffers.push(connectionId);
    if (this.#seenOffers.length > rememberedOffers) this.#seenOffers.shift();
    return false;
  }

  #fresh(): void {
    this.#attempt = 0;
    this.#stopRetry();
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
    return hex(this.#tools.random.bytes(8));
  }
}

function sameCertificate({ remoteFingerprint }: PeerConnection, sdp: string): boolean {
  return remoteFingerprint !== '' && sdp.toUpperCase().includes(remoteFingerprint.toUpperCase());
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
