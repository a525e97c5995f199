import { readdirSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { JsonLineProcess } from '../../support/jsonLineProcess.ts';
import { lockedSpawn } from '../../support/lockedSpawn.ts';
import { connect, MediaPhone } from '../../support/mediaPhone.ts';
import { SimulatedClock } from '../../support/simulation/clock.ts';
import { temporaryFolders } from '../../support/temporaryFolders.ts';

const childProgram = (name: string): string =>
  fileURLToPath(new URL(`../../support/mediaChildren/${name}.mjs`, import.meta.url));

describe('media host', () => {
  test('forks nothing before it is started, and starts by itself for the first connection', async () => {
    const phone = new MediaPhone();
    expect([phone.host.state, phone.host.pid]).toEqual(['stopped', undefined]);
    const { connection, events } = phone.connection();
    expect(phone.host.state).toBe('starting');
    connection.offer();
    await events.until(({ event }) => event === 'description', 'offer');
    expect([phone.host.state, phone.host.restarts]).toEqual(['running', 0]);
    await phone.host.stop();
    expect([phone.host.state, phone.host.pid]).toEqual(['stopped', undefined]);
  });

  test('tells every connection when the child is killed, and connects again with a new child', async () => {
    const ada = new MediaPhone();
    const bob = new MediaPhone();
    const [here] = await connect(ada, bob);
    const other = ada.connection();
    const { pid } = ada.host;
    process.kill(Number(pid), 'SIGKILL');
    expect(await here.until('closed')).toMatchObject({ code: 'mediaFailed' });
    expect(await other.until('closed')).toMatchObject({ code: 'mediaFailed' });
    expect(here.connection.send('x')).toBe(false);
    const [again, there] = await connect(ada, bob);
    expect(ada.host.restarts).toBe(1);
    expect(ada.host.pid).not.toBe(pid);
    again.connection.send('back');
    expect(await there.messages(1)).toEqual(['back']);
    await Promise.all([ada.host.stop(), bob.host.stop()]);
  });

  test('ends what is open when it is stopped, and can be started again', async () => {
    const ada = new MediaPhone();
    const bob = new MediaPhone();
    const [here] = await connect(ada, bob);
    await ada.host.stop();
    expect(await here.until('closed')).toMatchObject({ code: 'shuttingDown' });
    await connect(ada, bob);
    await Promise.all([ada.host.stop(), bob.host.stop()]);
  });

  test('fails after three crashes, refuses connections meanwhile, and tries again after its rest', async () => {
    const clock = new SimulatedClock();
    const phone = new MediaPhone({ program: childProgram('crashing'), clock });
    const waiting = phone.connection();
    for (let crash = 1; crash < 3; crash++) {
      await phone.entered('backingOff');
      clock.advance(1_000);
    }
    expect(await waiting.until('closed')).toMatchObject({ code: 'mediaFailed' });
    expect(phone.host.state).toBe('failed');
    expect(await phone.connection().until('closed')).toMatchObject({ code: 'mediaFailed' });
    const line = (text: string) => phone.log.lines.until(({ fields }) => fields.line === text, text);
    await Promise.all([line('a word on stdout'), line('a word on stderr')]);
    clock.advance(30_000);
    expect([phone.host.state, phone.host.restarts]).toEqual(['starting', 3]);
    await phone.host.stop();
  });

  test('kills a child whose event loop does not answer for 10 s', async () => {
    const clock = new SimulatedClock();
    const phone = new MediaPhone({ program: childProgram('silent'), clock });
    const waiting = phone.connection();
    await phone.entered('running');
    clock.advance(10_000);
    expect(phone.host.state).toBe('running');
    clock.advance(2_000);
    expect(await waiting.until('closed')).toMatchObject({ code: 'mediaFailed' });
    await phone.entered('backingOff');
    await phone.host.stop();
  });

  test('kills a child that does not become ready', async () => {
    const clock = new SimulatedClock();
    const phone = new MediaPhone({ program: childProgram('mute'), clock });
    phone.host.start();
    clock.advance(15_000);
    await phone.entered('backingOff');
    await phone.host.stop();
  });

  test('closes what would wait beyond 4096 commands for the child', async () => {
    const phone = new MediaPhone({ program: childProgram('mute') });
    const first = phone.connection();
    for (let i = 1; i < 4096; i++) first.connection.addRemoteCandidate('', undefined);
    expect(await phone.connection().until('closed')).toMatchObject({ code: 'mediaFailed' });
    await phone.host.stop();
    expect(await first.until('closed')).toMatchObject({ code: 'shuttingDown' });
  });
});

describe('the process that owns a media child', () => {
  const makeFolder = temporaryFolders();
  test('never loads the native WebRTC library itself', async () => {
    const owner = new JsonLineProcess('test/support/mediaOwner.ts');
    const { libraries } = await owner.until('running');
    expect(libraries).toEqual(expect.arrayContaining([expect.stringMatching(/libc/)]));
    expect(String(libraries)).not.toMatch(/datachannel/);
    expect(await owner.stop()).toBe(0);
  });

  test('takes its child with it when it is killed', async () => {
    const owner = new JsonLineProcess('test/support/mediaOwner.ts');
    const { child } = await owner.until('running');
    owner.kill('SIGKILL');
    await owner.exited;
    await ended(Number(child));
  });

  test('does not hand the daemon lock to its child', async () => {
    const lockFile = `${makeFolder()}/daemon.lock`;
    const command = [fileURLToPath(new URL('../../support/mediaOwner.ts', import.meta.url))];
    const owner = lockedSpawn({ lockFile, command, env: {} });
    const line = await new Promise<string>((resolve) => owner.stdout?.once('data', (data) => resolve(String(data))));
    const { child } = JSON.parse(line);
    expect(openFiles(owner.pid)).toContain(lockFile);
    expect(openFiles(child)).not.toContain(lockFile);
    owner.kill('SIGKILL');
    await ended(Number(child));
  });
});

/** What a process has open (Linux). */
const openFiles = (pid: number | undefined): string[] =>
  readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));

/** Resolves when the process is gone; there is nothing to be told by, since it is no child of ours. */
async function ended(pid: number, limitMs = 5_000): Promise<void> {
  const alive = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const deadline = performance.now() + limitMs;
  while (alive()) {
    if (performance.now() > deadline) throw new Error(`process ${pid} still runs after ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
