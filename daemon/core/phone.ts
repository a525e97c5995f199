// The phone: the one door of core. Lines by their settings, messages to peers; every failure is a MosisError.
import { MosisError, tolerated } from './errors.ts';
import { EventLog } from './event/eventLog.ts';
import { Line, type LineTools } from './line/line.ts';
import { Incoming } from './message/incoming.ts';
import { outboxLimit } from './message/outgoing.ts';
import { uuidV7 } from './message/uuid.ts';
import type { LineInfo, LineSettings, PeerInfo, PeerStatistics, Phone, Shims } from './ports.ts';

export interface PhoneParts extends Omit<LineTools, 'events' | 'incoming'> {
  readonly shims: Shims;
}

/** Lines open at once in one daemon. */
export const lineLimit = 4;

class PhoneOfLines implements Phone {
  readonly #parts: PhoneParts;
  readonly #tools: LineTools;
  readonly #lines = new Map<number, Line>();
  #stopped = false;

  constructor(parts: PhoneParts) {
    this.#parts = parts;
    const events = new EventLog(parts.store, parts.shims, parts.log);
    this.#tools = { ...parts, events, incoming: new Incoming({ ...parts, events }) };
  }

  configureLine(
    current: LineSettings,
    change: LineSettings,
  ): { settings: LineSettings; lineId: number; info: LineInfo } {
    if (this.#stopped)
      throw new MosisError('shuttingDown', 'The daemon is stopping; a new one can be started in a moment');
    const settings = mergeSettings(current, change);
    const { server, phoneId } = settings;
    if (!server || !phoneId) return { settings, lineId: 0, info: unconfigured(settings) };
    this.#parts.signalling.check(server);
    // A game that says no name leaves the one that another game of the same line gave.
    const displayName = settings.displayName ?? this.#find(server, phoneId)?.displayName ?? '';
    const line = this.#line({ server, phoneId, displayName });
    line.open();
    return { settings, lineId: line.lineId, info: line.info() };
  }

  attach(lineId: number, sessionId: number): void {
    this.#lines.get(lineId)?.sessions.add(sessionId);
  }

  detach(lineId: number, sessionId: number): void {
    const line = this.#lines.get(lineId);
    // The line stays logged in: calls and messages go on until the daemon ends or a game closes it.
    line?.sessions.delete(sessionId);
  }

  closeLine(lineId: number, sessionId: number): LineInfo {
    const line = this.#need(lineId);
    line.sessions.delete(sessionId);
    if (line.sessions.size === 0) line.close();
    return line.info();
  }

  lineInfo(lineId: number, settings: LineSettings): LineInfo {
    return this.#lines.get(lineId)?.info() ?? unconfigured(settings);
  }

  lines(): LineInfo[] {
    return [...this.#lines.values()].map((line) => line.info());
  }

  peers(lineId: number): PeerInfo[] {
    return this.#need(lineId).peers.list();
  }

  peer(lineId: number, peerId: string): PeerInfo {
    return this.#need(lineId).peers.get(peerId);
  }

  async statistics(lineId: number, peerId: string): Promise<PeerStatistics> {
    const link = this.#need(lineId).peers.find(peerId);
    return link ? link.statistics() : { state: 'idle', plain: false, rebuilds: 0 };
  }

  trust(lineId: number, peerId: string): void {
    const line = this.#need(lineId);
    const link = line.peers.find(peerId);
    if (!link?.presentedKey) {
      throw new MosisError('notFound', `${peerId} has shown no other key since the daemon started: nothing to trust`);
    }
    this.#parts.store.pinKey(line.server, peerId, link.presentedKey);
    link.presentedKey = undefined;
    link.lineOnline();
  }

  send(lineId: number, peerId: string, text: string, idempotencyKey: Uint8Array | null): number {
    if (this.#stopped) throw new MosisError('shuttingDown', 'The daemon is stopping; the message was not accepted');
    const line = this.#need(lineId);
    if (peerId === '') throw new MosisError('invalidArgument', 'The peer id is empty');
    if (text === '') throw new MosisError('invalidArgument', 'The text is empty');
    if (peerId === line.phoneId) throw new MosisError('invalidArgument', `${peerId} is this phone itself`);
    const { clock, random, store } = this.#parts;
    const link = line.peers.link(peerId);
    if (!link || link.outgoing.outstanding >= outboxLimit) {
      // Asked for again, because the answer did not get through: accepted is accepted, however full the queue is by now.
      const accepted = idempotencyKey && store.acceptedId(lineId, idempotencyKey);
      if (accepted !== null) return accepted;
      const what = link ? `${outboxLimit} messages to ${peerId} wait already` : 'Too many peers at once';
      throw new MosisError('queueFull', `${what}; wait for message.changed`);
    }
    const sentAt = clock.now();
    const uuid = uuidV7(sentAt, random.bytes(10));
    const { messageId, duplicate } = store.acceptMessage({ lineId, peerId, text, uuid, sentAt, idempotencyKey });
    if (!duplicate) {
      link.outgoing.accepted();
      link.need();
    }
    return messageId;
  }

  busy(): boolean {
    const { store, log } = this.#parts;
    const active = [...this.#lines.values()].some((line) => line.active);
    return active && (tolerated(log, 'the outbox could not be counted', () => store.outboxCount()) ?? 0) > 0;
  }

  stop(): void {
    this.#stopped = true;
    for (const line of this.#lines.values()) line.stop();
    this.#lines.clear();
  }

  #find(server: string, phoneId: string): Line | undefined {
    return [...this.#lines.values()].find((line) => line.server === server && line.phoneId === phoneId);
  }

  #need(lineId: number): Line {
    const line = this.#lines.get(lineId);
    if (!line) throw new MosisError('lineNotConfigured', 'Set server and phone id with line.configure first');
    return line;
  }

  #line(settings: { server: string; phoneId: string; displayName: string }): Line {
    const stored = this.#parts.store.openLine(settings);
    const open = this.#lines.get(stored.lineId);
    if (open) {
      open.rename(stored.displayName);
      return open;
    }
    this.#makeRoom();
    const line = new Line(this.#tools, stored);
    this.#lines.set(line.lineId, line);
    return line;
  }

  /** A line that no game uses gives way. */
  #makeRoom(): void {
    if (this.#lines.size < lineLimit) return;
    const unused = [...this.#lines.values()].find((line) => line.sessions.size === 0);
    if (!unused) {
      throw new MosisError('invalidArgument', `${lineLimit} lines are in use; use another profile for more phones`);
    }
    unused.stop();
    this.#lines.delete(unused.lineId);
  }
}

function mergeSettings(current: LineSettings, change: LineSettings): LineSettings {
  const merged: LineSettings = {};
  for (const key of ['server', 'phoneId', 'displayName'] as const) {
    const value = change[key] ?? current[key];
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

function unconfigured(settings: LineSettings): LineInfo {
  const { server = '', phoneId = '', displayName = '' } = settings;
  return { lineId: 0, state: 'unconfigured', server, phoneId, displayName };
}

/** Nothing happens until a line is configured. */
export function createPhone(parts: PhoneParts): Phone {
  return new PhoneOfLines(parts);
}
