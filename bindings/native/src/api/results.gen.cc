// Generated from proto/schema by `npm run generate`; do not edit.
#include "mosis/mosis.h"

extern "C" const char* mosis_result_text(mosis_result result) {
  switch (result) {
    case MOSIS_OK:
      return "It worked.";
    case MOSIS_ERR_INVALID_ARGUMENT:
      return "A parameter is missing, of the wrong type, out of range or too long: compare with protocol.md.";
    case MOSIS_ERR_MALFORMED:
      return "The message is not the MessagePack that STANDARD.md describes; it was refused whole.";
    case MOSIS_ERR_UNKNOWN_METHOD:
      return "The daemon does not know this method: it is older than the game. Update the daemon.";
    case MOSIS_ERR_PROTOCOL_MISMATCH:
      return "Shim and daemon share no protocol version. Update the older of the two.";
    case MOSIS_ERR_NOT_IDENTIFIED:
      return "A request came before hello was answered.";
    case MOSIS_ERR_TOKEN_WRONG:
      return "The token is not the one in endpoint.json: the file is stale or from another user.";
    case MOSIS_ERR_NOT_PERMITTED:
      return "The session was not granted the scope that this needs.";
    case MOSIS_ERR_TOO_LARGE:
      return "The message is larger than the limit in STANDARD.md.";
    case MOSIS_ERR_DEADLINE_EXCEEDED:
      return "No answer within the deadline: is the daemon overloaded or stopped?";
    case MOSIS_ERR_QUEUE_FULL:
      return "Too much is waiting to be sent; wait for answers before sending more.";
    case MOSIS_ERR_CONNECTION_LOST:
      return "The link to the daemon broke before the answer; a request without an idempotency key may or may not have run.";
    case MOSIS_ERR_LINE_NOT_CONFIGURED:
      return "Server or phone id is not set: configure the line first.";
    case MOSIS_ERR_PEER_OFFLINE:
      return "The server says that nobody with this id is online.";
    case MOSIS_ERR_PEER_UNREACHABLE:
      return "No connection to the peer within the time limit: offline, or no path through the network (check the ICE servers).";
    case MOSIS_ERR_IDENTITY_CHANGED:
      return "The peer shows another key than the one pinned at first contact. Trust it anew only after asking the person.";
    case MOSIS_ERR_NOT_SUPPORTED:
      return "This version, or the peer, cannot do it.";
    case MOSIS_ERR_STORE_FAILED:
      return "The database could not be written: check free space and rights of the data folder.";
    case MOSIS_ERR_MEDIA_FAILED:
      return "The media child of the daemon failed; see the daemon log.";
    case MOSIS_ERR_TAKEN_OVER:
      return "The same phone id logged in elsewhere; this line does not log in again by itself.";
    case MOSIS_ERR_SERVER_REFUSED:
      return "The signalling server refused; its text says why.";
    case MOSIS_ERR_SERVER_UNREACHABLE:
      return "No signalling server at this address: check the URL and that it runs.";
    case MOSIS_ERR_RATE_LIMITED:
      return "Too many of these in a short time; try again later.";
    case MOSIS_ERR_SHUTTING_DOWN:
      return "The daemon is stopping.";
    case MOSIS_ERR_NOT_FOUND:
      return "No such thing, or no longer.";
    case MOSIS_ERR_INTERNAL:
      return "A defect in the daemon; see its log.";
    case MOSIS_ERR_DAEMON_NOT_FOUND:
      return "No daemon program: set MOSIS_DAEMON, pass its path, or put it beside the library.";
    case MOSIS_ERR_DAEMON_START_FAILED:
      return "The daemon program did not become ready; see its log.";
    case MOSIS_ERR_UNSAFE_FOLDER:
      return "The runtime folder belongs to somebody else or others may write to it: it must be yours with mode 0700.";
    case MOSIS_ERR_WRONG_THREAD:
      return "Called from a callback or thread that the header forbids.";
    default:
      return result > 0 ? "It worked." : "A result of a newer version of Mosis: update the game's copy of the library.";
  }
}
