import { beforeEach, describe, expect, test } from '@jest/globals';
import { Metrics } from '../../../server/signalling/metrics.ts';
import { type LimitName, settingsWith } from '../../../server/signalling/settings.ts';
import { Switchboard } from '../../../server/signalling/switchboard.ts';
import { FakeSocket } from './fakeSocket.ts';

let nowMs: number;
let metrics: Metrics;
let switchboard: Switchboard;

const use = (limits: Partial<Record<LimitName, number>> = {}): void => {
  nowMs = 0;
  metrics = new Metrics();
  let tokens = 0;
  const newToken = (): string => `token${++tokens}`;
  switchboard = new Switchboard({ settings: settingsWith(limits), metrics, clock: () => nowMs, newToken });
};
const connect = (path = '/', extended = false): FakeSocket => new FakeSocket(switchboard, path, extended);
const login = (id: string, more: object = {}, extended = false): FakeSocket => {
  const socket = connect('/', extended);
  socket.says({ type: 'register', id, ...more });
  return socket;
};
const passMs = (ms: number): void => {
  for (const endMs = nowMs + ms; nowMs < endMs; ) {
    nowMs += 100;
    switchboard.tick();
  }
};
beforeEach(() => use());

describe('Switchboard, time', () => {
  test('closes a socket that has not registered after 10 s, and only that', () => {
    const silent = connect();
    const ada = login('ada');
    passMs(9_900);
    expect(silent.closedWith).toBeUndefined();
    passMs(100);
    expect(silent.closedWith).toBe(1008);
    expect(ada.closedWith).toBeUndefined();
  });

  test('pings every 20 s and drops who missed two', () => {
    const ada = login('ada');
    const dead = login('dead');
    ada.takeAll();
    for (let i = 1; i <= 2; i++) {
      passMs(20_000);
      expect([ada.pings, dead.pings]).toEqual([i, i]);
      ada.pongs();
    }
    passMs(19_900);
    expect(dead.terminated).toBe(false);
    passMs(100);
    expect(dead.terminated).toBe(true);
    expect(ada.terminated).toBe(false);
    expect(ada.takeAll()).toEqual([{ type: 'peer_left', id: 'dead' }]);
  });

  test('takes any message for a sign of life', () => {
    const ada = login('ada');
    for (let i = 0; i < 10; i++) {
      passMs(15_000);
      ada.says({ type: 'get_peers' });
    }
    expect(ada.terminated).toBe(false);
  });

  test('allows 30 messages a second for ever', () => {
    const ada = login('ada');
    for (let i = 0; i < 600; i++) {
      passMs(100);
      for (let n = 0; n < 3; n++) ada.says({ type: 'call_end', to: 'ada' });
    }
    expect(metrics.refusedByReason()).toEqual({});
  });

  test('tells of dropped messages at most once a second', () => {
    const ada = login('ada');
    for (let i = 0; i < 500; i++) ada.says({ type: 'call_end', to: 'ada' });
    expect(ada.takeAll().filter(({ type }) => type === 'error')).toHaveLength(1);
    passMs(1000);
    for (let i = 0; i < 500; i++) ada.says({ type: 'call_end', to: 'ada' });
    expect(ada.takeAll().filter(({ type }) => type === 'error')).toHaveLength(1);
  });

  test('charges pings and pongs like messages', () => {
    const ada = login('ada');
    for (let i = 0; i < 1200; i++) ada.pongs();
    expect(ada.closedWith).toBe(1008);
  });

  test('charges a message by its size', () => {
    const ada = login('ada');
    const large = { type: 'x', to: 'ada', text: 'x'.repeat(100_000) };
    for (let i = 0; i < 50; i++) ada.says(large);
    // 119 tokens, 7 a piece.
    expect(ada.takeAll().filter(({ type }) => type === 'x')).toHaveLength(17);
  });
});

describe('Switchboard, contests for an id', () => {
  test('reads no more of the newcomer until it is decided', () => {
    const holder = login('ada');
    const newcomer = login('ada');
    expect(holder.pings).toBe(1);
    expect(newcomer.paused).toBe(true);
    expect(newcomer.takeAll()).toEqual([]);
    holder.pongs();
    expect(newcomer.paused).toBe(false);
    expect(newcomer.takeAll()).toMatchObject([{ type: 'error', code: 'idTaken', request: 'register' }]);
  });

  test('gives the id away after 2 s of silence; the room sees the phone leave and come', () => {
    const bob = login('bob');
    const dead = login('ada');
    bob.takeAll();
    const newcomer = login('ada', { name: 'New' });
    passMs(1900);
    expect(dead.closedWith).toBeUndefined();
    passMs(100);
    expect(dead.closedWith).toBe(4009);
    expect(newcomer.takeAll()).toEqual([{ type: 'peer_joined', id: 'ada', name: 'New' }]);
    expect(bob.takeAll()).toEqual([
      { type: 'peer_left', id: 'ada' },
      { type: 'peer_joined', id: 'ada', name: 'New' },
    ]);
    expect(switchboard.gauges()).toMatchObject({ registered: 2 });
  });

  test('a token holder who comes during a contest wins it, and the challenger meets a living holder', () => {
    const old = login('ada', {}, true);
    const challenger = login('ada');
    const owner = login('ada', { resume: 'token1' }, true);
    expect(old.closedWith).toBe(4009);
    expect(owner.takeAll()).toMatchObject([{ type: 'registered', resume: 'token2' }, { type: 'peer_joined' }]);
    expect(owner.pings).toBe(1);
    owner.pongs();
    expect(challenger.takeAll()).toMatchObject([{ type: 'error', code: 'idTaken' }]);
    expect(switchboard.gauges()).toMatchObject({ registered: 1 });
  });

  test('a challenger who leaves spares the holder', () => {
    const holder = login('ada');
    const challenger = login('ada');
    challenger.leaves();
    passMs(5000);
    expect(holder.closedWith).toBeUndefined();
  });

  test('a challenger keeps the id that it had when it is refused', () => {
    const holder = login('ada');
    const bob = login('bob');
    bob.says({ type: 'register', id: 'ada' });
    holder.pongs();
    holder.takeAll();
    holder.says({ type: 'call_end', to: 'bob' });
    expect(bob.takeAll()).toContainEqual({ type: 'call_end', to: 'bob', from: 'ada' });
  });

  test('does what the newcomer sent meanwhile in its order', () => {
    const holder = login('ada');
    const newcomer = login('ada');
    for (const to of ['x', 'y', 'z']) newcomer.says({ type: 'call_end', to });
    holder.leaves();
    expect(newcomer.takeAll()).toMatchObject([
      { type: 'peer_joined', id: 'ada' },
      { to: 'x' },
      { to: 'y' },
      { to: 'z' },
    ]);
  });

  test('gives each challenger its turn as the holders go', () => {
    const holder = login('ada');
    const [first, second] = [login('ada'), login('ada')];
    holder.leaves();
    expect(first.takeAll()).toMatchObject([{ type: 'peer_joined' }]);
    expect(second.paused).toBe(true);
    first.leaves();
    expect(second.takeAll()).toMatchObject([{ type: 'peer_joined' }]);
  });
});

describe('Switchboard, slow readers', () => {
  test('drops one whose queue is over 1 MiB and tells the sender that it is unreachable', () => {
    const ada = login('ada');
    const slow = login('slow');
    ada.takeAll();
    slow.bufferedAmount = 1_048_577;
    ada.says({ type: 'offer', to: 'slow', sdp: 'x' });
    expect(slow.closedWith).toBe(1013);
    expect(ada.takeAll()).toMatchObject([
      { type: 'error', code: 'unreachable', to: 'slow' },
      { type: 'peer_left', id: 'slow' },
    ]);
  });

  test('drops a whole room of them without ado', () => {
    const ada = login('ada');
    const slow = Array.from({ length: 400 }, (_, i) => login(`slow${i}`));
    for (const one of slow) one.bufferedAmount = 2_000_000;
    ada.takeAll();
    ada.says({ type: 'register', id: 'ada', name: 'Ada' });
    expect(slow.every(({ closedWith }) => closedWith === 1013)).toBe(true);
    expect(ada.takeAll().filter(({ type }) => type === 'peer_left')).toHaveLength(400);
    expect(metrics.refusedByReason()).toEqual({ slowReader: 400 });
  });
});

describe('Switchboard, rooms', () => {
  test('forgets a room when the last one has left', () => {
    const sockets = ['/a', '/a', '/b'].map((path, i) => {
      const socket = connect(path);
      socket.says({ type: 'register', id: `phone${i}` });
      return socket;
    });
    expect(switchboard.gauges()).toEqual({ sockets: 3, registered: 3, rooms: 2 });
    for (const socket of sockets) socket.leaves();
    expect(switchboard.gauges()).toEqual({ sockets: 0, registered: 0, rooms: 0 });
  });

  test('lets somebody in a full room take over the own id', () => {
    use({ maxRoomClients: 1 });
    login('ada', {}, true);
    const again = login('ada', { resume: 'token1' }, true);
    expect(again.takeAll()).toMatchObject([{ type: 'registered' }, { type: 'peer_joined' }]);
  });

  test('ignores what a closed socket still sends', () => {
    const ada = login('ada');
    for (let i = 0; i < 20; i++) ada.says('garbage');
    expect(ada.closedWith).toBe(1008);
    ada.takeAll();
    ada.says({ type: 'register', id: 'ada' });
    expect(ada.takeAll()).toEqual([]);
    expect(switchboard.gauges().registered).toBe(0);
  });
});
