import { describe, expect, it } from '@jest/globals';
import { confirmLimitMs } from '../../../../daemon/core/line/lineMachine.ts';
import type { SimulatedPhone } from '../../../support/simulation/phone.ts';
import { Stranger } from '../../../support/simulation/stranger.ts';
import { serverUrl, World } from '../../../support/simulation/world.ts';

const linesTold = (phone: SimulatedPhone) => phone.told('line.changed').map(({ line }) => line);
const statesTold = (phone: SimulatedPhone) => linesTold(phone).map(({ state }) => state);
const refused = { code: 'serverRefused', text: 'full up', request: 'register' };

describe('line', () => {
  it('registers once server and id are both known, in whatever order they come', () => {
    const world = new World();
    const ada = world.phone('ada', { settings: { server: '' } });
    expect(ada.configure()).toMatchObject({ lineId: 0, state: 'unconfigured', phoneId: 'ada' });
    world.clock.advance(5000);
    expect([world.server.sockets, ada.events]).toEqual([0, []]);
    expect(ada.configure({ server: serverUrl })).toMatchObject({ lineId: 1, state: 'connecting' });
    world.clock.advance(100);
    expect(world.server.sent('ada', 'register')).toEqual([{ id: 'ada', name: 'ada’s phone' }]);
  });

  it('sends no name and no token when it has none', () => {
    const world = new World();
    world.phone('ada', { settings: { displayName: '' } }).goOnline();
    expect(world.server.sent('ada', 'register')).toEqual([{ id: 'ada' }]);
  });

  it('is online as soon as a keyed server confirms, and asks who is there', () => {
    const world = new World();
    const ada = world.phone('ada');
    ada.configure();
    expect(world.clock.until(() => ada.info.state === 'online')).toBeLessThan(10);
    world.clock.advance(10);
    expect(world.server.sent('ada', 'get_peers')).toHaveLength(1);
  });

  it('takes the echo of its own peer_joined of a plain server for a confirmation', () => {
    const world = new World({ kind: 'plain' });
    const ada = world.phone('ada');
    ada.configure();
    expect(world.clock.until(() => ada.info.state === 'online')).toBeLessThan(10);
    expect(ada.peers()).toEqual([]);
  });

  it('counts as logged in one second after it registered when a server says nothing at all', () => {
    const world = new World({ kind: 'plain' });
    world.server.spared = ['register'];
    world.server.weather = { ...world.server.weather, loss: 1 };
    const ada = world.phone('ada');
    ada.configure();
    world.clock.until(() => world.server.ids.includes('ada'));
    expect(world.clock.until(() => ada.info.state === 'online')).toBeGreaterThan(confirmLimitMs - 10);
  });

  it('tells games of every change, with the reason and the time to the next attempt', () => {
    const world = new World();
    world.server.goDown();
    const ada = world.phone('ada');
    ada.configure();
    world.clock.advance(50);
    expect(statesTold(ada)).toEqual(['connecting', 'connecting']);
    const { retryInMs, ...waiting } = linesTold(ada)[1] ?? {};
    expect(waiting).toMatchObject({ lineId: 1, server: serverUrl, phoneId: 'ada', displayName: 'ada’s phone' });
    expect(waiting).toMatchObject({ error: 'serverUnreachable', text: `Nothing listens at ${serverUrl}` });
    expect(retryInMs).toBeGreaterThanOrEqual(100);
    expect(retryInMs).toBeLessThanOrEqual(600);
    world.server.comeUp();
    world.clock.until(() => ada.info.state === 'online');
    expect(linesTold(ada).at(-1)).not.toHaveProperty('error');
    expect(linesTold(ada).at(-1)).not.toHaveProperty('retryInMs');
  });

  it('backs off with full jitter while the server is down, so that attempts get rare', () => {
    const world = new World();
    world.server.goDown();
    const ada = world.phone('ada');
    ada.configure();
    world.clock.advance(10 * 60_000);
    const delays = linesTold(ada).flatMap(({ retryInMs }) => retryInMs ?? []);
    expect(delays.length).toBeLessThan(60);
    for (const [attempt, delayMs] of delays.entries()) {
      expect(delayMs).toBeGreaterThanOrEqual(100);
      expect(delayMs).toBeLessThanOrEqual(100 + Math.min(30_000, 500 * 2 ** attempt));
    }
    expect(new Set(delays).size).toBeGreaterThan(delays.length / 2);
  });

  it('starts from the shortest delay again after a login', () => {
    const world = new World();
    world.server.goDown();
    const ada = world.phone('ada');
    ada.configure();
    world.clock.advance(60_000);
    world.server.comeUp();
    world.clock.until(() => ada.info.state === 'online');
    world.server.cut('ada');
    world.clock.until(() => ada.info.retryInMs !== undefined);
    expect(ada.info.retryInMs).toBeLessThanOrEqual(600);
  });

  it('tries again later when the login is refused', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    world.server.tell('ada', 'error', refused);
    world.clock.until(() => ada.info.error !== undefined);
    expect(ada.info).toMatchObject({ state: 'connecting', error: 'serverRefused', text: 'full up' });
    world.clock.until(() => ada.info.state === 'online');
  });

  it.each(['idTaken', 'roomFull'])('takes the error %s for a refusal whatever it answers', (code) => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    world.server.tell('ada', 'error', { code, text: 'no' });
    world.clock.until(() => ada.info.error === 'serverRefused');
  });

  it('does not take an error about something else for a refusal', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    for (const code of ['rateLimited', 'badMessage']) {
      world.server.tell('ada', 'error', { code, text: 'no', request: 'offer' });
    }
    world.clock.advance(100);
    expect(ada.info.state).toBe('online');
  });

  it('never logs in again by itself after a takeover, but does when a game opens it', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    world.server.takeOver('ada');
    world.clock.advance(10 * 60_000);
    expect(ada.info).toMatchObject({ state: 'offline', error: 'takenOver' });
    expect(world.server.ids).toEqual([]);
    ada.goOnline();
    expect(ada.info).not.toHaveProperty('error');
  });

  it('ends its connections when it was taken over: peers must not go on talking to the wrong phone', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    world.phone('bob').goOnline();
    ada.send('bob', 'hi');
    world.clock.until(() => world.mediaNetwork.pairs().length === 1);
    world.server.takeOver('ada');
    world.clock.advance(100);
    expect(world.mediaNetwork.size).toBe(0);
  });

  it('presents the resume token of the last login after a restart', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    ada.restart();
    world.clock.until(() => ada.info.state === 'online');
    expect(world.server.sent('ada', 'register').at(-1)?.resume).toMatch(/^[0-9a-f]{16}$/);
  });

  it('takes its own id over from a dead socket with the token', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    ada.signalling.kill = () => {};
    ada.restart();
    expect(world.clock.until(() => ada.info.state === 'online')).toBeLessThan(100);
    expect(world.server.ids).toEqual(['ada']);
  });

  it('registers anew under another name, and tells the games', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    ada.configure({ displayName: 'Countess' });
    world.clock.advance(10);
    expect(world.server.sent('ada', 'register').at(-1)?.name).toBe('Countess');
    expect(linesTold(ada).at(-1)).toMatchObject({ state: 'online', displayName: 'Countess' });
  });

  it('tells the server a name that was set while the login was under way', () => {
    const world = new World({ kind: 'plain' });
    const ada = world.phone('ada', { settings: { displayName: '' } });
    world.server.weather = { ...world.server.weather, delayMs: [50, 50] };
    ada.configure();
    world.clock.advance(120);
    ada.configure({ displayName: 'Countess' });
    world.clock.advance(1000);
    expect(world.server.sent('ada', 'register').map(({ name }) => name)).toEqual([undefined, 'Countess']);
  });

  it('does not register anew when the name stays as it was', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const before = ada.events.length;
    ada.configure({ displayName: 'ada’s phone' });
    world.clock.advance(10);
    expect(world.server.sent('ada', 'register')).toHaveLength(1);
    expect(ada.events).toHaveLength(before);
  });

  it('leaves the server and its peers when it is closed, and comes back when it is configured', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const bob = world.phone('bob').goOnline();
    ada.send('bob', 'hi');
    world.clock.until(() => bob.textsFrom('ada').length === 1);
    expect(ada.phone.closeLine(ada.lineId, 1)).toMatchObject({ state: 'offline' });
    world.clock.advance(100);
    expect(bob.peer('ada').online).toBe(false);
    expect([world.server.ids, world.mediaNetwork.size]).toEqual([['bob'], 0]);
    ada.goOnline();
    world.clock.advance(10);
    expect(bob.peer('ada').online).toBe(true);
  });

  it('starts the media child with the first login, not before', () => {
    const world = new World();
    const ada = world.phone('ada');
    expect(ada.media.state).toBe('stopped');
    ada.configure();
    expect(ada.media.state).toBe('starting');
  });

  it('goes on when the disk takes no resume token', () => {
    const world = new World();
    const ada = world.phone('ada');
    ada.configure();
    ada.store.full = true;
    world.clock.until(() => ada.info.state === 'online');
    expect(ada.warnings().map(({ message }) => message)).toContain('the resume token could not be stored');
  });

  it('lives with a server that throws every kind of signal at it', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const eve = new Stranger(world, 'eve');
    for (const name of ['call_accept', 'call_end', 'call_reject', 'call_request'] as const)
      eve.signal(name, { to: 'ada' });
    world.server.tell('ada', 'registered', { id: 'somebody', resume: 'x', maxMessageBytes: 1 });
    world.server.tell('ada', 'offer', { sdp: 'v=0' });
    world.server.tell('ada', 'answer', { from: 'nobody', sdp: 'v=0' });
    world.server.tell('ada', 'candidate', { from: 'nobody', candidate: '' });
    world.server.tell('ada', 'peer_left', { id: 'nobody' });
    world.clock.advance(1000);
    expect(ada.info.state).toBe('online');
    expect(ada.warnings()).toEqual([]);
  });
});
