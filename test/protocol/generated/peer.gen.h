// Generated from proto/schema by `npm run generate`; do not edit.
// The peer wire for tests of the C++ codec.
#pragma once

#include "protocol/codec.h"
#include "protocol/limits.gen.h"
#include "protocol/messages.gen.h"

namespace mosis::protocol {

/** Nothing else is sent, shown or stored before the hello of the other side has been verified. */
struct PeerHello {
  /** Oldest peer protocol spoken. */
  uint32_t protocol_min;
  /** Newest peer protocol spoken. */
  uint32_t protocol_max;
  /** Own phone id, as registered at the server. (at most 128 bytes) */
  mosis_string phone_id;
  /** Own name. (at most 256 bytes) */
  mosis_string display_name;
  /** What this side can do, e.g. "text". (at most 64) */
  const mosis_string* capabilities;
  uint32_t capabilities_count;
  /** Ed25519 public key of the profile. (32 bytes) */
  mosis_bytes public_key;
  /** Ed25519 over STANDARD.md “peer hello”: both ids, both DTLS fingerprints. (64 bytes) */
  mosis_bytes signature;
  /** Name and version, for people. (at most 64 bytes; data NULL = left out) */
  mosis_string software;
};

/** The other side is not accepted; the connection is closed after this. */
struct PeerRefused {
  /** Why. */
  mosis_result code;
  /** For people. (at most 1024 bytes) */
  mosis_string text;
};

/** Are you still there? Asked when the server says that the peer logged in anew. Answered by peerPong at once. */
struct PeerPing {
  /** Comes back in the pong. */
  uint32_t nonce;
};

/** Answer to peerPing. */
struct PeerPong {
  /** Of the ping. */
  uint32_t nonce;
};

/** A text. Sent again after a reconnect until confirmed; the receiver knows it by its uuid. */
struct PeerText {
  /** UUIDv7 of the message. (16 bytes) */
  mosis_bytes uuid;
  /** UTF-8, 1–65536 bytes. (at most 65536 bytes) */
  mosis_string text;
  /** When the game sent it; Unix time. (in ms; 0 … 2^53 − 1) */
  uint64_t sent_at;
};

/** These texts are on the receiver’s disk. */
struct PeerStored {
  /** UUIDs of the texts. (at most 256) */
  const mosis_bytes* uuids;
  uint32_t uuids_count;
};

namespace {

mosis_result read_error_code(Reader& reader, const char* what) {
  const uint64_t number = reader.integer(kMaxUint32, what);
  if (!is_error_code(number)) reader.fail(what);
  return -static_cast<mosis_result>(number);
}

void write_error_code(Writer& writer, mosis_result value, const char* what) {
  const uint64_t number = value < 0 ? static_cast<uint64_t>(-static_cast<int64_t>(value)) : 0;
  if (!is_error_code(number)) writer.fail(what);
  writer.integer(number);
}

}  // namespace

inline bool read(Reader& reader, Arena& arena, PeerHello& out) {
  out = {};
  Fields fields(reader, 0xfeu, "peerHello: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.protocol_min = static_cast<uint32_t>(reader.integer(kMaxUint32, "peerHello.protocolMin"));
        break;
      case 2:
        out.protocol_max = static_cast<uint32_t>(reader.integer(kMaxUint32, "peerHello.protocolMax"));
        break;
      case 3:
        out.phone_id = reader.text(128, "peerHello.phoneId");
        break;
      case 4:
        out.display_name = reader.text(256, "peerHello.displayName");
        break;
      case 5:
        reader.list(arena, out.capabilities, out.capabilities_count, 64, "peerHello.capabilities",
                    [&](mosis_string& one) { one = reader.text(64, "peerHello.capabilities[]"); });
        break;
      case 6:
        out.public_key = reader.bytes(32, 32, "peerHello.publicKey");
        break;
      case 7:
        out.signature = reader.bytes(64, 64, "peerHello.signature");
        break;
      case 8:
        out.software = reader.text(64, "peerHello.software");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

inline bool write(Writer& writer, const PeerHello& in) {
  writer.map(7u + (in.software.data != nullptr ? 1u : 0u));
  writer.integer(1);
  writer.integer(in.protocol_min);
  writer.integer(2);
  writer.integer(in.protocol_max);
  writer.integer(3);
  writer.text(in.phone_id, 128, "peerHello.phoneId");
  writer.integer(4);
  writer.text(in.display_name, 256, "peerHello.displayName");
  writer.integer(5);
  writer.list(in.capabilities, in.capabilities_count, 64, "peerHello.capabilities",
              [&](const mosis_string& one) { writer.text(one, 64, "peerHello.capabilities[]"); });
  writer.integer(6);
  writer.bytes(in.public_key, 32, 32, "peerHello.publicKey");
  writer.integer(7);
  writer.bytes(in.signature, 64, 64, "peerHello.signature");
  if (in.software.data != nullptr) {
    writer.integer(8);
    writer.text(in.software, 64, "peerHello.software");
  }
  return writer.ok();
}

inline bool read(Reader& reader, Arena&, PeerRefused& out) {
  out = {};
  Fields fields(reader, 0x6u, "peerRefused: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.code = read_error_code(reader, "peerRefused.code");
        break;
      case 2:
        out.text = reader.text(1024, "peerRefused.text");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

inline bool write(Writer& writer, const PeerRefused& in) {
  writer.map(2u);
  writer.integer(1);
  write_error_code(writer, in.code, "peerRefused.code");
  writer.integer(2);
  writer.text(in.text, 1024, "peerRefused.text");
  return writer.ok();
}

inline bool read(Reader& reader, Arena&, PeerPing& out) {
  out = {};
  Fields fields(reader, 0x2u, "peerPing: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.nonce = static_cast<uint32_t>(reader.integer(kMaxUint32, "peerPing.nonce"));
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

inline bool write(Writer& writer, const PeerPing& in) {
  writer.map(1u);
  writer.integer(1);
  writer.integer(in.nonce);
  return writer.ok();
}

inline bool read(Reader& reader, Arena&, PeerPong& out) {
  out = {};
  Fields fields(reader, 0x2u, "peerPong: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.nonce = static_cast<uint32_t>(reader.integer(kMaxUint32, "peerPong.nonce"));
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

inline bool write(Writer& writer, const PeerPong& in) {
  writer.map(1u);
  writer.integer(1);
  writer.integer(in.nonce);
  return writer.ok();
}

inline bool read(Reader& reader, Arena&, PeerText& out) {
  out = {};
  Fields fields(reader, 0xeu, "peerText: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.uuid = reader.bytes(16, 16, "peerText.uuid");
        break;
      case 2:
        out.text = reader.text(65536, "peerText.text");
        break;
      case 3:
        out.sent_at = reader.integer(kMaxInteger, "peerText.sentAt");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

inline bool write(Writer& writer, const PeerText& in) {
  writer.map(3u);
  writer.integer(1);
  writer.bytes(in.uuid, 16, 16, "peerText.uuid");
  writer.integer(2);
  writer.text(in.text, 65536, "peerText.text");
  writer.integer(3);
  writer.integer(in.sent_at, kMaxInteger, "peerText.sentAt");
  return writer.ok();
}

inline bool read(Reader& reader, Arena& arena, PeerStored& out) {
  out = {};
  Fields fields(reader, 0x2u, "peerStored: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        reader.list(arena, out.uuids, out.uuids_count, 256, "peerStored.uuids",
                    [&](mosis_bytes& one) { one = reader.bytes(16, 16, "peerStored.uuids[]"); });
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

inline bool write(Writer& writer, const PeerStored& in) {
  writer.map(1u);
  writer.integer(1);
  writer.list(in.uuids, in.uuids_count, 256, "peerStored.uuids",
              [&](const mosis_bytes& one) { writer.bytes(one, 16, 16, "peerStored.uuids[]"); });
  return writer.ok();
}

inline const PeerMessageInfo kPeerMessages[] = {
    {0x0001, "peerHello", CodecOf<PeerHello>::value},
    {0x0002, "peerRefused", CodecOf<PeerRefused>::value},
    {0x0003, "peerPing", CodecOf<PeerPing>::value},
    {0x0004, "peerPong", CodecOf<PeerPong>::value},
    {0x0010, "peerText", CodecOf<PeerText>::value},
    {0x0011, "peerStored", CodecOf<PeerStored>::value},
};
inline const size_t kPeerMessagesCount = sizeof kPeerMessages / sizeof kPeerMessages[0];

inline const PeerMessageInfo* find_peer_message(uint32_t id) {
  for (const PeerMessageInfo& one : kPeerMessages) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

}  // namespace mosis::protocol
