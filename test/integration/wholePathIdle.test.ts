// What nobody uses ends: connections to peers, daemons; and how many of the latter there are.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { phones } from '../support/phone.ts';
import { SignallingProcess } from '../support/signallingServer.ts';

const phone = phones();
let server: SignallingProcess;

beforeAll(async () => {
  server = await SignallingProcess.start();
});
afterAll(async () => {
  await server.stop();
});

describe('a connection to a peer', () => {
  test('is closed when it carried nothing for a while, and built again when something is to be sent', async () => {
    const ada = await phone('ada', { peerIdleSeconds: 1 }).onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    await ada.deliver('bob', 'one');
    expect(await ada.ask('statistics bob')).toMatchObject({ state: 'open', rebuilds: 0 });
    await ada.phone.logged('the end', ({ message, to }) => message === 'connection' && to === 'closed');
    expect(await ada.ask('statistics bob')).toMatchObject({ state: 'idle' });
    expect(ada.onlinePeers.has('bob')).toBe(true);
    await ada.deliver('bob', 'two');
    expect(await ada.ask('statistics bob')).toMatchObject({ state: 'open', rebuilds: 1 });
    await bob.hears('ada', 'two');
    expect(bob.textsFrom('ada')).toEqual(['one', 'two']);
  }, 30_000);
});

describe('a daemon', () => {
  test('ends some time after its last game, with all that it started, unless it was told to stay', async () => {
    const idle = { idleExitSeconds: 1 };
    const [left, used, staying] = [phone('left', idle), phone('used', idle), phone('staying', idle)];
    const { exited } = await staying.startDaemon('--stay');
    const stayingPid = staying.daemonPid;
    const [leaver, one, other, guest] = await Promise.all([
      left.onlineGame(server.url),
      used.onlineGame(server.url),
      used.onlineGame(server.url),
      staying.onlineGame(server.url),
    ]);
    expect(guest.daemonPid).toBe(stayingPid);
    await Promise.all([guest.quit(), other.quit()]);
    // Last, so that the daemons that stay have been without a game for longer.
    await leaver.quit();
    await left.gone(leaver.daemonPid);
    expect(left.logLines().map(({ message }) => message)).toEqual(expect.arrayContaining(['stopping', 'stopped']));
    await left.empty();
    expect(() => left.endpoint).toThrow('no daemon runs');

    expect(await one.ask('status')).toMatchObject({ pid: one.daemonPid });
    const again = await staying.onlineGame(server.url);
    expect(again.daemonPid).toBe(stayingPid);
    staying.signalDaemon('SIGTERM');
    // The game is still there and starts another daemon.
    await again.killed();
    expect(await exited).toBe(0);
  }, 40_000);

  test('is started once by 20 games that start at the same moment in a fresh profile', async () => {
    const crowd = phone('crowd');
    const games = Array.from({ length: 20 }, () => crowd.game());
    await Promise.all(games.map((game) => game.ready(30_000)));
    expect(new Set(games.map((game) => game.daemonPid))).toEqual(new Set([crowd.daemonPid]));
    expect(crowd.daemonPids()).toEqual([crowd.daemonPid]);
    const started = await Promise.all(
      games.map(async (game) => {
        game.do('stats');
        return Number((await game.until('stats')).daemonsStarted);
      }),
    );
    expect(started.reduce((sum, count) => sum + count)).toBe(1);
  }, 60_000);
});
