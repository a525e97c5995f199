#include "support/fake_daemon.h"

#include <unistd.h>
#include <zmq.h>

#include <stdexcept>

#include "support/temp_folder.h"

namespace mosis_test {

namespace wire = mosis::protocol;

namespace {

/** Set on a daemon's thread. */
thread_local bool on_daemon_thread = false;

constexpr const char* kVersion = "0.0.0-fake";

mosis_line_info unconfigured_line() {
  mosis_line_info line{};
  line.state = MOSIS_LINE_STATE_UNCONFIGURED;
  line.server = line.phone_id = line.display_name = {"", 0};
  return line;
}

}  // namespace

FakeDaemon::FakeDaemon(FakeDaemonSettings settings) : settings_(std::move(settings)) {
  make_private_folders(settings_.runtime);
  const std::string lock = settings_.runtime + "/daemon.lock";
  if (settings_.lock_descriptor < 0 && lock_.try_take(lock) != mosis::FileLock::Taken::yes)
    throw std::runtime_error("daemon.lock is held");
  context_ = zmq_ctx_new();
  router_ = zmq_socket(context_, ZMQ_ROUTER);
  const int none = 0;
  zmq_setsockopt(router_, ZMQ_LINGER, &none, sizeof none);
  // Without a bound: a ROUTER drops silently beyond it, and a test would miss events that were never sent.
  zmq_setsockopt(router_, ZMQ_SNDHWM, &none, sizeof none);
  std::string endpoint = "ipc://" + settings_.runtime + "/control.sock";
  char public_key[41] = "";
  if (settings_.curve) {
    char secret_key[41];
    const int server = 1;
    zmq_curve_keypair(public_key, secret_key);
    zmq_setsockopt(router_, ZMQ_CURVE_SERVER, &server, sizeof server);
    zmq_setsockopt(router_, ZMQ_CURVE_SECRETKEY, secret_key, 40);
    endpoint = "tcp://127.0.0.1:*";
  }
  if (zmq_bind(router_, endpoint.c_str()) != 0 || !wake_.open()) throw std::runtime_error("cannot bind " + endpoint);
  char bound[256];
  size_t size = sizeof bound;
  zmq_getsockopt(router_, ZMQ_LAST_ENDPOINT, bound, &size);
  write_endpoint_file(bound, public_key);
  thread_ = std::thread([this] { run(); });
}

FakeDaemon::~FakeDaemon() { die(); }

void FakeDaemon::write_endpoint_file(const std::string& endpoint, const std::string& server_key) {
  const std::string key = server_key.empty() ? "" : ",\"curveServerKey\":\"" + server_key + '"';
  const std::string temporary = settings_.runtime + "/.endpoint.json.tmp";
  write_file(temporary, "{\"version\":1,\"pid\":" + std::to_string(getpid()) + ",\"daemonVersion\":\"" + kVersion +
                            "\",\"protocolMin\":1,\"protocolMax\":1,\"endpoints\":[\"" + endpoint + "\"]" + key + ",\"token\":\"" +
                            settings_.token + "\"}\n");
  rename(temporary.c_str(), (settings_.runtime + "/endpoint.json").c_str());
}

void FakeDaemon::die() {
  if (!thread_.joinable()) return;
  stopping_.store(true);
  wake_.signal();
  thread_.join();
  zmq_close(router_);
  zmq_ctx_term(context_);
  lock_.release();
}

void FakeDaemon::set_handler(Handler handler) {
  const std::lock_guard<std::mutex> guard(mutex_);
  handler_ = std::move(handler);
}

void FakeDaemon::set_peers(std::vector<std::string> peer_ids) {
  const std::lock_guard<std::mutex> guard(mutex_);
  peers_ = std::move(peer_ids);
}

// --------------------------------------------------------------------------------------------------------------------- saying

void FakeDaemon::send(std::string message) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    outgoing_.push_back({on_daemon_thread ? answering_ : std::string(), std::move(message)});
  }
  wake_.signal();
}

void FakeDaemon::send_message_event(uint64_t sequence, const std::string& body, const std::string& peer) {
  mosis_message_received message{};
  message.message_id = sequence;
  message.peer_id = text(peer);
  message.text = text(body);
  message.sent_at = message.received_at = 1795500000000;
  send_event(sequence, MOSIS_EVENT_MESSAGE_RECEIVED, message);
}

void FakeDaemon::send_peer_changed(uint64_t sequence, const std::string& peer, const std::string& name, bool online) {
  send_event(sequence, MOSIS_EVENT_PEER_CHANGED, mosis_peer_changed{{text(peer), text(name), online}});
}

void FakeDaemon::send_identified() {
  std::vector<std::string> ids;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    ids = peers_;
  }
  std::vector<mosis_peer_info> peers;
  for (const std::string& id : ids) peers.push_back({text(id), text(id), true});
  const std::string profile = "default";
  const std::string all = "all";
  const mosis_string scopes[] = {text(all)};
  wire::Identified identified{};
  identified.protocol = 1;
  identified.daemon_version = {kVersion, 10};
  identified.pid = static_cast<uint32_t>(getpid());
  identified.profile = text(profile);
  identified.session_id = 1;
  identified.scopes = scopes;
  identified.scopes_count = 1;
  identified.resumed = resumed_.load();
  mosis_line_info line = unconfigured_line();
  line.line_id = line_id_.load();
  identified.snapshot = {0, line, peers.data(), static_cast<uint32_t>(peers.size())};
  send_link(identified);
}

void FakeDaemon::answer(const Heard& request, const std::string& result_body) {
  std::string out;
  wire::Writer writer(out);
  wire::write_response(writer, request.request_id, bytes(result_body));
  send(std::move(out));
}

void FakeDaemon::refuse(const Heard& request, mosis_result code, const std::string& words) {
  std::string out;
  wire::Writer writer(out);
  wire::write_error_response(writer, request.request_id, code, text(words));
  send(std::move(out));
}

// -------------------------------------------------------------------------------------------------------------------- hearing

bool FakeDaemon::wait_until(const std::function<bool(const std::vector<Heard>&)>& enough, std::chrono::milliseconds limit) {
  std::unique_lock<std::mutex> guard(mutex_);
  return changed_.wait_for(guard, limit, [&] { return enough(heard_); });
}

Heard FakeDaemon::wait_for(uint32_t kind, size_t nth, std::chrono::milliseconds limit) {
  Heard found;
  wait_until(
      [&](const std::vector<Heard>& heard) {
        size_t count = 0;
        for (const Heard& each : heard) {
          if (each.kind != kind || ++count != nth) continue;
          found = each;
          return true;
        }
        return false;
      },
      limit);
  return found;
}

std::vector<Heard> FakeDaemon::heard_of(uint32_t kind) {
  const std::lock_guard<std::mutex> guard(mutex_);
  std::vector<Heard> found;
  for (const Heard& each : heard_) {
    if (each.kind == kind) found.push_back(each);
  }
  return found;
}

// ------------------------------------------------------------------------------------------------------------------- the thread

void FakeDaemon::run() {
  on_daemon_thread = true;
  while (!stopping_.load()) {
    zmq_pollitem_t items[2] = {{router_, 0, ZMQ_POLLIN, 0}, {nullptr, wake_.descriptor(), ZMQ_POLLIN, 0}};
    zmq_poll(items, 2, -1);
    if (items[1].revents != 0) wake_.clear();
    turn();
  }
}

void FakeDaemon::turn() {
  char from[256];
  int size = 0;
  while ((size = zmq_recv(router_, from, sizeof from, ZMQ_DONTWAIT)) >= 0) {
    zmq_msg_t part;
    zmq_msg_init(&part);
    zmq_msg_recv(&part, router_, 0);
    const std::string message(static_cast<const char*>(zmq_msg_data(&part)), zmq_msg_size(&part));
    zmq_msg_close(&part);
    on_message(std::string(from, static_cast<size_t>(size)), message);
  }
  std::deque<Outgoing> outgoing;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    outgoing.swap(outgoing_);
  }
  for (const Outgoing& each : outgoing) {
    const std::string& to = each.to.empty() ? shim_ : each.to;
    zmq_send(router_, to.data(), to.size(), ZMQ_SNDMORE);
    zmq_send(router_, each.message.data(), each.message.size(), 0);
  }
}

void FakeDaemon::on_message(const std::string& from, const std::string& message) {
  wire::Envelope envelope;
  const char* error = nullptr;
  Heard heard;
  if (wire::read_envelope(message.data(), message.size(), envelope, &error)) {
    heard.kind = envelope.kind;
    heard.request_id = envelope.request_id;
    heard.method = envelope.id;
    heard.deadline_ms = envelope.deadline_ms;
    heard.key.assign(reinterpret_cast<const char*>(envelope.idempotency_key.data), envelope.idempotency_key.size);
    heard.body.assign(reinterpret_cast<const char*>(envelope.body.data), envelope.body.size);
  }
  answering_ = from;
  if (heard.kind == wire::kKindHello) shim_ = from;
  Handler handler;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    handler = handler_;
  }
  if (handler == nullptr || !handler(*this, heard)) behave(heard);
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    heard_.push_back(std::move(heard));
  }
  changed_.notify_all();
}

void FakeDaemon::behave(const Heard& heard) {
  if (heard.kind == wire::kKindHello) send_identified();
  if (heard.kind == wire::kKindPing) send_link(wire::Pong{body_of<wire::Ping>(heard).nonce});
  if (heard.kind != wire::kKindRequest) return;
  switch (heard.method) {
    case MOSIS_METHOD_MESSAGE_SEND:
      return answer(heard, packed(mosis_message_send_result{next_message_id_.fetch_add(1)}));
    case MOSIS_METHOD_LINE_CONFIGURE:
      return answer(heard, packed(mosis_line_configure_result{unconfigured_line()}));
    case MOSIS_METHOD_LINE_CLOSE:
      return answer(heard, packed(mosis_line_close_result{unconfigured_line()}));
    case MOSIS_METHOD_PEERS_TRUST:
      return answer(heard, std::string("\x80", 1));
    default:
      return refuse(heard, MOSIS_ERR_NOT_SUPPORTED, "The fake daemon does not know this.");
  }
}

}  // namespace mosis_test
