// npm run demo: two games and a stranger's phone on this machine chat through real daemons and real WebRTC, with nothing started by hand.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { pinnedNode, root } from '../../scripts/bootstrap/paths.mjs';
import { runtimeEnvironment } from '../../scripts/bootstrap/runtime.mjs';
import { chat, comeBack, meet, plainPhoneJoins, showConnections } from './acts.ts';
import { buildChatCsharp } from './csharpGame.ts';
import { Game, type Program } from './game.ts';
import { heading, tell } from './timeline.ts';

const { values: options } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (options.help) {
  console.log(
    'usage: npm run demo [-- --keep]\n  --keep  leave server and phones running, and say how to type messages',
  );
  process.exit(0);
}

/** Short, because the paths of sockets have a limit. */
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mosis-demo-'));
const environment = {
  ...runtimeEnvironment(),
  MOSIS_RUNTIME_DIR: path.join(folder, 'run'),
  MOSIS_DATA_DIR: path.join(folder, 'data'),
  // The demo shows that a game finds the daemon beside its library, whatever this shell has set.
  MOSIS_DAEMON: undefined,
  MOSIS_PROFILE: undefined,
};
const nativeFolder = path.join(root, 'bindings', 'native', 'build', 'dev');

/** A phone of its own: profile with settings that keep the demo on this machine's loopback. */
function prepareProfile(profile: string): void {
  const data = path.join(folder, 'data', profile);
  fs.mkdirSync(data, { recursive: true, mode: 0o700 });
  const config = { bindAddress: '127.0.0.1', idleExitSeconds: options.keep ? 86_400 : 5 };
  fs.writeFileSync(path.join(data, 'config.json'), JSON.stringify(config));
}

function program(name: string, command: [string, ...string[]], server: string): Program {
  prepareProfile(name);
  const line = ['--profile', name, '--server', server, '--id', name, '--name', name[0]?.toUpperCase() + name.slice(1)];
  return { name, command: [...command, ...line, '--script'], environment };
}

async function startServer(): Promise<{ server: Game; url: string }> {
  const command: [string, ...string[]] = [
    pinnedNode,
    path.join(root, 'server/signalling/main.ts'),
    '--port',
    '0',
    '--json',
  ];
  const server = new Game({ name: 'server', command, environment });
  const { url } = await server.until('listening');
  tell('server', `signalling server at ${url}`);
  return { server, url: String(url) };
}

/** Daemons end by themselves some time after their games; the demo asks them to do it now and waits, so that nothing is left behind. */
async function endDaemons(pids: ReadonlySet<number>): Promise<void> {
  const alive = [...pids].filter(isAlive);
  for (const pid of alive) process.kill(pid, 'SIGTERM');
  const limit = AbortSignal.timeout(10_000);
  for (const pid of alive) {
    while (isAlive(pid) && !limit.aborted) await new Promise((resolve) => setTimeout(resolve, 50));
    if (!isAlive(pid)) continue;
    process.kill(pid, 'SIGKILL');
    throw new Error(`daemon ${pid} did not stop when asked`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function sayHowToType(url: string): void {
  heading('Everything keeps running. In two terminals, type messages yourself:');
  const shared = `MOSIS_RUNTIME_DIR=${environment.MOSIS_RUNTIME_DIR} MOSIS_DATA_DIR=${environment.MOSIS_DATA_DIR}`;
  for (const [own, peer] of [
    ['ada', 'bob'],
    ['bob', 'ada'],
  ]) {
    console.log(
      `  ${shared} ${path.join(nativeFolder, 'chat-cpp')} --profile ${own} --server ${url} --id ${own} --peer ${peer}`,
    );
  }
  console.log('\nCtrl+C ends the demo.');
}

const running: Game[] = [];
const daemons = new Set<number>();
let failed = false;
try {
  heading('Two games, two phones, one message');
  const { server, url } = await startServer();
  running.push(server);
  const csharp = await buildChatCsharp(environment, nativeFolder);
  const start = (one: Program): Game => {
    const game = new Game(one, (event) => {
      if (event.event === 'client.state' && Number(event.daemonPid) > 0) daemons.add(Number(event.daemonPid));
    });
    running.push(game);
    return game;
  };
  const adaProgram = program('ada', [path.join(nativeFolder, 'chat-cpp')], url);
  const bobProgram = program('bob', csharp ?? [path.join(nativeFolder, 'chat-cpp')], url);
  const ada = start(adaProgram);
  const bob = start({
    ...bobProgram,
    environment: { ...environment, MOSIS_LIBRARY: path.join(nativeFolder, 'libmosis.so') },
  });
  await meet(ada, bob, csharp !== undefined);
  await chat(ada, bob);
  const adaAgain = await comeBack(ada, bob, () => start(adaProgram));
  const plain = start({
    name: 'plain',
    command: [pinnedNode, path.join(root, 'test/support/plainClient.mjs'), '--bind', '127.0.0.1'],
    environment,
  });
  await plainPhoneJoins(plain, bob, url);
  await showConnections(adaAgain, bob, plain, url);
  if (options.keep) {
    for (const game of [adaAgain, bob]) await game.end('quit');
    sayHowToType(url);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
} catch (error) {
  failed = true;
  console.error(`\n${error instanceof Error ? error.message : error}`);
  console.error(`Logs: ${path.join(folder, 'data', '*', 'logs')} (kept)`);
} finally {
  const [server, ...games] = running;
  for (const game of games.toReversed()) await game.end(game.name === 'plain' ? '{"do":"quit"}' : 'quit');
  await endDaemons(daemons);
  await server?.kill('SIGTERM');
}
if (failed) process.exitCode = 1;
else {
  fs.rmSync(folder, { recursive: true, force: true });
  heading('The demo succeeded; daemons, server and files are gone.');
}
