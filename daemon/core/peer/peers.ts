// The peers of one line: who is listed, and a link to each with whom there is something to do.
import type { AnySignal, PeerInfo, SignalValue } from '../ports.ts';
import { type LineSide, PeerLink, type PeerTools } from './peerLink.ts';

/** Links kept per line; the server of a hostile operator could list any number. */
const linkLimit = 4096;
/** Peers told to a game at once. */
const listLimit = 1024;

export class Peers {
  readonly #tools: PeerTools;
  readonly #line: LineSide;
  readonly #links = new Map<string, PeerLink>();
  /** What games were told last, so that nothing is told twice. */
  readonly #told = new Map<string, string>();

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

  /** The link to a peer, made when there is none; undefined when there are too many. */
  link(peerId: string): PeerLink | undefined {
    const known = this.#links.get(peerId);
    if (known) return known;
    if (this.#links.size >= linkLimit && !this.#forgetOne()) {
      this.#tools.log.warn('too many peers: one was ignored', { limit: linkLimit });
      return undefined;
    }
    const link = new PeerLink(this.#tools, this.#line, peerId, (changed) => this.#tell(changed));
    this.#links.set(peerId, link);
    return link;
  }

  lineOnline(): void {
    const waiting = this.#tools.store.outbox(this.#line.lineId, { limit: linkLimit });
    for (const peerId of new Set(waiting.map((message) => message.peerId))) this.link(peerId);
    for (const link of this.#links.values()) link.lineOnline();
  }

  /** The server cannot be asked any more: whoever has no connection counts as away, without a verdict on each. */
  lineOffline(): void {
    for (const link of this.#links.values()) {
      link.listed = false;
      this.#tell(link);
    }
  }

  signal(signal: AnySignal): void {
    switch (signal.name) {
      case 'peers':
        this.#listed(signal.value);
        return;
      case 'peer_joined':
        if (signal.value.id !== this.#line.phoneId) this.link(signal.value.id)?.joined(signal.value.name ?? '');
        return;
      case 'peer_left':
        this.#links.get(signal.value.id)?.left();
        return;
      case 'offer':
        this.#from(signal.value, true)?.offerReceived(signal.value);
        return;
      case 'answer':
        this.#from(signal.value, false)?.answerReceived(signal.value);
        return;
      case 'candidate':
        this.#from(signal.value, false)?.candidateReceived(signal.value);
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
      const link = this.link(peerId);
      if (link && !link.listed) link.joined(name);
    }
  }

  #from(signal: { from?: string | undefined }, make: boolean): PeerLink | undefined {
    const { from } = signal;
    if (from === undefined || from === this.#line.phoneId) return undefined;
    return make ? this.link(from) : this.#links.get(from);
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
