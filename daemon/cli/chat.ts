// mosis peers, send, listen: a phone without a game, for trying things out. Onlookers: they take no event away from a game.
import process from 'node:process';
import { eventCategories } from '../../proto/dsl.ts';
import type { EventIn } from '../../proto/runtime/index.ts';
import { MosisError } from '../core/errors.ts';
import type { LineInfo, LineSettings, PeerInfo } from '../core/ports.ts';
import type { Paths } from '../platform/paths.ts';
import type { CliArguments } from './arguments.ts';
import { type OpenSession, openSession, withSession } from './client.ts';
import { printable, table } from './table.ts';

const onlineLimitMs = 15_000;
/** The list of peers is complete when none came for so long. */
const quietMs = 300;
const deliveryLimitMs = 30_000;

type Print = (text: string) => void;

/** A session on the line that was chosen, and what comes in it. */
class LineSession {
  readonly #opened: OpenSession;
  #line: LineInfo;
  #heard: (event: EventIn) => void = () => {};

  private constructor(opened: OpenSession) {
    this.#opened = opened;
    this.#line = opened.identified.snapshot.line;
  }

  static async open(
    paths: Paths,
    line: LineSettings,
    onEvent: (event: EventIn) => void = () => {},
  ): Promise<LineSession> {
    const events = eventCategories.lines | eventCategories.peers | eventCategories.messages;
    let session: LineSession | undefined;
    const early: EventIn[] = [];
    const opened = await openSession(paths, {
      ...{ line, events, scopes: ['observe'] },
      onEvent: (event) => {
        onEvent(event);
        if (session) session.#event(event);
        else early.push(event);
      },
      onGoodbye: () => {
        process.stderr.write('The daemon has stopped.\n');
        process.exit(1);
      },
    });
    session = new LineSession(opened);
    for (const event of early) session.#event(event);
    return session;
  }

  get client(): OpenSession['client'] {
    return this.#opened.client;
  }

  #event(event: EventIn): void {
    this.client.taken(event.sequence);
    if (event.name === 'line.changed') this.#line = event.value.line;
    this.#heard(event);
  }

  /** Throws MosisError serverUnreachable with the line's own words. */
  async online(): Promise<void> {
    const settled = () => ['online', 'offline'].includes(this.#line.state);
    if (!settled()) await this.until(onlineLimitMs, settled);
    if (this.#line.state === 'online') return;
    const { server, error = 'serverUnreachable', text = `${server} did not answer` } = this.#line;
    throw new MosisError(error, text);
  }

  /** False when it did not come true in time. */
  until(limitMs: number, isTrue: (event: EventIn) => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (came: boolean) => {
        clearTimeout(timer);
        this.#heard = () => {};
        resolve(came);
      };
      const timer = setTimeout(() => done(false), limitMs);
      this.#heard = (event) => {
        if (isTrue(event)) done(true);
      };
    });
  }
}

export async function showPeers(paths: Paths, given: CliArguments): Promise<string> {
  const session = await LineSession.open(paths, await chosenLine(paths, given));
  await session.online();
  while (await session.until(quietMs, ({ name }) => name === 'peer.changed'));
  const { peers } = await session.client.request('peers.list', {});
  session.client.close();
  if (peers.length === 0) return 'Nobody else is there.\n';
  return table(
    ['peer', 'name', ''],
    peers.map(({ peerId, displayName, online }: PeerInfo) => [peerId, displayName, online ? 'online' : 'offline']),
  );
}

/** Tells each step; throws MosisError when the message failed. */
export async function sendText(paths: Paths, given: CliArguments, print: Print): Promise<void> {
  const [peerId, text] = given.words;
  if (peerId === undefined || text === undefined)
    throw new MosisError('invalidArgument', 'Usage: mosis send PEER TEXT');
  const changes: EventIn[] = [];
  const session = await LineSession.open(paths, await chosenLine(paths, given), (event) => changes.push(event));
  const began = performance.now();
  const { messageId } = await session.client.request(
    'message.send',
    { peerId, text },
    crypto.getRandomValues(new Uint8Array(16)),
  );
  print(`${messageId} accepted\n`);
  const isOurs = (event: EventIn) => event.name === 'message.changed' && event.value.messageId === messageId;
  if (!changes.some(isOurs)) await session.until(deliveryLimitMs, isOurs);
  session.client.close();
  const change = changes.find(isOurs);
  if (change?.name !== 'message.changed') {
    throw new MosisError('deadlineExceeded', `${messageId} is still on its way; the daemon goes on trying.`);
  }
  const { state, confirmed, reason = 'internal', text: why = '' } = change.value;
  if (state === 'failed') throw new MosisError(reason, `${messageId} failed: ${why}`);
  print(
    `${messageId} delivered after ${Math.round(performance.now() - began)} ms${confirmed ? '' : ' (a plain peer confirms nothing)'}\n`,
  );
}

/** Prints until a signal ends it. */
export async function listen(paths: Paths, given: CliArguments, print: Print): Promise<void> {
  const time = (ms: number) => new Date(ms).toLocaleTimeString('sv');
  const session = await LineSession.open(paths, await chosenLine(paths, given), (event) => {
    switch (event.name) {
      case 'message.received':
        return print(
          `${time(event.value.receivedAt)} ${printable(event.value.peerId)}: ${printable(event.value.text)}\n`,
        );
      case 'peer.changed':
        return print(`* ${printable(event.value.peer.peerId)} is ${event.value.peer.online ? 'online' : 'offline'}\n`);
      case 'line.changed':
        return print(`* line ${event.value.line.state}${event.value.line.text ? `: ${event.value.line.text}` : ''}\n`);
      case 'peer.identityChanged':
        return print(`* ${printable(event.value.peerId)} shows another key: ${event.value.fingerprint}\n`);
      case 'message.changed':
        return print(`* message ${event.value.messageId} ${event.value.state}\n`);
    }
  });
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  session.client.close();
}

/** By the options, or the only line there is. A known line keeps its name. */
async function chosenLine(paths: Paths, { server, id, name }: CliArguments): Promise<LineSettings> {
  const { lines } = await withSession(paths, (client) => client.request('daemon.status', {}));
  const fitting = lines.filter(
    (line) => (server === undefined || line.server === server) && (id === undefined || line.phoneId === id),
  );
  const [known] = fitting;
  if (known && fitting.length === 1) {
    return { server: known.server, phoneId: known.phoneId, displayName: name ?? known.displayName };
  }
  if (server !== undefined && id !== undefined) return { server, phoneId: id, displayName: name ?? id };
  throw new MosisError(
    'lineNotConfigured',
    `The daemon has ${lines.length} lines: say which with --server URL --id ID.`,
  );
}
