import { describe, expect, test } from '@jest/globals';
import { answerWithoutMedia, checkDescription, fingerprintOf } from '../../../daemon/media/webrtc/sdp.ts';

const head = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=fingerprint:sha-256 4d:38:40:9c'];
const data = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', 'a=mid:data', 'a=sctp-port:5000'];
const audio = ['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:a', 'a=sendrecv'];
const sdp = (...lines: string[]): string => `${lines.join('\r\n')}\r\n`;

describe('session description of a peer', () => {
  test('is taken as it is, and its first mid is known', () => {
    const whole = sdp(...head, ...data);
    expect(checkDescription(whole)).toEqual({ sdp: whole, candidates: [], firstMid: 'data', setup: 'actpass' });
  });

  test('may end its lines as it likes', () => {
    const text = [...head, ...data].join('\n');
    expect(checkDescription(text)).toMatchObject({ sdp: sdp(...head, ...data) });
  });

  test('hands out its candidates one by one', () => {
    const candidates = [1, 2].map((n) => `a=candidate:${n} 1 UDP 2114977791 127.0.0.1 5012${n} typ host`);
    const text = sdp(...head, ...data, ...candidates, 'a=end-of-candidates');
    expect(checkDescription(text)).toMatchObject({ sdp: sdp(...head, ...data), candidates });
  });

  test.each([
    ['empty', '', /v=0/],
    ['garbage', 'garbage', /v=0/],
    ['without m-line', sdp(...head), /no m-line/],
    ['too long', sdp(...head, ...data, ...Array<string>(70).fill(`a=x:${'y'.repeat(1000)}`)), /longer than/],
    ['of too many lines', sdp(...head, ...data, ...Array<string>(1001).fill('a=x')), /lines/],
    ['of a line too long', sdp(...head, ...data, `a=x:${'y'.repeat(5000)}`), /line longer/],
    ['of too many m-lines', sdp(...head, ...Array<string>(17).fill('m=audio 9 UDP 0')), /m-lines/],
    ['with control characters', sdp(...head, ...data, 'a=x:\u0000'), /control/],
  ])('is refused when it is %s', (_what, text, problem) => {
    expect(checkDescription(text).problem).toMatch(problem);
  });

  test('gives its fingerprint in upper case', () => {
    expect(fingerprintOf(sdp(...head, ...data))).toBe('4D:38:40:9C');
  });
});

describe('our answer', () => {
  test('turns audio and video off and leaves the data channel', () => {
    const answer = answerWithoutMedia(sdp(...head, ...audio, ...data, 'a=sendrecv'));
    expect(answer).toBe(sdp(...head, ...audio.slice(0, 2), 'a=inactive', ...data, 'a=sendrecv'));
  });
});
