import { describe, expect, test } from '@jest/globals';
import { nativeIceServer } from '../../../daemon/media/webrtc/iceServers.ts';

describe('ICE server', () => {
  test.each([
    ['stun:stun.example.com', { hostname: 'stun.example.com', port: 3478 }],
    ['stun:10.0.0.1:19302', { hostname: '10.0.0.1', port: 19302 }],
    ['stun:[2001:db8::1]:3478', { hostname: '2001:db8::1', port: 3478 }],
  ])('%s needs no credentials', (urls, native) => {
    expect(nativeIceServer({ urls })).toEqual(native);
  });

  test('for TURN carries its credentials', () => {
    const server = { urls: 'turn:turn.example.com:3479?transport=udp', username: '1:dev', credential: 's/+=' };
    expect(nativeIceServer(server)).toEqual({
      hostname: 'turn.example.com',
      port: 3479,
      username: '1:dev',
      password: 's/+=',
      relayType: 'TurnUdp',
    });
  });

  test.each(['turns:turn.example.com', 'turn:turn.example.com?transport=tcp'])('%s is not supported', (urls) => {
    expect(nativeIceServer({ urls })).toEqual({ problem: expect.stringContaining('TCP or TLS') });
  });

  test.each(['', 'stun', 'stun:', 'http://x', 'stun:a b', 'stun:x:0', 'stun:x:70000'])('"%s" is refused', (urls) => {
    expect(nativeIceServer({ urls })).toHaveProperty('problem');
  });
});
