#include "fake_mosis.h"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>

namespace {

/** An event with everything that it points at. */
struct OwnedEvent {
  mosis_event event{};
  std::deque<std::string> texts;
  std::vector<mosis_peer_info> peers;
  std::shared_ptr<void> data;

  mosis_string Keep(const std::string& text) {
    texts.push_back(text);
    return {texts.back().data(), static_cast<uint32_t>(texts.back().size())};
  }
  template <typename T>
  T& Make() {
    auto made = std::make_shared<T>();
    event.data = made.get();
    data = made;
    return *made;
  }
};

std::mutex mutex;
// Held while a wake callback runs: the real library has ended its I/O thread before mosis_client_destroy returns. Before mutex.
std::mutex waking;
mosis_client* newest = nullptr;
std::set<mosis_client*> alive;
std::map<std::string, std::string> options_seen;
std::vector<fake::Request> requests;
uint64_t next_request_id = 1;
mosis_result creation_result = MOSIS_OK;
mosis_result request_result = MOSIS_OK;
bool answer_at_once = false;

std::string TextOrNone(const char* text) { return text == nullptr ? "(none)" : text; }

}  // namespace

struct mosis_client {
  std::deque<std::unique_ptr<OwnedEvent>> events;
  std::unique_ptr<OwnedEvent> current;
  std::unique_ptr<OwnedEvent> snapshot;  // what peer_infos point into
  std::vector<mosis_peer_info> peer_infos;
  mosis_client_state state = MOSIS_CLIENT_CONNECTING;
  mosis_wake_callback wake = nullptr;
  void* wake_user = nullptr;
};

namespace {

void Push(std::unique_ptr<OwnedEvent> event) {
  const std::lock_guard<std::mutex> awake(waking);
  mosis_wake_callback wake = nullptr;
  void* user = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    if (newest == nullptr) return;
    if (newest->events.empty()) {
      wake = newest->wake;
      user = newest->wake_user;
    }
    newest->events.push_back(std::move(event));
  }
  if (wake != nullptr) wake(user);
}

std::unique_ptr<OwnedEvent> EventOf(uint32_t type) {
  auto event = std::make_unique<OwnedEvent>();
  event->event.struct_size = sizeof(mosis_event);
  event->event.type = type;
  return event;
}

std::unique_ptr<OwnedEvent> AnswerOf(uint64_t request_id, uint32_t method) {
  auto event = EventOf(MOSIS_EVENT_RESPONSE);
  event->event.request_id = request_id;
  event->event.method = method;
  return event;
}

void FillLine(OwnedEvent& event, mosis_line_info& line, mosis_line_state state, mosis_result error, const std::string& text) {
  line.line_id = 1;
  line.state = state;
  line.server = event.Keep("ws://127.0.0.1:8080");
  line.phone_id = event.Keep("ada");
  line.display_name = event.Keep("Ada");
  line.has_error = error != MOSIS_OK;
  line.error = error;
  if (!text.empty()) line.text = event.Keep(text);
}

mosis_result Record(uint32_t method, std::vector<std::string> arguments, uint64_t* request_id) {
  uint64_t id = 0;
  bool at_once = false;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    if (request_result != MOSIS_OK) return request_result;
    id = next_request_id++;
    requests.push_back({id, method, std::move(arguments)});
    at_once = answer_at_once;
  }
  if (at_once) fake::AnswerMessage(id, id + 1000);
  if (request_id != nullptr) *request_id = id;
  return MOSIS_OK;
}

}  // namespace

namespace fake {

void Reset() {
  const std::lock_guard<std::mutex> lock(mutex);
  options_seen.clear();
  requests.clear();
  next_request_id = 1;
  creation_result = MOSIS_OK;
  request_result = MOSIS_OK;
  answer_at_once = false;
}

void FailCreation(mosis_result result) { creation_result = result; }
void FailRequests(mosis_result result) { request_result = result; }
void AnswerMessagesAtOnce() { answer_at_once = true; }

int ClientsAlive() {
  const std::lock_guard<std::mutex> lock(mutex);
  return static_cast<int>(alive.size());
}

std::string LastOption(const std::string& name) {
  const std::lock_guard<std::mutex> lock(mutex);
  return options_seen[name];
}

std::vector<Request> Requests() {
  const std::lock_guard<std::mutex> lock(mutex);
  return requests;
}

Request LastRequest() {
  const std::lock_guard<std::mutex> lock(mutex);
  if (requests.empty()) throw std::logic_error("no request was made");
  return requests.back();
}

size_t EventsWaiting() {
  const std::lock_guard<std::mutex> lock(mutex);
  return newest == nullptr ? 0 : newest->events.size();
}

void PushState(mosis_client_state state, mosis_result error, const std::string& text, uint32_t daemon_pid) {
  auto event = EventOf(MOSIS_EVENT_CLIENT_STATE);
  auto& data = event->Make<mosis_client_state_event>();
  data.state = state;
  data.error = error;
  data.text = event->Keep(text);
  data.daemon_pid = daemon_pid;
  Push(std::move(event));
}

void PushSnapshot(mosis_line_state state, const std::vector<PeerEntry>& peers) {
  auto event = EventOf(MOSIS_EVENT_SNAPSHOT);
  auto& data = event->Make<mosis_snapshot>();
  FillLine(*event, data.line, state, MOSIS_OK, "");
  for (const PeerEntry& peer : peers) {
    mosis_peer_info info{};
    info.peer_id = event->Keep(peer.peer_id);
    info.display_name = event->Keep(peer.display_name);
    info.online = peer.online;
    event->peers.push_back(info);
  }
  data.peers = event->peers.data();
  data.peers_count = static_cast<uint32_t>(event->peers.size());
  Push(std::move(event));
}

void PushLine(mosis_line_state state, mosis_result error, const std::string& text) {
  auto event = EventOf(MOSIS_EVENT_LINE_CHANGED);
  FillLine(*event, event->Make<mosis_line_changed>().line, state, error, text);
  Push(std::move(event));
}

void PushPeer(const PeerEntry& peer) {
  auto event = EventOf(MOSIS_EVENT_PEER_CHANGED);
  auto& data = event->Make<mosis_peer_changed>();
  data.peer.peer_id = event->Keep(peer.peer_id);
  data.peer.display_name = event->Keep(peer.display_name);
  data.peer.online = peer.online;
  Push(std::move(event));
}

void PushIdentityChange(const std::string& peer_id, const std::string& fingerprint) {
  auto event = EventOf(MOSIS_EVENT_PEER_IDENTITY_CHANGED);
  auto& data = event->Make<mosis_peer_identity_changed>();
  data.peer_id = event->Keep(peer_id);
  data.fingerprint = event->Keep(fingerprint);
  Push(std::move(event));
}

void PushMessage(const std::string& peer_id, const std::string& text, uint64_t message_id) {
  auto event = EventOf(MOSIS_EVENT_MESSAGE_RECEIVED);
  auto& data = event->Make<mosis_message_received>();
  data.message_id = message_id;
  data.peer_id = event->Keep(peer_id);
  data.text = event->Keep(text);
  data.sent_at = 1795500000000;
  data.received_at = 1795500000012;
  Push(std::move(event));
}

void PushMessageChange(uint64_t message_id, const std::string& peer_id, mosis_result reason, const std::string& text) {
  auto event = EventOf(MOSIS_EVENT_MESSAGE_CHANGED);
  auto& data = event->Make<mosis_message_changed>();
  data.message_id = message_id;
  data.peer_id = event->Keep(peer_id);
  data.state = reason == MOSIS_OK ? MOSIS_MESSAGE_STATE_DELIVERED : MOSIS_MESSAGE_STATE_FAILED;
  data.confirmed = reason == MOSIS_OK;
  data.has_reason = reason != MOSIS_OK;
  data.reason = reason;
  if (!text.empty()) data.text = event->Keep(text);
  Push(std::move(event));
}

void PushUnknown(uint32_t type) { Push(EventOf(type)); }

void AnswerLine(uint64_t request_id, mosis_line_state state) {
  auto event = AnswerOf(request_id, MOSIS_METHOD_LINE_CONFIGURE);
  FillLine(*event, event->Make<mosis_line_configure_result>().line, state, MOSIS_OK, "");
  Push(std::move(event));
}

void AnswerMessage(uint64_t request_id, uint64_t message_id) {
  auto event = AnswerOf(request_id, MOSIS_METHOD_MESSAGE_SEND);
  event->Make<mosis_message_send_result>().message_id = message_id;
  Push(std::move(event));
}

void AnswerEmpty(uint64_t request_id, uint32_t method) { Push(AnswerOf(request_id, method)); }

void AnswerStatistics(uint64_t request_id, mosis_connection_state state, const std::string& local_candidate) {
  auto event = AnswerOf(request_id, MOSIS_METHOD_PEERS_STATISTICS);
  auto& data = event->Make<mosis_peers_statistics_result>();
  data.state = state;
  data.local_candidate = event->Keep(local_candidate);
  data.has_round_trip_ms = true;
  data.round_trip_ms = 7;
  Push(std::move(event));
}

void AnswerError(uint64_t request_id, uint32_t method, mosis_result result, const std::string& text) {
  auto event = AnswerOf(request_id, method);
  event->event.result = result;
  event->event.text = event->Keep(text);
  Push(std::move(event));
}

}  // namespace fake

// ------------------------------------------------------------------------------------------------------------------ mosis.h

extern "C" {

uint32_t mosis_abi_version(void) { return (MOSIS_ABI_VERSION_MAJOR << 16) | MOSIS_ABI_VERSION_MINOR; }

const char* mosis_result_text(mosis_result result) { return result == MOSIS_OK ? "It worked." : "It failed: check the test."; }

void mosis_client_options_init(mosis_client_options* options) {
  *options = mosis_client_options{};
  options->struct_size = sizeof(*options);
}

mosis_result mosis_client_create(const mosis_client_options* options, mosis_client** client) {
  const std::lock_guard<std::mutex> lock(mutex);
  *client = nullptr;
  options_seen = {{"app", TextOrNone(options->app)},
                  {"profile", TextOrNone(options->profile)},
                  {"daemon_path", TextOrNone(options->daemon_path)},
                  {"server", TextOrNone(options->server)},
                  {"do_not_start_daemon", std::to_string(options->do_not_start_daemon)}};
  if (creation_result != MOSIS_OK) return creation_result;
  auto* made = new mosis_client;
  made->wake = options->wake;
  made->wake_user = options->wake_user;
  newest = made;
  alive.insert(made);
  *client = made;
  return MOSIS_OK;
}

void mosis_client_destroy(mosis_client* client) {
  const std::lock_guard<std::mutex> asleep(waking);
  const std::lock_guard<std::mutex> lock(mutex);
  if (newest == client) newest = nullptr;
  alive.erase(client);
  delete client;
}

mosis_client_state mosis_client_get_state(const mosis_client* client) {
  const std::lock_guard<std::mutex> lock(mutex);
  return client->state;
}

int32_t mosis_client_poll(mosis_client* client, const mosis_event** event) {
  const std::lock_guard<std::mutex> lock(mutex);
  if (client->current && client->current->event.type == MOSIS_EVENT_SNAPSHOT) client->snapshot = std::move(client->current);
  client->current.reset();
  *event = nullptr;
  if (client->events.empty()) return 0;
  client->current = std::move(client->events.front());
  client->events.pop_front();
  *event = &client->current->event;
  if ((*event)->type == MOSIS_EVENT_SNAPSHOT) client->peer_infos = client->current->peers;
  if ((*event)->type == MOSIS_EVENT_CLIENT_STATE) {
    client->state = static_cast<const mosis_client_state_event*>((*event)->data)->state;
  }
  return 1;
}

mosis_result mosis_client_peers(mosis_client* client, const mosis_peer_info** peers, uint32_t* count) {
  const std::lock_guard<std::mutex> lock(mutex);
  *peers = client->peer_infos.data();
  *count = static_cast<uint32_t>(client->peer_infos.size());
  return MOSIS_OK;
}

mosis_result mosis_line_configure(mosis_client*, const char* server, const char* phone_id, const char* name, uint64_t* request_id) {
  return Record(MOSIS_METHOD_LINE_CONFIGURE, {TextOrNone(server), TextOrNone(phone_id), TextOrNone(name)}, request_id);
}

mosis_result mosis_line_close(mosis_client*, uint64_t* request_id) { return Record(MOSIS_METHOD_LINE_CLOSE, {}, request_id); }

mosis_result mosis_message_send(mosis_client*, const char* peer_id, const char* text, uint32_t size, uint64_t* request_id) {
  if (size == 0) return MOSIS_ERR_INVALID_ARGUMENT;
  return Record(MOSIS_METHOD_MESSAGE_SEND, {peer_id, std::string(text, size)}, request_id);
}

mosis_result mosis_peers_statistics(mosis_client*, const char* peer_id, uint64_t* request_id) {
  return Record(MOSIS_METHOD_PEERS_STATISTICS, {peer_id}, request_id);
}

mosis_result mosis_peers_trust(mosis_client*, const char* peer_id, uint64_t* request_id) {
  return Record(MOSIS_METHOD_PEERS_TRUST, {peer_id}, request_id);
}

mosis_result mosis_daemon_status(mosis_client*, uint64_t* request_id) { return Record(MOSIS_METHOD_DAEMON_STATUS, {}, request_id); }

void mosis_stats_init(mosis_stats* stats) {
  *stats = mosis_stats{};
  stats->struct_size = sizeof(*stats);
}

mosis_result mosis_client_get_stats(const mosis_client*, mosis_stats* stats) {
  stats->reconnects = 3;
  return MOSIS_OK;
}
}
