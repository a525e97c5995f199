// The real daemon but for its phone: lines that reach no server, and events on command of the test (over Node's IPC channel).
import process from 'node:process';
import { MosisError } from '../../daemon/core/errors.ts';
import { EventLog } from '../../daemon/core/event/eventLog.ts';
import type { EventName, LineInfo, LineSettings, PeerInfo, Phone } from '../../daemon/core/ports.ts';
import { type PhoneAndMedia, type PhoneBase, runDaemon } from '../../daemon/daemon.ts';

const tell = (event: string, fields: object): void => {
  process.send?.({ event, ...fields });
};

class ScriptedPhone implements Phone {
  readonly #base: PhoneBase;
  readonly #events: EventLog;
  readonly #lines = new Map<number, LineInfo>();
  #peers: PeerInfo[] = [];
  #busy = false;

  constructor(base: PhoneBase) {
    this.#base = base;
    this.#events = new EventLog(base.store, base.shims, base.logger('mosis:scripted'));
    process.on('message', (message: { do: string }) => this.#obey(message));
  }

  #obey({ do: name, ...rest }: { do: string } & Record<string, unknown>): void {
    if (name === 'receive') this.#receive(rest as { lineId: number; count: number; sizeBytes?: number });
    if (name === 'changeLine') this.#changeLine(rest as { lineId: number; count: number });
    if (name === 'peers') this.#peers = rest.peers as PeerInfo[];
    if (name === 'busy') this.#busy = rest.busy as boolean;
    tell('obeyed', { command: name, sequence: this.#base.store.lastSequence() });
  }

  /** Messages arrive: durable events. */
  #receive({ lineId, count, sizeBytes = 1 }: { lineId: number; count: number; sizeBytes?: number }): void {
    for (let index = 0; index < count; index += 1) {
      const message = {
        lineId,
        peerId: 'bob',
        uuid: null,
        text: `${index}`.padEnd(sizeBytes, '.'),
        sentAt: 1,
        receivedAt: 2,
      };
      let publish = () => {};
      this.#base.store.receiveMessage(message, (messageId) => {
        const { peerId, text, sentAt, receivedAt } = message;
        const entry = this.#events.entry('message.received', { messageId, peerId, text, sentAt, receivedAt });
        publish = () => this.#events.published(lineId, entry);
        return entry;
      });
      publish();
    }
  }

  /** The line changes its state: events that no journal keeps. */
  #changeLine({ lineId, count }: { lineId: number; count: number }): void {
    const line = this.#lines.get(lineId);
    if (!line) return;
    for (let index = 0; index < count; index += 1) {
      line.displayName = `change ${this.#base.store.lastSequence()}`;
      this.#events.publish(lineId, 'line.changed' satisfies EventName, { line: { ...line } });
    }
  }

  configureLine(current: LineSettings, change: LineSettings) {
    const settings = { ...current, ...change };
    const { server = '', phoneId = '', displayName = '' } = settings;
    if (server === 'ws://refused') throw new MosisError('invalidArgument', 'ws://refused is refused');
    if (!server || !phoneId) return { settings, lineId: 0, info: this.lineInfo(0, settings) };
    const { lineId } = this.#base.store.openLine({ server, phoneId, displayName });
    if (!this.#lines.has(lineId))
      this.#lines.set(lineId, { lineId, state: 'connecting', server, phoneId, displayName });
    return { settings, lineId, info: this.lineInfo(lineId, settings) };
  }

  attach(lineId: number, sessionId: number): void {
    tell('attach', { lineId, sessionId });
  }

  detach(lineId: number, sessionId: number): void {
    tell('detach', { lineId, sessionId });
  }

  closeLine(lineId: number): LineInfo {
    return this.lineInfo(lineId, {});
  }

  lineInfo(lineId: number, { server = '', phoneId = '', displayName = '' }: LineSettings): LineInfo {
    return { ...(this.#lines.get(lineId) ?? { lineId: 0, state: 'unconfigured', server, phoneId, displayName }) };
  }

  lines(): LineInfo[] {
    return [...this.#lines.values()];
  }

  peers(): PeerInfo[] {
    return this.#peers;
  }

  peer(_lineId: number, peerId: string): PeerInfo {
    if (peerId === 'defect') throw new TypeError('a defect');
    return { peerId, displayName: '', online: false };
  }

  /** Of "never" there are none. */
  statistics(_lineId: number, peerId: string): ReturnType<Phone['statistics']> {
    if (peerId === 'never') return new Promise(() => {});
    return Promise.resolve({ state: 'idle', plain: false, rebuilds: 0 });
  }

  trust(): void {
    throw new MosisError('notFound', 'nothing to trust');
  }

  send(lineId: number, peerId: string, text: string, idempotencyKey: Uint8Array | null): number {
    if (lineId === 0) throw new MosisError('lineNotConfigured', 'Set server and phone id with line.configure first');
    const uuid = this.#base.random.bytes(16);
    const accepted = this.#base.store.acceptMessage({ lineId, peerId, text, uuid, sentAt: 1, idempotencyKey });
    if (peerId !== 'bob') this.#base.clock.after(0, () => this.#settle(lineId, peerId, accepted.messageId));
    return accepted.messageId;
  }

  /** Messages to "offline" fail, others are delivered; only those to "bob" stay where they are. */
  #settle(lineId: number, peerId: string, messageId: number): void {
    const failed = peerId === 'offline';
    const entry = this.#events.entry('message.changed', {
      ...{ messageId, peerId, confirmed: !failed, state: failed ? 'failed' : 'delivered' },
      ...(failed && { reason: 'peerOffline', text: 'offline is offline' }),
    });
    this.#base.store.settleMessage(messageId, failed ? 'failed' : 'delivered', () => entry);
    this.#events.published(lineId, entry);
  }

  busy(): boolean {
    return this.#busy;
  }

  stop(): void {
    tell('stop', {});
  }
}

function buildPhone(base: PhoneBase): PhoneAndMedia {
  return {
    phone: new ScriptedPhone(base),
    media: { state: 'stopped', pid: undefined, restarts: 0 },
    stopMedia: async () => {},
  };
}

await runDaemon(process.argv.slice(2), buildPhone);
