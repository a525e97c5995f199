// The acts of the demo, in order. Each says what happens and checks it.
import type { Game, GameEvent } from './game.ts';
import { check, heading, table, tell } from './timeline.ts';

const time = (event: GameEvent): number => Number(event.t);
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const firstUpper = (name: string): string => (name[0]?.toUpperCase() ?? '') + name.slice(1);

/** Each game starts its own daemon, logs in and sees the other. */
export async function meet(ada: Game, bob: Game, csharp: boolean): Promise<void> {
  heading('1  Each game starts its daemon; they see each other');
  const games: [Game, string, string][] = [
    [ada, 'C++ game', 'bob'],
    [bob, csharp ? 'C# game' : 'C++ game', 'ada'],
  ];
  for (const [game, kind, other] of games) {
    const ready = await game.until('client.state', { state: 'ready' }, 30_000);
    tell(game.name, `${kind} (pid ${game.pid}) found no daemon and started one (pid ${ready.daemonPid})`);
    const line = await game.until('line.changed', { state: 'online' });
    tell(game.name, `online as "${line.id}" at ${line.server}`);
    await game.until('peer.changed', { peer: other, online: true });
    tell(game.name, `sees ${firstUpper(other)} online`);
  }
}

/** Sends one text, waits until the other game has it and the sender knows; gives both delays in ms. */
async function sendText(from: Game, to: Game, text: string): Promise<{ acceptedMs: number; receivedMs: number }> {
  const sentAt = performance.timeOrigin + performance.now();
  from.tell(`send ${to.name} ${text}`);
  const accepted = await from.until('message.accepted', { peer: to.name, text });
  const received = await to.until('message.received', { peer: from.name, text });
  const settled = await from.until('message.changed', { id: accepted.id });
  if (settled.state !== 'delivered') throw new Error(`"${text}" was not delivered: ${JSON.stringify(settled)}`);
  return { acceptedMs: time(accepted) - sentAt, receivedMs: time(received) - sentAt };
}

/** The first message builds the connection; the others show what a message costs. Games poll once per frame, 16 ms. */
export async function chat(ada: Game, bob: Game): Promise<void> {
  heading('2  They chat through WebRTC');
  const lines: [Game, Game, string][] = [
    [ada, bob, 'Hello Bob, can you hear me?'],
    [bob, ada, 'Loud and clear, Ada ☎'],
    [ada, bob, 'Meet at the bridge — 橋で会おう'],
    [bob, ada, 'On my way.'],
  ];
  for (const [from, to, text] of lines) {
    const { acceptedMs, receivedMs } = await sendText(from, to, text);
    tell(
      from.name,
      `→ ${to.name}  "${text}"  on disk after ${ms(acceptedMs)}, in the other game after ${ms(receivedMs)}`,
    );
  }
  const delays: number[] = [];
  for (let i = 0; i < 20; i += 1) delays.push((await sendText(ada, bob, `quick message ${i}`)).receivedMs);
  delays.sort((a, b) => a - b);
  tell(
    'ada',
    `20 more: median ${ms(delays[10] ?? 0)}, slowest ${ms(delays[19] ?? 0)} (two game loops at 60 Hz included)`,
  );
}

/** A killed game misses nothing. */
export async function comeBack(ada: Game, bob: Game, restart: () => Game): Promise<Game> {
  heading('3  A game is killed and comes back');
  await ada.kill('SIGKILL');
  tell('ada', 'killed with SIGKILL; her daemon goes on');
  const text = 'Are you still there?';
  bob.tell(`send ada ${text}`);
  const { id } = await bob.until('message.accepted', { text });
  await bob.until('message.changed', { id, state: 'delivered' });
  tell('bob', `→ ada  "${text}"  delivered to her daemon`);
  const again = restart();
  const ready = await again.until('client.state', { state: 'ready' });
  tell('ada', `started again (pid ${again.pid}), joined daemon ${ready.daemonPid}`);
  await again.until('message.received', { peer: 'bob', text });
  tell('ada', `got "${text}"`);
  const { receivedMs } = await sendText(again, bob, 'Yes. The phone remembered.');
  tell('ada', `→ bob  "Yes. The phone remembered."  after ${ms(receivedMs)}`);
  return again;
}

/** A program that knows only the plain messages of the specification. */
export async function plainPhoneJoins(plain: Game, bob: Game, url: string): Promise<void> {
  heading('4  A stranger’s phone joins, written against the plain protocol only');
  const say = (command: object) => plain.tell(JSON.stringify(command));
  say({ do: 'connect', url });
  await plain.until('open');
  say({ do: 'register', id: 'plain', name: 'Plain' });
  await bob.until('peer.changed', { peer: 'plain', online: true });
  tell('bob', 'sees Plain online');
  say({ do: 'offer', to: 'bob' });
  await plain.until('channel', { peer: 'bob', state: 'open' });
  say({ do: 'send', to: 'bob', text: 'hello from plain JSON' });
  await bob.until('message.received', { peer: 'plain', text: 'hello from plain JSON' });
  tell('plain', '→ bob  "hello from plain JSON"');
  bob.tell('send plain and hello back');
  await plain.until('message', { peer: 'bob', text: 'and hello back' });
  tell('bob', '→ plain  "and hello back"');
}

/** The connections as each side measured them, and what the server saw. */
export async function showConnections(ada: Game, bob: Game, plain: Game, url: string): Promise<void> {
  heading('5  The connections');
  const rows = [['from', 'to', 'local candidate', 'remote candidate', 'ICE', 'DTLS', 'built in', 'sent', 'received']];
  for (const [game, peer] of [
    [ada, 'bob'],
    [bob, 'ada'],
    [bob, 'plain'],
  ] as const) {
    game.tell(`stats ${peer}`);
    const { statistics } = await game.until('stats', { peer });
    const s = statistics as Record<string, string | number | undefined>;
    rows.push([game.name, peer, ...[s.localCandidate, s.remoteCandidate, s.iceState, s.dtlsState].map(String)]);
    rows.at(-1)?.push(`${s.connectTimeMs} ms`, `${s.bytesSent} B`, `${s.bytesReceived} B`);
    check(s.dtlsState === 'connected', `${game.name} → ${peer}: DTLS connected`);
  }
  table(rows);
  plain.tell(JSON.stringify({ do: 'pair', to: 'bob' }));
  await plain.until('pair', { peer: 'bob' });

  heading('6  What passed the signalling server');
  const metrics = await (await fetch(`${url.replace('ws:', 'http:')}/metrics`)).text();
  const relayed = [...metrics.matchAll(/^mosis_signalling_relayed_bytes_total\{type="(\w+)"\} (\d+)$/gm)];
  const counted = relayed.map(([, type = '', bytes = '0']) => ({ type, bytes: Number(bytes) }));
  table([
    ['type', 'bytes'],
    ...counted.filter(({ bytes }) => bytes > 0).map(({ type, bytes }) => [type, String(bytes)]),
  ]);
  const handshake = ['offer', 'answer', 'candidate'];
  const others = counted.filter(({ type, bytes }) => bytes > 0 && !handshake.includes(type));
  check(
    counted.some(({ bytes }) => bytes > 0),
    'the server relayed the handshakes',
  );
  check(others.length === 0, 'nothing but handshakes: no byte of a text passed it');
}
