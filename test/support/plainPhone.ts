// A phone that knows the specification alone (plainClient.mjs), as a process that ends with the test.
import { afterEach } from '@jest/globals';
import { type JsonEvent, JsonLineProcess } from './jsonLineProcess.ts';

export class PlainPhone extends JsonLineProcess {
  constructor() {
    super('test/support/plainClient.mjs', ['--bind', '127.0.0.1']);
  }

  /** Connects and registers; resolves when the own peer_joined came back. */
  async register(url: string, id: string): Promise<this> {
    this.send({ do: 'connect', url });
    await this.until('open');
    this.send({ do: 'register', id });
    await this.signalled('peer_joined', (message) => message.id === id);
    return this;
  }

  /** Takes the next signalling message of this type. */
  async signalled(
    type: string,
    matches: (message: Record<string, unknown>) => boolean = () => true,
    limitMs?: number,
  ): Promise<Record<string, unknown>> {
    const messageOf = (event: JsonEvent): Record<string, unknown> => event.message as Record<string, unknown>;
    const fits = (event: JsonEvent): boolean => messageOf(event).type === type && matches(messageOf(event));
    return messageOf(await this.until('signal', fits, limitMs));
  }

  /** Offers a connection and waits for its channel. */
  async connect(peerId: string): Promise<void> {
    this.send({ do: 'offer', to: peerId });
    await this.until('channel', ({ peer, state }) => peer === peerId && state === 'open', 15_000);
  }

  say(peerId: string, text: string): void {
    this.send({ do: 'send', to: peerId, text });
  }

  async hears(peerId: string, text: string): Promise<void> {
    await this.until('message', (event) => event.peer === peerId && event.text === text, 15_000);
  }
}

/** Call at the top of a describe or file; the function it returns starts a plain phone and registers it. */
export function plainPhones(): (url: string, id: string) => Promise<PlainPhone> {
  const made: PlainPhone[] = [];
  afterEach(async () => {
    await Promise.all(made.splice(0).map((phone) => phone.stop()));
  });
  return (url, id) => {
    const phone = new PlainPhone();
    made.push(phone);
    return phone.register(url, id);
  };
}
