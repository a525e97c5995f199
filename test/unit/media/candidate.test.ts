import { describe, expect, test } from '@jest/globals';
import { checkCandidate } from '../../../daemon/media/webrtc/candidate.ts';

const host = 'candidate:1 1 UDP 2114977791 192.168.1.7 50123 typ host';

describe('ICE candidate of a peer', () => {
  test.each([
    ['as browsers write it', host],
    ['over IPv6', 'candidate:2 1 UDP 2122262783 2001:db8::7 50123 typ host generation 0 ufrag abcd network-id 2'],
    ['with an mDNS name', 'candidate:3 1 udp 2113937151 4a2c1f9e-1c1d-4d2b-8e6a-0a1b2c3d4e5f.local 50123 typ host'],
    ['relayed', 'candidate:4 1 UDP 16777215 203.0.113.9 49160 typ relay raddr 0.0.0.0 rport 0'],
  ])('is taken %s', (_what, line) => {
    expect(checkCandidate(line)).toBe(line);
  });

  test('loses the a= of an SDP line and the line end', () => {
    expect(checkCandidate(`a=${host}\r\n`)).toBe(host);
  });

  test.each([
    ['nothing', ''],
    ['end-of-candidates', 'a=end-of-candidates'],
    ['garbage', 'garbage'],
    ['too few words', 'candidate:1 1 UDP'],
    ['a line break inside', 'candidate:1 1 UDP 1\r\na=x 10.0.0.1 5 typ host'],
    ['a port out of range', 'candidate:1 1 UDP 1 10.0.0.1 65536 typ host'],
    ['a priority that is no number', 'candidate:1 1 UDP many 10.0.0.1 5 typ host'],
    ['an address out of range', 'candidate:1 1 UDP 1 999.1.1.1 5 typ host'],
    ['a name for the DNS to look up', 'candidate:1 1 UDP 1 tracker.example.com 5 typ host'],
    ['a dotted .local name', 'candidate:1 1 UDP 1 printer.office.local 5 typ host'],
    ['a line without end', `${host} ${'x'.repeat(2000)}`],
  ])('is ignored when it is %s', (_what, line) => {
    expect(checkCandidate(line)).toBeUndefined();
  });
});
