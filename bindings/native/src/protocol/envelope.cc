#include "envelope.h"

#include "messages.gen.h"

namespace mosis::protocol {
namespace {

/** The bytes of the next value, which must be a map, passed over and checked. */
mosis_bytes take_map(Reader& reader) {
  const uint8_t* begin = reader.position();
  if (!reader.ok() || reader.left() == 0) {
    reader.fail("body is missing");
    return {nullptr, 0};
  }
  if ((*begin & 0xf0) != 0x80 && *begin != 0xde && *begin != 0xdf) reader.fail("body is not a map");
  reader.skip();
  return {begin, static_cast<uint32_t>(reader.position() - begin)};
}

void read_request(Reader& reader, Envelope& out) {
  out.request_id = reader.integer(kMaxInteger, "request id");
  if (out.request_id == 0) reader.fail("request id is 0");
  out.id = static_cast<uint32_t>(reader.integer(kMaxUint32, "method id"));
  out.body = take_map(reader);
  out.deadline_ms = static_cast<uint32_t>(reader.integer(kMaxUint32, "deadline"));
  if (!reader.take_nil()) {
    out.idempotency_key = reader.bytes(kIdempotencyKeyBytes, kIdempotencyKeyBytes, "idempotency key");
  }
}

void read_response(Reader& reader, Envelope& out) {
  out.request_id = reader.integer(kMaxInteger, "request id");
  if (out.request_id == 0) reader.fail("request id is 0");
  const uint32_t code = static_cast<uint32_t>(reader.integer(kMaxUint32, "error code"));
  if (code == 0) {
    out.body = take_map(reader);
    return;
  }
  if (!is_error_code(code)) reader.fail("error code");
  out.result = -static_cast<mosis_result>(code);
  out.text = reader.text(kMaxErrorTextBytes, "error text");
}

void read_event(Reader& reader, Envelope& out) {
  out.sequence = reader.integer(kMaxInteger, "sequence");
  out.id = static_cast<uint32_t>(reader.integer(kMaxUint32, "event id"));
  out.body = take_map(reader);
}

/** Values that the kind wants after itself; later versions may send more. */
uint32_t values_of(const Envelope& envelope) {
  if (envelope.kind == kKindRequest) return 5;
  if (envelope.kind == kKindResponse || envelope.kind == kKindEvent) return 3;
  return envelope.is_link() ? 1 : 0;
}

}  // namespace

bool Envelope::is_link() const { return find_link(kind) != nullptr; }

bool read_envelope(const void* data, size_t size, Envelope& out, const char** error) {
  out = Envelope{};
  Reader reader(data, size);
  const uint32_t count = reader.enter_array("message is not an array");
  out.kind = static_cast<uint32_t>(reader.integer(kMaxUint32, "kind"));
  const uint32_t wanted = values_of(out);
  if (reader.ok() && count < 1 + wanted) reader.fail("message is too short");
  if (out.kind == kKindRequest) {
    read_request(reader, out);
  } else if (out.kind == kKindResponse) {
    read_response(reader, out);
  } else if (out.kind == kKindEvent) {
    read_event(reader, out);
  } else if (out.is_link()) {
    out.body = take_map(reader);
  }
  for (uint32_t i = 1 + wanted; i < count && reader.ok(); i++) reader.skip();
  reader.leave();
  *error = reader.finish() ? nullptr : reader.error();
  return reader.ok();
}

void write_request(Writer& writer, uint64_t request_id, uint32_t method, mosis_bytes params, uint32_t deadline_ms,
                   const uint8_t* idempotency_key) {
  writer.array(6);
  writer.integer(kKindRequest);
  writer.integer(request_id, kMaxInteger, "request id");
  writer.integer(method);
  writer.packed(params);
  writer.integer(deadline_ms);
  if (idempotency_key == nullptr) {
    writer.nil();
  } else {
    writer.bytes({idempotency_key, kIdempotencyKeyBytes}, kIdempotencyKeyBytes, kIdempotencyKeyBytes, "idempotency key");
  }
}

void write_response(Writer& writer, uint64_t request_id, mosis_bytes result) {
  writer.array(4);
  writer.integer(kKindResponse);
  writer.integer(request_id, kMaxInteger, "request id");
  writer.integer(0);
  writer.packed(result);
}

void write_error_response(Writer& writer, uint64_t request_id, mosis_result result, mosis_string text) {
  writer.array(4);
  writer.integer(kKindResponse);
  writer.integer(request_id, kMaxInteger, "request id");
  if (result >= 0) writer.fail("result is not an error");
  writer.integer(static_cast<uint64_t>(-static_cast<int64_t>(result)));
  writer.text(text, kMaxErrorTextBytes, "error text");
}

void write_event(Writer& writer, uint64_t sequence, uint32_t id, mosis_bytes fields) {
  writer.array(4);
  writer.integer(kKindEvent);
  writer.integer(sequence, kMaxInteger, "sequence");
  writer.integer(id);
  writer.packed(fields);
}

}  // namespace mosis::protocol
