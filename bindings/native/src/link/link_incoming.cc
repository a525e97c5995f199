// What arrives from the daemon: each message is checked as a whole, then becomes an event of the game or a move of the link.
#include "link/link.h"

namespace mosis {
namespace {

/** endpoint.json may be read just before a new daemon replaces it. */
constexpr uint32_t kTokensThatMayBeRefused = 3;
constexpr int kMessagesPerTurn = 256;
/** The daemon sends at most kMaxUntakenEvents; twice that means that it does not count. Then the socket is left alone. */
constexpr size_t kMostHeldEvents = 2 * protocol::kMaxUntakenEvents;

std::string text_of(const mosis_string& text) { return std::string(text.data, text.size); }

template <typename T>
bool read_body(const protocol::Envelope& envelope, protocol::Arena& arena, T& out) {
  protocol::Reader reader = protocol::body_reader(envelope);
  return protocol::read(reader, arena, out);
}

}  // namespace

bool Link::reading() const { return events_.held() < kMostHeldEvents; }

void Link::receive(Time now) {
  std::string message;
  for (int i = 0; i < kMessagesPerTurn && dealer_.is_open() && reading() && dealer_.receive(message); ++i) {
    counters_.bytes_received.add(message.size());
    on_message(message, now);
  }
}

void Link::on_message(std::string& message, Time now) {
  protocol::Envelope envelope;
  const char* error = nullptr;
  if (!protocol::read_envelope(message.data(), message.size(), envelope, &error)) return counters_.malformed.add(1);
  unanswered_pings_ = 0;
  if (envelope.is_link()) return on_link(envelope, message, now);
  // Before the session stands nothing else counts.
  if (phase_ != Phase::ready) return;
  if (envelope.kind == protocol::kKindResponse) on_response(envelope, message);
  if (envelope.kind == protocol::kKindEvent) on_event(envelope, message);
}

void Link::on_link(const protocol::Envelope& envelope, std::string& message, Time now) {
  protocol::Arena arena;
  protocol::Refused refused{};
  protocol::Ping ping{};
  protocol::Pong pong{};
  switch (envelope.kind) {
    case protocol::kKindIdentified:
      return on_identified(message);
    case protocol::kKindRefused:
      return read_body(envelope, arena, refused) ? on_refused(refused, now) : counters_.malformed.add(1);
    case protocol::kKindWho:
      return lost(connection_lost("the daemon was restarted"), now);
    case protocol::kKindGoodbye:
      return lost(connection_lost("the daemon stopped"), now);
    case protocol::kKindPing:
      if (!read_body(envelope, arena, ping)) return counters_.malformed.add(1);
      pong_due_ = ping.nonce;
      return;
    case protocol::kKindPong:
      return read_body(envelope, arena, pong) ? on_pong(pong.nonce, now) : counters_.malformed.add(1);
    default:
      return counters_.malformed.add(1);
  }
}

void Link::on_identified(std::string& message) {
  auto event = std::make_unique<Event>();
  protocol::Envelope envelope;
  const char* error = nullptr;
  auto* identified = event->arena.make<protocol::Identified>(1);
  // Read again from the event's own bytes: what the game sees must point there.
  event->bytes = std::move(message);
  if (identified == nullptr || !protocol::read_envelope(event->bytes.data(), event->bytes.size(), envelope, &error) ||
      !read_body(envelope, event->arena, *identified)) {
    return counters_.malformed.add(1);
  }
  if (identified->protocol < MOSIS_PROTOCOL_MIN || identified->protocol > MOSIS_PROTOCOL_MAX) {
    return fail({MOSIS_ERR_PROTOCOL_MISMATCH, "The daemon " + text_of(identified->daemon_version) + " chose protocol " +
                                                  std::to_string(identified->protocol) +
                                                  ", which this library does not speak: update it."});
  }
  session_.identified(*identified);
  if (phase_ == Phase::ready) {
    counters_.events_held.add(1);
  } else {
    if (state() == MOSIS_CLIENT_RECONNECTING) counters_.reconnects.add(1);
    phase_ = Phase::ready;
    tokens_refused_ = unanswered_pings_ = 0;
    ready_since_ = ping_at_ = Clock::now();
    taken_due_ = events_.taken() > 0;
    change_state(MOSIS_CLIENT_READY, {}, identified->pid);
  }
  event->shown.struct_size = sizeof(mosis_event);
  event->shown.type = MOSIS_EVENT_SNAPSHOT;
  event->shown.data = &identified->snapshot;
  protocol::Writer writer(event->payload);
  protocol::write(writer, identified->snapshot);
  event->shown.payload = {reinterpret_cast<const uint8_t*>(event->payload.data()), static_cast<uint32_t>(event->payload.size())};
  sort_peers(*event, identified->snapshot);
  push(std::move(event));
}

void Link::on_refused(const protocol::Refused& refused, Time now) {
  const Failure why{refused.code, text_of(refused.text)};
  if (refused.code == MOSIS_ERR_SHUTTING_DOWN) return lost(why, now);
  if (refused.code == MOSIS_ERR_TOKEN_WRONG && ++tokens_refused_ < kTokensThatMayBeRefused) return lost(why, now);
  fail(why);
}

void Link::on_pong(uint32_t nonce, Time now) {
  if (nonce != ping_nonce_) return;
  counters_.round_trip_us.set(
      static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(now - ping_sent_at_).count()));
}

void Link::on_response(const protocol::Envelope& envelope, std::string& message) {
  // Unknown: answered by its deadline already.
  const std::unique_ptr<Request> request = requests_.answered(envelope.request_id);
  if (request == nullptr) return;
  counters_.responses_received.add(1);
  if (envelope.result != MOSIS_OK) {
    return push(failed_response_event(request->id, request->method, {envelope.result, text_of(envelope.text)}));
  }
  std::unique_ptr<Event> event = received_event(protocol::find_method(request->method)->result, envelope, message);
  if (event == nullptr) {
    counters_.malformed.add(1);
    return push(
        failed_response_event(request->id, request->method,
                              {MOSIS_ERR_MALFORMED, "The daemon's answer does not fit the schema: update the older of the two."}));
  }
  session_.succeeded(*request);
  event->shown.type = MOSIS_EVENT_RESPONSE;
  event->shown.request_id = request->id;
  event->shown.method = request->method;
  push(std::move(event));
}

void Link::on_event(const protocol::Envelope& envelope, std::string& message) {
  const protocol::EventInfo* info = protocol::find_event(envelope.id);
  const uint64_t sequence = envelope.sequence;
  const uint32_t type = envelope.id;
  // An event of a newer daemon goes on without a struct: whoever has a codec of its own may know it.
  std::unique_ptr<Event> event = received_event(info != nullptr ? info->fields : protocol::kNothing, envelope, message);
  if (event == nullptr) return counters_.malformed.add(1);
  if (!session_.note_event(sequence)) return;
  counters_.events_received.add(1);
  event->shown.type = type;
  event->shown.sequence = sequence;
  push(std::move(event));
}

void Link::push(std::unique_ptr<Event> event) {
  if (events_.push(std::move(event))) counters_.events_held.add(1);
}

}  // namespace mosis
