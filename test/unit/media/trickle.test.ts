import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  clientHoldMs,
  type IceCandidate,
  maxCandidates,
  serverTellMs,
  Trickle,
} from '../../../daemon/media/webrtc/trickle.ts';
import { SimulatedClock } from '../../support/simulation/clock.ts';

const candidate = (type: string, n = 1): IceCandidate => ({
  candidate: `candidate:${n} 1 UDP 1 10.0.0.1 5000 typ ${type}`,
  mid: '0',
});
const [host, reflexive] = [candidate('host'), candidate('srflx')];

describe('trickle', () => {
  let clock: SimulatedClock;
  let trickle: Trickle;
  let taken: IceCandidate[];
  let told: IceCandidate[];
  beforeEach(() => {
    clock = new SimulatedClock();
    [taken, told] = [[], []];
    trickle = new Trickle({
      take: (one) => taken.push(one),
      tell: (one) => told.push(one),
      after: (delayMs, action) => clock.after(delayMs, action),
    });
  });

  test('tells the candidates of an answerer behind its answer', () => {
    trickle.offerTaken('active');
    trickle.found(host);
    expect(told).toEqual([]);
    trickle.answerTold();
    trickle.found(reflexive);
    expect(told).toEqual([host, reflexive]);
  });

  test('tells the candidates of an offerer when the answer makes it the DTLS client, not before', () => {
    trickle.found(host);
    clock.advance(10_000);
    expect(told).toEqual([]);
    trickle.answerTaken('passive');
    expect(told).toEqual([host]);
  });

  test('tells the candidates of an offerer that is the DTLS server a little after the answer', () => {
    trickle.found(host);
    trickle.answerTaken('active');
    clock.advance(serverTellMs - 1);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual([host]);
  });

  test('keeps candidates of the peer until its description is there', () => {
    trickle.received(reflexive);
    trickle.received(host);
    expect(taken).toEqual([]);
    trickle.offerTaken('active');
    expect(taken).toEqual([reflexive, host]);
  });

  test.each([
    ['an answerer of actpass', () => trickle.offerTaken('actpass')],
    ['an answerer of passive', () => trickle.offerTaken('passive')],
    ['an offerer answered passive', () => trickle.answerTaken('passive')],
  ])('lets %s, the DTLS client, take host candidates late and the others at once', (_who, negotiate) => {
    trickle.received(host);
    negotiate();
    trickle.received(candidate('host', 2));
    trickle.received(reflexive);
    expect(taken).toEqual([reflexive]);
    clock.advance(clientHoldMs);
    expect(taken).toEqual([reflexive, host, candidate('host', 2)]);
    trickle.received(candidate('host', 3));
    expect(taken).toHaveLength(4);
  });

  test('lets the DTLS server take every candidate at once', () => {
    trickle.answerTaken('active');
    trickle.received(host);
    expect(taken).toEqual([host]);
  });

  test('takes 64 candidates at most, waiting ones included', () => {
    const answers = Array.from({ length: 100 }, (_, n) => trickle.received(candidate('srflx', n)));
    expect(answers.filter((accepted) => accepted)).toHaveLength(maxCandidates);
    trickle.offerTaken('active');
    expect(trickle.received(reflexive)).toBe(false);
    expect(taken).toHaveLength(maxCandidates);
  });

  test('does nothing any more after its end', () => {
    trickle.found(host);
    trickle.received(host);
    trickle.offerTaken('actpass');
    trickle.answerTaken('active');
    trickle.end();
    clock.advance(10_000);
    expect([taken, told, clock.pending]).toEqual([[], [], 0]);
  });
});
