// Every error code that crosses the shim wire; C and C# take their error constants from here.
import { enumeration } from '../../dsl.ts';

export const errorCode = enumeration('ErrorCode', 'Why something failed. In C: mosis_result, negated.', {
  invalidArgument: [
    1,
    'A parameter is missing, of the wrong type, out of range or too long: compare with protocol.md.',
  ],
  malformed: [2, 'The message is not the MessagePack that STANDARD.md describes; it was refused whole.'],
  unknownMethod: [3, 'The daemon does not know this method: it is older than the game. Update the daemon.'],
  protocolMismatch: [4, 'Shim and daemon share no protocol version. Update the older of the two.'],
  notIdentified: [5, 'A request came before hello was answered.'],
  tokenWrong: [6, 'The token is not the one in endpoint.json: the file is stale or from another user.'],
  notPermitted: [7, 'The session was not granted the scope that this needs.'],
  tooLarge: [8, 'The message is larger than the limit in STANDARD.md.'],
  deadlineExceeded: [9, 'No answer within the deadline: is the daemon overloaded or stopped?'],
  queueFull: [10, 'Too much is waiting to be sent; wait for answers before sending more.'],
  connectionLost: [
    11,
    'The link to the daemon broke before the answer; a request without an idempotency key may or may not have run.',
  ],
  lineNotConfigured: [12, 'Server or phone id is not set: configure the line first.'],
  peerOffline: [13, 'The server says that nobody with this id is online.'],
  peerUnreachable: [
    14,
    'No connection to the peer within the time limit: offline, or no path through the network (check the ICE servers).',
  ],
  identityChanged: [
    15,
    'The peer shows another key than the one pinned at first contact. Trust it anew only after asking the person.',
  ],
  notSupported: [16, 'This version, or the peer, cannot do it.'],
  storeFailed: [17, 'The database could not be written: check free space and rights of the data folder.'],
  mediaFailed: [18, 'The media child of the daemon failed; see the daemon log.'],
  takenOver: [19, 'The same phone id logged in elsewhere; this line does not log in again by itself.'],
  serverRefused: [20, 'The signalling server refused; its text says why.'],
  serverUnreachable: [21, 'No signalling server at this address: check the URL and that it runs.'],
  rateLimited: [22, 'Too many of these in a short time; try again later.'],
  shuttingDown: [23, 'The daemon is stopping.'],
  notFound: [24, 'No such thing, or no longer.'],
  internal: [25, 'A defect in the daemon; see its log.'],
  daemonNotFound: [26, 'No daemon program: set MOSIS_DAEMON, pass its path, or put it beside the library.'],
  daemonStartFailed: [27, 'The daemon program did not become ready; see its log.'],
  unsafeFolder: [
    28,
    'The runtime folder belongs to somebody else or others may write to it: it must be yours with mode 0700.',
  ],
  wrongThread: [29, 'Called from a callback or thread that the header forbids.'],
});
