#include "wire_message.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "json.gen.h"
#include "peer.gen.h"
#include "protocol/envelope.h"
#include "protocol/messages.gen.h"

namespace mosis::protocol {
namespace {

mosis_bytes view(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<uint32_t>(bytes.size())};
}

/** Reads the next value as a struct and writes it into `packed`. */
const void* through(Reader& reader, Arena& arena, const Codec& codec, std::string& packed, Decoded& out) {
  const void* value = nullptr;
  if (!read_into(reader, arena, codec, &value)) {
    out.error = reader.error();
    return nullptr;
  }
  Writer writer(packed);
  // What was read must be fit to be written: anything else is a defect.
  if (!codec.write(writer, value)) {
    std::fprintf(stderr, "read but not written: %s\n", writer.error());
    std::abort();
  }
  return value;
}

void decode_link(const Envelope& envelope, Decoded& out) {
  const LinkInfo* link = find_link(envelope.kind);
  Arena arena;
  Reader body = body_reader(envelope);
  std::string packed;
  const void* value = through(body, arena, link->fields, packed, out);
  if (out.error != nullptr) return;
  out.message.fields["form"] = Json("link");
  out.message.fields["name"] = Json(link->name);
  out.message.fields["value"] = link_json(link->kind, value);
  Writer writer(out.again);
  writer.array(2);
  writer.integer(link->kind);
  writer.packed(view(packed));
}

void decode_request(const Envelope& envelope, Decoded& out) {
  const MethodInfo* method = find_method(envelope.id);
  out.unknown = method == nullptr;
  if (out.unknown) return;
  Arena arena;
  Reader body = body_reader(envelope);
  std::string packed;
  const void* value = through(body, arena, method->params, packed, out);
  if (out.error != nullptr) return;
  out.message.fields["form"] = Json("request");
  out.message.fields["requestId"] = Json(envelope.request_id);
  out.message.fields["name"] = Json(method->name);
  out.message.fields["params"] = params_json(method->id, value);
  out.message.fields["deadlineMs"] = to_json(envelope.deadline_ms);
  if (envelope.idempotency_key.data != nullptr) out.message.fields["idempotencyKey"] = to_json(envelope.idempotency_key);
  Writer writer(out.again);
  write_request(writer, envelope.request_id, method->id, view(packed), envelope.deadline_ms, envelope.idempotency_key.data);
}

void decode_response(const Envelope& envelope, uint32_t answers, Decoded& out) {
  Writer writer(out.again);
  out.message.fields["form"] = Json("response");
  out.message.fields["requestId"] = Json(envelope.request_id);
  if (envelope.result < 0) {
    out.message.fields["code"] = Json(error_code_name(envelope.result));
    out.message.fields["text"] = to_json(envelope.text);
    write_error_response(writer, envelope.request_id, envelope.result, envelope.text);
    return;
  }
  const MethodInfo* method = find_method(answers);
  if (method == nullptr) {
    out.error = "the response answers no known method";
    return;
  }
  Arena arena;
  Reader body = body_reader(envelope);
  std::string packed;
  const void* value = through(body, arena, method->result, packed, out);
  if (out.error != nullptr) return;
  out.message.fields["result"] = result_json(method->id, value);
  write_response(writer, envelope.request_id, view(packed));
}

void decode_event(const Envelope& envelope, Decoded& out) {
  const EventInfo* event = find_event(envelope.id);
  out.unknown = event == nullptr;
  if (out.unknown) return;
  Arena arena;
  Reader body = body_reader(envelope);
  std::string packed;
  const void* value = through(body, arena, event->fields, packed, out);
  if (out.error != nullptr) return;
  out.message.fields["form"] = Json("event");
  out.message.fields["sequence"] = Json(envelope.sequence);
  out.message.fields["name"] = Json(event->name);
  out.message.fields["fields"] = event_json(event->id, value);
  Writer writer(out.again);
  write_event(writer, envelope.sequence, event->id, view(packed));
}

void decode_shim(const std::string& bytes, uint32_t answers, Decoded& out) {
  Envelope envelope;
  if (!read_envelope(bytes.data(), bytes.size(), envelope, &out.error)) return;
  if (envelope.kind == kKindRequest) {
    decode_request(envelope, out);
  } else if (envelope.kind == kKindResponse) {
    decode_response(envelope, answers, out);
  } else if (envelope.kind == kKindEvent) {
    decode_event(envelope, out);
  } else if (envelope.is_link()) {
    decode_link(envelope, out);
  } else {
    out.unknown = true;
  }
}

void decode_peer(const std::string& bytes, Decoded& out) {
  Reader reader(bytes.data(), bytes.size());
  const uint32_t count = reader.enter_array("message is not an array");
  const uint32_t id = count == 0 ? 0 : static_cast<uint32_t>(reader.integer(kMaxUint32, "id"));
  const PeerMessageInfo* message = find_peer_message(id);
  Arena arena;
  std::string packed;
  const void* value = nullptr;
  if (count == 0 || (message != nullptr && count < 2)) reader.fail("message is too short");
  const uint32_t taken = message == nullptr ? 1 : 2;
  if (message != nullptr) value = through(reader, arena, message->fields, packed, out);
  for (uint32_t i = taken; i < count && reader.ok(); i++) reader.skip();
  if (!reader.finish()) out.error = reader.error();
  out.unknown = message == nullptr;
  if (out.error != nullptr || out.unknown) return;
  out.message.fields["form"] = Json("peer");
  out.message.fields["name"] = Json(message->name);
  out.message.fields["value"] = peer_json(id, value);
  Writer writer(out.again);
  writer.array(2);
  writer.integer(id);
  writer.packed(view(packed));
}

uint32_t method_named(const std::string& name) {
  for (size_t i = 0; i < kMethodsCount; i++) {
    if (name == kMethods[i].name) return kMethods[i].id;
  }
  return 0;
}

void add_vectors(const Json& list, std::vector<Vector>& vectors) {
  for (const Json& one : list.items) {
    Vector vector;
    vector.name = one.at("name").text;
    vector.wire = one.at("wire").text == "peer" ? Wire::kPeer : Wire::kShim;
    if (one.has("answers")) vector.answers = method_named(one.at("answers").text);
    vector.bytes = from_hex(one.at("hex").text);
    if (one.has("message")) vector.message = one.at("message");
    vector.canonical = one.has("canonical") ? from_hex(one.at("canonical").text) : vector.bytes;
    if (one.has("refused")) vector.refused = one.at("refused").text;
    vectors.push_back(vector);
  }
}

}  // namespace

Decoded decode(Wire wire, const std::string& bytes, uint32_t answers) {
  Decoded out;
  out.message = Json::object();
  if (wire == Wire::kShim) {
    decode_shim(bytes, answers, out);
  } else {
    decode_peer(bytes, out);
  }
  return out;
}

std::vector<Vector> read_vectors(const std::string& proto_folder) {
  std::vector<Vector> vectors;
  for (const char* name : {"link", "requests", "responses", "events", "peer"}) {
    add_vectors(read_json(proto_folder + "/generated/vectors/" + name + ".json"), vectors);
  }
  add_vectors(read_json(proto_folder + "/vectors/handwritten.json").at("vectors"), vectors);
  return vectors;
}

}  // namespace mosis::protocol
