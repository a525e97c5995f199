// The protocol's words for its numbers, for logs and for matching against protocol.md: MOSIS_ERR_PEER_OFFLINE is "peerOffline".
#ifndef MOSIS_NAMES_HPP
#define MOSIS_NAMES_HPP

#include <mosis/mosis.h>

#include <cstddef>

namespace mosis {
namespace detail {

template <size_t Count>
const char* NameAt(const char* const (&names)[Count], size_t index) noexcept {
  return index < Count ? names[index] : "unknown";  // a newer library knows more
}

}  // namespace detail

/** MOSIS_OK is "ok". */
inline const char* ErrorName(mosis_result result) noexcept {
  static constexpr const char* kNames[] = {"ok",
                                           "invalidArgument",
                                           "malformed",
                                           "unknownMethod",
                                           "protocolMismatch",
                                           "notIdentified",
                                           "tokenWrong",
                                           "notPermitted",
                                           "tooLarge",
                                           "deadlineExceeded",
                                           "queueFull",
                                           "connectionLost",
                                           "lineNotConfigured",
                                           "peerOffline",
                                           "peerUnreachable",
                                           "identityChanged",
                                           "notSupported",
                                           "storeFailed",
                                           "mediaFailed",
                                           "takenOver",
                                           "serverRefused",
                                           "serverUnreachable",
                                           "rateLimited",
                                           "shuttingDown",
                                           "notFound",
                                           "internal",
                                           "daemonNotFound",
                                           "daemonStartFailed",
                                           "unsafeFolder",
                                           "wrongThread"};
  return result > 0 ? "unknown" : detail::NameAt(kNames, static_cast<size_t>(-static_cast<int64_t>(result)));
}

inline const char* ClientStateName(mosis_client_state state) noexcept {
  static constexpr const char* kNames[] = {"connecting", "ready", "reconnecting", "failed"};
  return detail::NameAt(kNames, state);
}

inline const char* LineStateName(mosis_line_state state) noexcept {
  static constexpr const char* kNames[] = {"unconfigured", "offline", "connecting", "online"};
  return detail::NameAt(kNames, state);
}

inline const char* MessageStateName(mosis_message_state state) noexcept {
  static constexpr const char* kNames[] = {"accepted", "delivered", "failed"};
  return detail::NameAt(kNames, state);
}

inline const char* ConnectionStateName(mosis_connection_state state) noexcept {
  static constexpr const char* kNames[] = {"idle", "connecting", "verifying", "open"};
  return detail::NameAt(kNames, state);
}

}  // namespace mosis
#endif
