// The array around every message of the shim wire: kind, ids, body.
#pragma once

#include <cstddef>
#include <cstdint>

#include "limits.gen.h"
#include "reader.h"
#include "writer.h"

namespace mosis::protocol {

/** One received message, grammar checked as a whole, body not yet read. Its pointers point into the received bytes. */
struct Envelope {
  /** kKind* of limits.gen.h; other numbers are of a later version: to be ignored, nothing else is set then. */
  uint32_t kind = 0;
  /** Request, response: request id, above 0. */
  uint64_t request_id = 0;
  /** Event: its number. */
  uint64_t sequence = 0;
  /** Request: method id. Event: event id. */
  uint32_t id = 0;
  /** Response: MOSIS_OK, or a negative code. */
  mosis_result result = MOSIS_OK;
  /** The map: fields of a link message or event, params, result. Null in a failed response. */
  mosis_bytes body = {nullptr, 0};
  /** Failed response: one sentence. */
  mosis_string text = {nullptr, 0};
  /** Request: 0 = default. */
  uint32_t deadline_ms = 0;
  /** Request: 16 bytes, or null. */
  mosis_bytes idempotency_key = {nullptr, 0};

  /** True for the link messages hello … taken: `find_link(kind)` describes the body. */
  bool is_link() const;
};

/** Reads a message that arrived. False: it is to be refused whole; *error (static memory) says why. */
bool read_envelope(const void* data, size_t size, Envelope& out, const char** error);

/** A reader for the body of an envelope. */
inline Reader body_reader(const Envelope& envelope) { return Reader(envelope.body.data, envelope.body.size, 1); }

/** `[kind, map]`; T is a link struct of messages.gen.h. False: a value breaks its limit, writer.error() says which. */
template <typename T>
bool write_link(Writer& writer, const T& value) {
  writer.array(2);
  writer.integer(T::kKind);
  return write(writer, value);
}

/** `[16, …]`. `params`: a MessagePack map that was checked. `idempotency_key`: 16 bytes, or null. */
void write_request(Writer& writer, uint64_t request_id, uint32_t method, mosis_bytes params, uint32_t deadline_ms,
                   const uint8_t* idempotency_key);

/** `[17, id, 0, result]`; for tests and the fake backend, the shim itself only reads responses. */
void write_response(Writer& writer, uint64_t request_id, mosis_bytes result);

/** `[17, id, code, text]`; `result` is negative. */
void write_error_response(Writer& writer, uint64_t request_id, mosis_result result, mosis_string text);

/** `[18, sequence, id, fields]`; for tests and the fake backend. */
void write_event(Writer& writer, uint64_t sequence, uint32_t id, mosis_bytes fields);

}  // namespace mosis::protocol
