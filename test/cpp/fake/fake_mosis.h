// A stand-in for libmosis: the functions of mosis.h, with events that the test makes. No daemon, no thread of its own.
#ifndef MOSIS_TEST_FAKE_MOSIS_H
#define MOSIS_TEST_FAKE_MOSIS_H

#include <mosis/mosis.h>

#include <cstdint>
#include <string>
#include <vector>

namespace fake {

/** A request that the binding made; absent arguments are "(none)". */
struct Request {
  uint64_t request_id;
  uint32_t method;
  std::vector<std::string> arguments;
};

struct PeerEntry {
  std::string peer_id;
  std::string display_name;
  bool online = true;
};

/** Forgets everything; call first in each test. */
void Reset();

/** What the next mosis_client_create, and every following request, return. */
void FailCreation(mosis_result result);
void FailRequests(mosis_result result);

/** Clients alive now, and the options that the last one was made with. */
int ClientsAlive();
std::string LastOption(const std::string& name);

std::vector<Request> Requests();
/** The newest request; fails the test when there is none. */
Request LastRequest();

/** @name Events of the newest client; each wakes as the real library does. Callable from any thread. @{ */
void PushState(mosis_client_state state, mosis_result error = MOSIS_OK, const std::string& text = "", uint32_t daemon_pid = 0);
void PushSnapshot(mosis_line_state state, const std::vector<PeerEntry>& peers = {});
void PushLine(mosis_line_state state, mosis_result error = MOSIS_OK, const std::string& text = "");
void PushPeer(const PeerEntry& peer);
void PushIdentityChange(const std::string& peer_id, const std::string& fingerprint);
void PushMessage(const std::string& peer_id, const std::string& text, uint64_t message_id = 1);
void PushMessageChange(uint64_t message_id, const std::string& peer_id, mosis_result reason = MOSIS_OK,
                       const std::string& text = "");
void PushUnknown(uint32_t type);
/** Answers. */
void AnswerLine(uint64_t request_id, mosis_line_state state);
void AnswerMessage(uint64_t request_id, uint64_t message_id);
void AnswerEmpty(uint64_t request_id, uint32_t method);
void AnswerStatistics(uint64_t request_id, mosis_connection_state state, const std::string& local_candidate);
void AnswerError(uint64_t request_id, uint32_t method, mosis_result result, const std::string& text);
/** @} */

/** From now on, message.send is answered from another thread before mosis_message_send returns. */
void AnswerMessagesAtOnce();
/** Events not polled yet. */
size_t EventsWaiting();

}  // namespace fake
#endif
