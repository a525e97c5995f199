import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type DaemonProcess, daemonFolders } from '../../support/daemonProcess.ts';
import { ada, harness } from '../ipc/harness.ts';

const { startDaemon, newShim, newFolder, keep } = harness();
const pathTo = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const lineOptions = ['--server', ada.server, '--id', ada.phoneId, '--name', ada.displayName];

/** `mosis` in a folder of its own; what it printed so far, and its end. */
class Cli {
  stdout = '';
  stderr = '';
  readonly exited: Promise<number>;
  readonly #child: ChildProcess;

  constructor(folder: string, words: readonly string[], program = 'daemon/bin/mosis') {
    const env = { ...process.env, ...daemonFolders(folder) };
    this.#child = spawn(pathTo(program), words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.exited = new Promise((resolve) => this.#child.once('close', (code) => resolve(code ?? -1)));
  }

  /** Resolves when it has printed this. */
  printed(expected: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (expected.test(this.stdout)) resolve();
      };
      this.#child.stdout?.on('data', look);
      look();
    });
  }

  async stop(): Promise<void> {
    this.#child.kill();
    await this.exited;
  }
}

async function mosis(folder: string, ...words: string[]): Promise<Cli> {
  const cli = new Cli(folder, words);
  await cli.exited;
  return cli;
}

async function doctor(folder: string, ...words: string[]): Promise<string> {
  return (await mosis(folder, 'doctor', ...words)).stdout;
}

describe('without a daemon', () => {
  test.each(['status', 'stop', 'peers'])('%s says that none runs and what to do', async (command) => {
    const cli = await mosis(newFolder(), command);
    expect(await cli.exited).toBe(1);
    expect(cli.stderr).toBe('No daemon of the profile "default" runs: start one with "mosis start".\n');
  });

  test('start starts one that outlives it, status and stop find it, a second start does nothing', async () => {
    const folder = newFolder();
    const started = await mosis(folder, 'start');
    expect(started.stderr).toBe('');
    expect(started.stdout).toMatch(/^The daemon \(process \d+\) is ready\.\n$/);
    expect((await mosis(folder, 'start')).stdout).toMatch(/runs already/);
    const again = new Cli(folder, [], 'daemon/bin/mosisd');
    expect(await again.exited).toBe(1);
    expect(again.stderr).toBe('A daemon of the profile "default" is already running.\n');
    const status = new Cli(folder, ['status'], 'daemon/bin/mosisd');
    expect(await status.exited).toBe(0);
    expect(status.stdout).toMatch(/^daemon +0\.1\.0, process \d+, up \d+ s, \d+ MiB\nprofile +default\n/);
    expect((await mosis(folder, 'stop')).stdout).toMatch(/stops\.\n$/);
  }, 60_000);
});

describe('with a daemon', () => {
  test('status shows lines and games, and the same as JSON', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    const { stdout } = await mosis(daemon.folder, 'status');
    expect(stdout).toMatch(/LINE +STATE +PHONE +NAME +SERVER\n1 +connecting +ada +Ada +ws:\/\/s\n/);
    expect(stdout).toMatch(new RegExp(`rawShim +${shim.pid} +1 +0\n`));
    const json = JSON.parse((await mosis(daemon.folder, 'status', '--json')).stdout);
    expect(json).toMatchObject({ pid: daemon.pid, lines: [{ phoneId: 'ada' }] });
  });

  test('send tells when the text is on disk and when it is delivered', async () => {
    const daemon = await startDaemon();
    const sent = await mosis(daemon.folder, 'send', 'eve', '--hello', ...lineOptions);
    expect(sent.stdout).toMatch(/^\d+ accepted\n\d+ delivered after \d+ ms\n$/);
    expect(await sent.exited).toBe(0);
  });

  test('send says why a text could not be delivered', async () => {
    const daemon = await startDaemon();
    const cli = await mosis(daemon.folder, ...lineOptions, 'send', 'offline', 'hi');
    expect(await cli.exited).toBe(1);
    expect(cli.stderr).toBe('1 failed: offline is offline\n');
  });

  test('listen prints messages, harmlessly, and takes none away from the game', async () => {
    const daemon = await startDaemon();
    const cli = keep(new Cli(daemon.folder, ['listen', ...lineOptions]));
    await daemon.told.until(({ event }) => event === 'attach', 'attach');
    daemon.tell({ do: 'receive', lineId: 1, count: 2 });
    await cli.printed(/bob: 0\n.*bob: 1\n/);
    await cli.stop();
    await daemon.told.until(({ event }) => event === 'detach', 'detach');
    expect(await cli.exited).toBe(0);
    const game = newShim();
    await game.hello(daemon, { line: ada });
    await game.until('event', ({ sequence }) => sequence === 2);
  });

  test('the line need not be named when there is only one', async () => {
    const daemon = await startDaemon();
    await newShim().hello(daemon, { line: ada });
    expect((await mosis(daemon.folder, 'send', 'eve', 'hi')).stdout).toMatch(/delivered/);
    expect((await mosis(daemon.folder, 'status')).stdout).toMatch(/ada +Ada/);
  });
});

describe('doctor names the fault', () => {
  test('no daemon', async () => {
    expect(await doctor(newFolder())).toContain('No daemon runs; a game or "mosis start" starts one.');
  });

  test('all is well, but for a server that is not there', async () => {
    const daemon = await startDaemon();
    const { stdout, exited } = await mosis(daemon.folder, 'doctor', '--server', 'ws://127.0.0.1:1');
    expect(stdout.match(/✗/g)).toHaveLength(1);
    expect(stdout).toContain('The server ws://127.0.0.1:1 cannot be reached (connect ECONNREFUSED 127.0.0.1:1)');
    expect(await exited).toBe(1);
  });

  test('a stale endpoint.json', async () => {
    const daemon = await startDaemon();
    daemon.kill('SIGKILL');
    await daemon.exited;
    expect(await doctor(daemon.folder)).toContain(`endpoint.json is stale: process ${daemon.pid} ended`);
  });

  test('an unsafe folder', async () => {
    const daemon = await startDaemon();
    fs.chmodSync(daemon.paths.runtimeFolder, 0o770);
    expect(await doctor(daemon.folder)).toContain(`run: chmod 700 ${daemon.paths.runtimeFolder}.`);
  });

  test('a daemon that is stopped by a signal', async () => {
    const daemon = await startDaemon();
    daemon.kill('SIGSTOP');
    expect(await doctor(daemon.folder)).toContain(
      `The daemon (process ${daemon.pid}) does not answer: it is stopped by a signal; continue it with kill -CONT`,
    );
  });

  test('a token that is not the daemon’s', async () => {
    const daemon = await startDaemon();
    const { endpointFile } = daemon.paths;
    const endpoint = JSON.parse(fs.readFileSync(endpointFile, 'utf8'));
    fs.writeFileSync(endpointFile, JSON.stringify({ ...endpoint, token: 'other' }));
    expect(await doctor(daemon.folder)).toMatch(/does not answer: The token is not the one in endpoint\.json/);
  });

  test('a daemon that holds the lock and never became ready', async () => {
    const daemon = await startDaemon();
    fs.rmSync(daemon.paths.endpointFile);
    expect(await doctor(daemon.folder)).toContain('A daemon holds the lock but is not ready');
  });

  test('a wrong configuration', async () => {
    const daemon: DaemonProcess = await startDaemon({ config: { bindAddress: 5 } });
    expect(await doctor(daemon.folder)).toContain('"bindAddress" must be an IP address of this machine, or null');
  });

  test('a disk that takes nothing', async () => {
    const folder = newFolder();
    fs.writeFileSync(path.join(folder, 'data'), 'a file where the folder belongs');
    expect(await doctor(folder)).toContain('messages cannot be kept');
  });
});
