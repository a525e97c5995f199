import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { DaemonProcess, daemonFolders } from '../../support/daemonProcess.ts';
import { pinnedNode } from '../../support/jsonLineProcess.ts';
import { ada, harness } from './harness.ts';

const { startDaemon, newShim, newFolder, keep } = harness();
const pathTo = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

describe('a start that cannot be', () => {
  test.each(['run', 'run/default', 'run/default/v1', 'data/default'])(
    'a world-writable %s is named with the remedy',
    async (name) => {
      const folder = newFolder();
      const unsafe = path.join(folder, name);
      fs.mkdirSync(unsafe, { recursive: true, mode: 0o700 });
      fs.chmodSync(unsafe, 0o777);
      const daemon = keep(DaemonProcess.begin({ folder }));
      expect(await daemon.readyLine).toBe(
        `failed The folder ${unsafe} is open to other users (mode 0777): run: chmod 700 ${unsafe}.`,
      );
      expect(await daemon.exited).toBe(1);
      expect(fs.existsSync(daemon.paths.endpointFile)).toBe(false);
    },
  );

  test('a wrong MOSIS_TRANSPORT is named', async () => {
    const daemon = keep(DaemonProcess.begin({ folder: newFolder(), env: { MOSIS_TRANSPORT: 'pigeon' } }));
    expect(await daemon.readyLine).toMatch(/^failed MOSIS_TRANSPORT is "pigeon"/);
  });

  test.each([
    [{ MOSIS_LOCK_FD: '9' }, /^failed The daemon lock is not ours: MOSIS_LOCK_FD is "9"/],
    [{ MOSIS_LOCK_FD: '3' }, /^failed The daemon lock is not ours: descriptor 3 is not .*daemon\.lock/],
  ])('with %j the daemon does not believe that it is the only one', (env, expected) => {
    const { stdout, status } = spawnSync(pinnedNode, [pathTo('test/support/scriptedDaemon.ts')], {
      env: { ...process.env, ...daemonFolders(newFolder()), ...env },
      encoding: 'utf8',
    });
    expect(stdout).toMatch(expected);
    expect(status).toBe(1);
  });

  test('a descriptor that is the file but not locked is no lock', () => {
    const folder = newFolder();
    const runtimeFolder = path.join(folder, 'run/default/v1');
    fs.mkdirSync(runtimeFolder, { recursive: true, mode: 0o700 });
    const file = fs.openSync(path.join(runtimeFolder, 'daemon.lock'), 'a', 0o600);
    const { stdout } = spawnSync(pinnedNode, [pathTo('test/support/scriptedDaemon.ts')], {
      env: { ...process.env, ...daemonFolders(folder), MOSIS_LOCK_FD: '3' },
      stdio: ['ignore', 'pipe', 'ignore', file],
      encoding: 'utf8',
    });
    fs.closeSync(file);
    expect(stdout).toMatch(/but not locked/);
  });

  test('a database of a newer daemon is refused', async () => {
    const folder = newFolder();
    const daemon = await startDaemon({ folder });
    await daemon.stop();
    const script = `const s = new (require('node:sqlite').DatabaseSync)(process.argv[1]); s.exec('PRAGMA user_version = 99')`;
    spawnSync(pinnedNode, ['-e', script, daemon.paths.databaseFile]);
    const next = keep(DaemonProcess.begin({ folder }));
    expect(await next.readyLine).toMatch(/^failed .*written by a newer daemon/);
  });
});

describe('what a crash left', () => {
  test('stale socket, endpoint and temporary files do not hinder the next daemon', async () => {
    const first = await startDaemon();
    first.kill('SIGKILL');
    await first.exited;
    const { runtimeFolder, socketFile } = first.paths;
    expect(fs.existsSync(socketFile)).toBe(true);
    fs.writeFileSync(path.join(runtimeFolder, `.endpoint.json.${first.pid}`), 'half');
    const staleToken = first.endpoint.token;
    const second = await startDaemon({ folder: first.folder });
    expect(second.endpoint).toMatchObject({ pid: second.pid });
    expect(second.endpoint.token).not.toBe(staleToken);
    await newShim().hello(second, { line: ada });
  });

  test('a plain file where the socket belongs does not either', async () => {
    const folder = newFolder();
    const runtimeFolder = path.join(folder, 'run/default/v1');
    fs.mkdirSync(runtimeFolder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(path.join(runtimeFolder, 'control.sock'), 'no socket');
    await newShim().hello(await startDaemon({ folder }), { line: ada });
  });

  test('a damaged database is set aside and the daemon runs', async () => {
    const folder = newFolder();
    const dataFolder = path.join(folder, 'data/default');
    fs.mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(path.join(dataFolder, 'phone.db'), 'garbage '.repeat(4000));
    const daemon = await startDaemon({ folder });
    await newShim().hello(daemon, { line: ada });
    expect(fs.readdirSync(dataFolder).filter((name) => name.startsWith('phone.db.damaged-'))).toHaveLength(1);
    expect(daemon.log).toContain('the database was damaged');
  });
});

test('a wrong configuration is warned of in the log and the daemon runs', async () => {
  const daemon = await startDaemon({ config: { idleExitSecond: 5, logLevel: 'loud' } });
  await newShim().hello(daemon);
  expect(daemon.log).toMatch(/unknown key \\"idleExitSecond\\"/);
  expect(daemon.log).toMatch(/\\"logLevel\\" must be one of/);
});

test('profiles are separate phones', async () => {
  const folder = newFolder();
  const [one, two] = [await startDaemon({ folder, profile: 'one' }), await startDaemon({ folder, profile: 'two' })];
  expect(await newShim().hello(one)).toMatchObject({ profile: 'one', pid: one.pid });
  expect(await newShim().hello(two)).toMatchObject({ profile: 'two', pid: two.pid });
});

test('the lock does not pass on to children, so a killed daemon frees it while they end', async () => {
  const daemon = await startDaemon();
  const link = fs.readFileSync(`/proc/${daemon.pid}/fdinfo/3`, 'utf8');
  const flags = Number.parseInt(/flags:\s+0?(\d+)/.exec(link)?.[1] ?? '0', 8);
  const closeOnExec = 0o2000000;
  expect(flags & closeOnExec).toBe(closeOnExec);
});

test('garbage on the socket itself harms nobody', async () => {
  const daemon = await startDaemon();
  const shim = newShim();
  await shim.hello(daemon);
  const { connect } = await import('node:net');
  const sockets = Array.from({ length: 50 }, () => connect(daemon.paths.socketFile).on('error', () => {}));
  for (const socket of sockets) socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(100));
  expect(await shim.ask('daemon.status', {})).toMatchObject({ ok: true });
  for (const socket of sockets) socket.destroy();
});
