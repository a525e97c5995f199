// Peers: the other phones on the same server, and the connection to each.
import {
  bool,
  enumeration,
  event,
  field,
  list,
  oneOf,
  optional,
  ref,
  request,
  str,
  struct,
  u32,
  u53,
} from '../../dsl.ts';
import { displayName, phoneId } from './line.ts';

export const peerInfo = struct('PeerInfo', 'Another phone.', {
  peerId: field(1, phoneId, 'Its phone id'),
  displayName: field(2, displayName, 'Its name; empty when the server tells none'),
  online: field(3, bool, 'The server says that it is online, or a connection to it is open'),
});

export const peersList = request({
  id: 0x0301,
  name: 'peers.list',
  doc: 'The peers known now, from the daemon’s memory: no server is asked. Unlisted ids can be reached all the same.',
  params: {},
  result: { peers: field(1, list(ref(peerInfo), 1024), 'Online peers, at most 1024') },
  errors: ['lineNotConfigured'],
  example: { params: {}, result: { peers: [{ peerId: 'phone_456', displayName: 'Jane’s Phone', online: true }] } },
});

export const peersGet = request({
  id: 0x0302,
  name: 'peers.get',
  doc: 'What is known of one peer.',
  params: { peerId: field(1, phoneId, 'Phone id') },
  result: { peer: field(1, ref(peerInfo), 'The peer; online = false when unknown') },
  errors: ['invalidArgument', 'lineNotConfigured'],
  example: {
    params: { peerId: 'phone_456' },
    result: { peer: { peerId: 'phone_456', displayName: 'Jane’s Phone', online: true } },
  },
});

export const connectionState = enumeration('ConnectionState', 'What is true of the connection to a peer.', {
  idle: [0, 'No connection; one is built when something is to be sent.'],
  connecting: [1, 'Offer, answer, ICE and DTLS are under way.'],
  verifying: [2, 'The channel is open; the peer has not proved who it is.'],
  open: [3, 'Ready in both directions.'],
});

export const peersStatistics = request({
  id: 0x0303,
  name: 'peers.statistics',
  doc: 'How the connection to a peer runs, for people who look for a fault.',
  params: { peerId: field(1, phoneId, 'Phone id') },
  result: {
    state: field(1, oneOf(connectionState), 'State of the connection'),
    plain: field(2, bool, 'The peer speaks only the plain JSON form'),
    localCandidate: optional(3, str(256), 'Selected local ICE candidate: address, port, type, protocol'),
    remoteCandidate: optional(4, str(256), 'Selected remote ICE candidate'),
    dtlsState: optional(5, str(32), 'RTCDtlsTransportState'),
    iceState: optional(6, str(32), 'RTCIceConnectionState'),
    roundTripMs: optional(7, u32, 'Last SCTP round trip', { unit: 'ms' }),
    bytesSent: optional(8, u53, 'Data channel bytes sent', { unit: 'bytes' }),
    bytesReceived: optional(9, u53, 'Data channel bytes received', { unit: 'bytes' }),
    connectTimeMs: optional(10, u32, 'From the first offer to open', { unit: 'ms' }),
    rebuilds: field(11, u32, 'How often the connection was built anew'),
  },
  errors: ['invalidArgument', 'lineNotConfigured', 'mediaFailed'],
  example: {
    params: { peerId: 'phone_456' },
    result: {
      state: 'open',
      plain: false,
      localCandidate: '127.0.0.1:50123 host udp',
      remoteCandidate: '127.0.0.1:50456 host udp',
      dtlsState: 'connected',
      iceState: 'completed',
      roundTripMs: 1,
      bytesSent: 4096,
      bytesReceived: 2048,
      connectTimeMs: 85,
      rebuilds: 0,
    },
  },
});

export const peersTrust = request({
  id: 0x0304,
  name: 'peers.trust',
  doc: 'Pins the key that the peer shows from now on, after peer.identityChanged: ask the person first.',
  params: { peerId: field(1, phoneId, 'Phone id') },
  result: {},
  errors: ['invalidArgument', 'lineNotConfigured', 'notFound', 'storeFailed'],
  example: { params: { peerId: 'phone_456' }, result: {} },
});

export const peerChanged = event({
  id: 0x0381,
  name: 'peer.changed',
  doc: 'A peer came, went or changed its name.',
  category: 'peers',
  durable: false,
  fields: { peer: field(1, ref(peerInfo), 'The peer as it is now') },
  example: { peer: { peerId: 'phone_456', displayName: 'Jane’s Phone', online: true } },
});

export const peerIdentityChanged = event({
  id: 0x0382,
  name: 'peer.identityChanged',
  doc: 'A peer showed another key than the one pinned at first contact. Nothing is exchanged with it until peers.trust.',
  category: 'peers',
  durable: false,
  fields: {
    peerId: field(1, phoneId, 'Phone id'),
    fingerprint: field(2, str(128), 'SHA-256 of the new public key, hex in groups of four'),
  },
  example: { peerId: 'phone_456', fingerprint: '9f86 d081 884c 7d65 9a2f eaa0 c55a d015' },
});
