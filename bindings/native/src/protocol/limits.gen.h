// Generated from proto/schema by `npm run generate`; do not edit.
#pragma once

#include <cstdint>

namespace mosis::protocol {

inline constexpr uint32_t kMaxUint32 = 0xffffffffu;
inline constexpr uint32_t kMaxMessageBytes = 1048576u;
inline constexpr uint32_t kMaxDepth = 16u;
inline constexpr uint32_t kMaxValues = 65536u;
inline constexpr uint64_t kMaxInteger = 9007199254740991u;
inline constexpr uint32_t kDefaultDeadlineMs = 10000u;
inline constexpr uint32_t kMaxErrorTextBytes = 1024u;
inline constexpr uint32_t kIdempotencyKeyBytes = 16u;
inline constexpr uint32_t kMaxUntakenEvents = 1024u;
inline constexpr uint32_t kMaxQueuedEvents = 4096u;
inline constexpr uint32_t kPingIntervalMs = 1000u;
inline constexpr uint32_t kShimTimeoutMs = 5000u;
inline constexpr uint32_t kDaemonTimeoutMs = 3000u;
inline constexpr uint32_t kSessionKeepMs = 30000u;
inline constexpr uint32_t kMaxSignalToServerBytes = 131072u;
inline constexpr uint32_t kMaxSignalToClientBytes = 1048576u;

inline constexpr uint32_t kKindHello = 1;
inline constexpr uint32_t kKindIdentified = 2;
inline constexpr uint32_t kKindRefused = 3;
inline constexpr uint32_t kKindWho = 4;
inline constexpr uint32_t kKindGoodbye = 5;
inline constexpr uint32_t kKindPing = 6;
inline constexpr uint32_t kKindPong = 7;
inline constexpr uint32_t kKindTaken = 8;
inline constexpr uint32_t kKindRequest = 16;
inline constexpr uint32_t kKindResponse = 17;
inline constexpr uint32_t kKindEvent = 18;

}  // namespace mosis::protocol
