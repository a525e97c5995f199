// The signalling wire: JSON objects over a WebSocket. `plain` ones are the specification’s, to the letter; the others are ours, and
// whoever does not know one ignores it.
import { bool, field, list, optional, ref, signal, str, struct, u32 } from '../../dsl.ts';
import { displayName, phoneId } from '../shim/line.ts';

const sdp = str(65536);
/** Our addition to offers and answers: servers forward it unseen; only if both had it do the daemons speak MessagePack. */
export const mosisMark = struct('MosisMark', 'Says that the sender is one of ours.', {
  v: field(0, u32, 'Newest peer protocol spoken'),
  connection: field(0, str(64), 'Random id of the offered PeerConnection; the answer and the candidates repeat it'),
});

export const listedPeer = struct('ListedPeer', 'An entry of `peers`.', {
  id: field(0, phoneId, 'Phone id'),
  name: optional(0, displayName, 'Display name'),
  online: optional(0, bool, 'Absent = true'),
});

const from = optional(0, phoneId, 'Sender; set by the server, whatever the sender wrote');
const relayed = { to: optional(0, phoneId, 'Recipient; set by the sender'), from };
const mosis = optional(0, ref(mosisMark), 'Set by Mosis daemons');

export const signals = {
  register: signal({
    name: 'register',
    plain: true,
    direction: 'toServer',
    doc: 'Logs in. On success others see peer_joined.',
    fields: {
      id: field(0, phoneId, 'Phone id'),
      name: optional(0, displayName, 'Display name'),
      resume: optional(0, str(128), 'Token of `registered`: takes an own id over from a dead socket'),
    },
    example: { id: 'phone_123', name: "John's Phone" },
  }),
  registered: signal({
    name: 'registered',
    plain: false,
    direction: 'toClient',
    doc: 'Login stands. Sent only to clients of the subprotocol mosis.v1.',
    fields: {
      id: field(0, phoneId, 'Phone id'),
      resume: field(0, str(128), 'Presenting it in register takes the id over at once'),
      maxMessageBytes: field(0, u32, 'Largest message that the server takes', { unit: 'bytes' }),
    },
    example: { id: 'phone_123', resume: 'b3c1…', maxMessageBytes: 131072 },
  }),
  get_peers: signal({
    name: 'get_peers',
    plain: true,
    direction: 'toServer',
    doc: 'Asks for `peers`.',
    fields: {},
    example: {},
  }),
  peers: signal({
    name: 'peers',
    plain: true,
    direction: 'toClient',
    doc: 'Who is online in the same room.',
    fields: { list: field(0, list(ref(listedPeer), 1024), 'Peers, the asking one left out') },
    example: { list: [{ id: 'phone_456', name: "Jane's Phone", online: true }] },
  }),
  peer_joined: signal({
    name: 'peer_joined',
    plain: true,
    direction: 'toClient',
    doc: 'A peer logged in. A plain server sends a client its own as well.',
    fields: { id: field(0, phoneId, 'Phone id'), name: optional(0, displayName, 'Display name') },
    example: { id: 'phone_456', name: "Jane's Phone" },
  }),
  peer_left: signal({
    name: 'peer_left',
    plain: true,
    direction: 'toClient',
    doc: 'A peer went.',
    fields: { id: field(0, phoneId, 'Phone id') },
    example: { id: 'phone_456' },
  }),
  offer: signal({
    name: 'offer',
    plain: true,
    direction: 'both',
    doc: 'SDP offer.',
    fields: { ...relayed, sdp: field(0, sdp, 'Session description'), mosis },
    example: { to: 'phone_456', sdp: 'v=0\r\n...' },
  }),
  answer: signal({
    name: 'answer',
    plain: true,
    direction: 'both',
    doc: 'SDP answer.',
    fields: { ...relayed, sdp: field(0, sdp, 'Session description'), mosis },
    example: { to: 'phone_123', sdp: 'v=0\r\n...' },
  }),
  candidate: signal({
    name: 'candidate',
    plain: true,
    direction: 'both',
    doc: 'ICE candidate; may begin with `a=`.',
    fields: {
      ...relayed,
      candidate: field(0, str(4096), 'Candidate line; empty = end of candidates'),
      mid: optional(0, str(64), 'Media id; absent = the first m-line'),
      mosis,
    },
    example: { to: 'phone_456', candidate: 'candidate:1 1 UDP 2122317823 127.0.0.1 50123 typ host' },
  }),
  call_request: signal({
    name: 'call_request',
    plain: true,
    direction: 'both',
    doc: 'Rings.',
    fields: { ...relayed, video: optional(0, bool, 'With video') },
    example: { to: 'phone_456', video: false },
  }),
  call_accept: signal({
    name: 'call_accept',
    plain: true,
    direction: 'both',
    doc: 'Answers a ring.',
    fields: relayed,
    example: { to: 'phone_123' },
  }),
  call_reject: signal({
    name: 'call_reject',
    plain: true,
    direction: 'both',
    doc: 'Refuses a ring.',
    fields: { ...relayed, reason: optional(0, str(128), 'Why, e.g. busy') },
    example: { to: 'phone_123', reason: 'busy' },
  }),
  call_end: signal({
    name: 'call_end',
    plain: true,
    direction: 'both',
    doc: 'Hangs up, or takes a ring back.',
    fields: relayed,
    example: { to: 'phone_456' },
  }),
  error: signal({
    name: 'error',
    plain: false,
    direction: 'toClient',
    doc: 'The server could not do what was asked; the socket stays open unless the text says otherwise.',
    fields: {
      code: field(
        0,
        str(64),
        'badMessage, notRegistered, idTaken, unreachable, rateLimited, tooLarge, roomFull, takenOver',
      ),
      text: field(0, str(1024), 'What failed and what to check'),
      to: optional(0, phoneId, 'Recipient that could not be reached'),
      request: optional(0, str(64), 'Type of the message that failed'),
    },
    example: { code: 'unreachable', text: 'phone_456 is not online', to: 'phone_456', request: 'offer' },
  }),
} as const;

export type SignalName = keyof typeof signals;
/** WebSocket subprotocol of clients that know more than the plain messages. */
export const subprotocol = 'mosis.v1';
