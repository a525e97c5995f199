// One socket of the daemon's signalling client whose events a test waits for.
import type { AnySignal, SignallingSocket, SignalName, SignalValue } from '../../daemon/core/ports.ts';
import { createClock } from '../../daemon/platform/clock.ts';
import { createSignalling } from '../../daemon/signalling/signalling.ts';
import type { SocketTools } from '../../daemon/signalling/signallingSocket.ts';
import { Inbox } from './inbox.ts';
import { RecordingLog } from './recordingLog.ts';

export type SocketEvent =
  | { readonly event: 'opened'; readonly plain: boolean }
  | { readonly event: 'signal'; readonly signal: AnySignal }
  | { readonly event: 'closed'; readonly code: string; readonly text: string; readonly closeCode: number };

export class SignallingLine {
  readonly log = new RecordingLog();
  readonly events = new Inbox<SocketEvent>();
  readonly socket: SignallingSocket;

  constructor(url: string, tools: Partial<SocketTools> = {}) {
    this.socket = createSignalling({ log: this.log, clock: createClock(), ...tools }).open(url, {
      opened: (server) => this.events.push({ event: 'opened', ...server }),
      signal: (signal) => this.events.push({ event: 'signal', signal }),
      closed: (why) => this.events.push({ event: 'closed', ...why }),
    });
  }

  until<E extends SocketEvent['event']>(event: E): Promise<Extract<SocketEvent, { event: E }>> {
    return this.events.until((one) => one.event === event, event) as Promise<Extract<SocketEvent, { event: E }>>;
  }

  /** The value of the next signal of this name. */
  async signal<N extends SignalName>(name: N): Promise<SignalValue<N>> {
    const isIt = (one: SocketEvent): boolean => one.event === 'signal' && one.signal.name === name;
    const found = (await this.events.until(isIt, name)) as SocketEvent & { event: 'signal' };
    return found.signal.value as SignalValue<N>;
  }
}
