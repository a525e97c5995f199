// C entry points of the requests: each checks its arguments, writes the params and hands them to the I/O thread.
#include <cstddef>
#include <cstring>

#include "api/client.h"
#include "protocol/limits.gen.h"
#include "protocol/messages.gen.h"
#include "protocol/msgpack.h"

namespace {

using mosis::protocol::MethodInfo;

/** strnlen, so that a text without its NUL is refused and not run after; the writer checks the real limit. */
mosis_string text_of(const char* text) {
  if (text == nullptr) return {nullptr, 0};
  return {text, static_cast<uint32_t>(strnlen(text, mosis::protocol::kMaxMessageBytes))};
}

template <typename Params>
mosis_result send(mosis_client* client, uint32_t method, const Params& params, uint64_t* request_id, size_t size_hint = 0) {
  if (client == nullptr) return MOSIS_ERR_INVALID_ARGUMENT;
  return mosis::guarded([&]() -> mosis_result {
    std::string packed;
    packed.reserve(size_hint + 64);
    mosis::protocol::Writer writer(packed);
    if (!mosis::protocol::write(writer, params)) return MOSIS_ERR_INVALID_ARGUMENT;
    return client->request(*mosis::protocol::find_method(method), std::move(packed), 0, request_id);
  });
}

mosis_result send(mosis_client* client, uint32_t method, uint64_t* request_id) {
  if (client == nullptr) return MOSIS_ERR_INVALID_ARGUMENT;
  return mosis::guarded([&]() -> mosis_result {
    std::string packed;
    mosis::protocol::Writer(packed).map(0);
    return client->request(*mosis::protocol::find_method(method), std::move(packed), 0, request_id);
  });
}

/** The schema of the method, walked as the daemon will walk it. */
bool fits(const MethodInfo& method, const void* params, uint32_t size) {
  mosis::protocol::Arena arena;
  mosis::protocol::Reader reader(params, size, 1);
  const void* made = nullptr;
  return mosis::protocol::read_into(reader, arena, method.params, &made) && reader.finish();
}

bool read_deadline(const mosis_request_options* options, uint32_t& deadline_ms) {
  if (options == nullptr) return true;
  constexpr size_t kLeast = offsetof(mosis_request_options, deadline_ms) + sizeof options->deadline_ms;
  if (options->struct_size < kLeast) return false;
  deadline_ms = options->deadline_ms;
  return true;
}

bool is_missing_or_empty(const char* text) { return text == nullptr || *text == '\0'; }

}  // namespace

extern "C" {

void mosis_request_options_init(mosis_request_options* options) {
  if (options == nullptr) return;
  *options = mosis_request_options{};
  options->struct_size = sizeof *options;
}

mosis_result mosis_client_request(mosis_client* client, uint32_t method, const void* params, uint32_t params_size,
                                  const mosis_request_options* options, uint64_t* request_id) {
  uint32_t deadline_ms = 0;
  if (client == nullptr || params == nullptr || !read_deadline(options, deadline_ms)) return MOSIS_ERR_INVALID_ARGUMENT;
  return mosis::guarded([&]() -> mosis_result {
    const MethodInfo* info = mosis::protocol::find_method(method);
    if (info == nullptr || params_size > mosis::protocol::kMaxMessageBytes || !fits(*info, params, params_size)) {
      return MOSIS_ERR_INVALID_ARGUMENT;
    }
    return client->request(*info, std::string(static_cast<const char*>(params), params_size), deadline_ms, request_id);
  });
}

mosis_result mosis_daemon_status(mosis_client* client, uint64_t* request_id) {
  return send(client, MOSIS_METHOD_DAEMON_STATUS, request_id);
}

mosis_result mosis_line_configure(mosis_client* client, const char* server, const char* phone_id, const char* display_name,
                                  uint64_t* request_id) {
  const mosis_line_configure_params params = {text_of(server), text_of(phone_id), text_of(display_name)};
  if (phone_id != nullptr && *phone_id == '\0') return MOSIS_ERR_INVALID_ARGUMENT;
  return send(client, MOSIS_METHOD_LINE_CONFIGURE, params, request_id);
}

mosis_result mosis_line_close(mosis_client* client, uint64_t* request_id) {
  return send(client, MOSIS_METHOD_LINE_CLOSE, request_id);
}

mosis_result mosis_peers_statistics(mosis_client* client, const char* peer_id, uint64_t* request_id) {
  if (is_missing_or_empty(peer_id)) return MOSIS_ERR_INVALID_ARGUMENT;
  return send(client, MOSIS_METHOD_PEERS_STATISTICS, mosis_peers_statistics_params{text_of(peer_id)}, request_id);
}

mosis_result mosis_peers_trust(mosis_client* client, const char* peer_id, uint64_t* request_id) {
  if (is_missing_or_empty(peer_id)) return MOSIS_ERR_INVALID_ARGUMENT;
  return send(client, MOSIS_METHOD_PEERS_TRUST, mosis_peers_trust_params{text_of(peer_id)}, request_id);
}

mosis_result mosis_message_send(mosis_client* client, const char* peer_id, const char* text, uint32_t text_size,
                                uint64_t* request_id) {
  if (is_missing_or_empty(peer_id) || text == nullptr) return MOSIS_ERR_INVALID_ARGUMENT;
  const mosis_string body = text_size == MOSIS_NUL_TERMINATED ? text_of(text) : mosis_string{text, text_size};
  if (body.size == 0) return MOSIS_ERR_INVALID_ARGUMENT;
  return send(client, MOSIS_METHOD_MESSAGE_SEND, mosis_message_send_params{text_of(peer_id), body}, request_id, body.size);
}

}  // extern "C"
