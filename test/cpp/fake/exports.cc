// The stand-in library as a shared one, for bindings that load libmosis by name (test/lua): what the tests do to it, as C
// functions.
#include "fake_mosis.h"

namespace {

std::string last_text;

const char* Keep(std::string text) {
  last_text = std::move(text);
  return last_text.c_str();
}

}  // namespace

extern "C" {

MOSIS_API void fake_reset() { fake::Reset(); }
MOSIS_API void fake_fail_creation(mosis_result result) { fake::FailCreation(result); }
MOSIS_API void fake_fail_requests(mosis_result result) { fake::FailRequests(result); }
MOSIS_API int fake_clients_alive() { return fake::ClientsAlive(); }
MOSIS_API const char* fake_last_option(const char* name) { return Keep(fake::LastOption(name)); }

/** "method argument argument…" of the n-th request since the reset, "" when there is none. */
MOSIS_API const char* fake_request(uint32_t n) {
  const auto requests = fake::Requests();
  if (n >= requests.size()) return "";
  std::string text = std::to_string(requests[n].method);
  for (const std::string& argument : requests[n].arguments) text += " " + argument;
  return Keep(std::move(text));
}

MOSIS_API void fake_push_state(mosis_client_state state, mosis_result error, const char* text) {
  fake::PushState(state, error, text);
}
MOSIS_API void fake_push_snapshot(mosis_line_state state) { fake::PushSnapshot(state, {{"bob", "Bob"}, {"eve", ""}}); }
MOSIS_API void fake_push_line(mosis_line_state state, mosis_result error, const char* text) { fake::PushLine(state, error, text); }
MOSIS_API void fake_push_message(const char* peer_id, const char* text) { fake::PushMessage(peer_id, text); }
MOSIS_API void fake_push_message_change(const char* peer_id, mosis_result reason, const char* text) {
  fake::PushMessageChange(17, peer_id, reason, text);
}
MOSIS_API void fake_push_identity_change(const char* peer_id, const char* fingerprint) {
  fake::PushIdentityChange(peer_id, fingerprint);
}
MOSIS_API void fake_push_unknown(uint32_t type) { fake::PushUnknown(type); }
MOSIS_API void fake_answer_error(uint64_t request_id, mosis_result result, const char* text) {
  fake::AnswerError(request_id, MOSIS_METHOD_MESSAGE_SEND, result, text);
}
MOSIS_API void fake_answer_message(uint64_t request_id) { fake::AnswerMessage(request_id, 17); }
}
