// The peers of one line: who is listed, and a link to each with whom there is something to do.
import { tolerated } from '../errors.ts';
import type { AnySignal, PeerInfo, SignalValue } from '../ports.ts';
import { type LineSide, PeerLink, type PeerTools } from './peerLink.ts';

/** Links kept per line; the server of a hostile operator could list any number. */
export const linkLimit = 4096;
/** Peers told to a game at once. */
export const listLimit = 1024;
/** Connections offered by peers and not open yet: each costs sockets and memory before anybody has proved anything. */
export const answerLimit = 64;
const pageLimit = 1024;

export class Peers {
  readonly #tools: PeerTools;
  readonly #line: LineSide;
  readonly #links = new Map<string, PeerLink>();
  /** What games were told last, so that nothing is told twice. */
  readonly #told = new Map<string, string>();
  #full = false;

  constructor(tools: PeerTools, line: LineSide) {
    this.#tools = tools;
    this.#line = line;
  }

  list(): PeerInfo[] {
    const online: PeerInfo[] = [];
    for (const link of this.#links.values()) {
      if (link.online && online.length < listLimit) online.push(infoOf(link));
    }
    return online;
  }

  get(peerId: string): PeerInfo {
    const link = this.#links.get(peerId);
    return link ? infoOf(link) : { peerId, displayName: '', online: false };
  }

  find(peerId: string): PeerLink | undefined {
    return this.#links.get(peerId);
  }

  /** The link to a peer, made when there is none; undefined when there are too many. Throws MosisError('storeFailed'). */
  link(peerId: string): PeerLink | undefined {
    const known = this.#links.get(peerId);
    if (known) return known;
    if (this.#links.size >= linkLimit && !this.#forgetOne()) {
      if (!this.#full) this.#tools.log.warn('too many peers: more are ignored', { limit: linkLimit });
      this.#full = true;
      return undefined;
    }
    this.#full = false;
    const link = new PeerLink(this.#tools, this.#line, peerId, (changed) => this.#tell(changed));
    this.#links.set(peerId, link);
    return link;
  }

  /** What an earlier daemon left in the outbox goes on, and its time runs, whether or not the server is there. Throws storeFailed. */
  resume(): void {
    let afterId = 0;
    for (;;) {
      const page = this.#tools.store.outbox(this.#line.lineId, { afterId, limit: pageLimit });
      for (const { peerId, messageId } of page) {
        this.link(peerId);
        afterId = messageId;
      }
      if (page.length < pageLimit) return;
    }
  }

  lineOnline(): void {
    for (const link of this.#links.values()) link.lineOnline();
  }

  /** The server cannot be asked any more: whoever has no connection counts as away, without a verdict on each. */
  lineOffline(): void {
    for (const link of this.#links.values()) link.lineOffline();
  }

  /** The phone goes: no peer is to see it any longer. */
  hangUp(): void {
    for (const link of this.#links.values()) link.hangUp();
  }

  signal(signal: AnySignal): void {
    switch (signal.name) {
      case 'peers':
        this.#listed(signal.value);
        return;
      case 'peer_joined':
        if (signal.value.id !== this.#line.phoneId) this.#linkTo(signal.value.id)?.joined(signal.value.name ?? '');
        return;
      case 'peer_left':
        this.#links.get(signal.value.id)?.left();
        return;
      case 'offer':
        this.#offered(signal.value);
        return;
      case 'answer':
        this.#links.get(signal.value.from ?? '')?.negotiation.answerReceived(signal.value);
        return;
      case 'candidate':
        this.#links.get(signal.value.from ?? '')?.negotiation.candidateReceived(signal.value);
        return;
      case 'error':
        if (signal.value.code === 'unreachable' && signal.value.to) this.#links.get(signal.value.to)?.unreachable();
        return;
      default:
        return;
    }
  }

  stop(): void {
    for (const link of this.#links.values()) link.stop();
    this.#links.clear();
    this.#told.clear();
  }

  #listed(value: SignalValue<'peers'>): void {
    const online = new Map(
      value.list.filter((peer) => peer.online !== false).map((peer) => [peer.id, peer.name ?? '']),
    );
    online.delete(this.#line.phoneId);
    for (const link of this.#links.values()) if (link.listed && !online.has(link.peerId)) link.left();
    for (const [peerId, name] of online) {
      const link = this.#linkTo(peerId);
      if (link?.listed) link.named(name);
      else link?.joined(name);
    }
  }

  #offered(offer: SignalValue<'offer'>): void {
    const { from } = offer;
    if (from === undefined || from === this.#line.phoneId) return;
    const link = this.#linkTo(from);
    if (!link) return;
    if (!link.negotiation.answering && this.#answering() >= answerLimit) {
      this.#tools.malformed('an offer beyond those that are answered at once');
      return;
    }
    link.offerReceived(offer);
  }

  #answering(): number {
    let count = 0;
    for (const link of this.#links.values()) if (link.negotiation.answering) count += 1;
    return count;
  }

  /** For signals, which nobody waits to hear an error of. */
  #linkTo(peerId: string): PeerLink | undefined {
    return tolerated(this.#tools.log, 'a peer could not be looked up', () => this.link(peerId));
  }

  #tell(link: PeerLink): void {
    const peer = infoOf(link);
    const told = `${peer.online}|${peer.displayName}`;
    const before = this.#told.get(link.peerId);
    if (before === told || (before === undefined && !peer.online)) return;
    this.#told.set(link.peerId, told);
    this.#tools.events.publish(this.#line.lineId, 'peer.changed', { peer });
  }

  #forgetOne(): boolean {
    for (const [peerId, link] of this.#links) {
      if (!link.forgettable) continue;
      link.stop();
      this.#links.delete(peerId);
      this.#told.delete(peerId);
      return true;
    }
    return false;
  }
}

function infoOf(link: PeerLink): PeerInfo {
  return { peerId: link.peerId, displayName: link.displayName, online: link.online };
}
