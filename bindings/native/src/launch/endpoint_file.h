// endpoint.json: where a running daemon listens. Foreign bytes: read with bounds, refused whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "failure.h"

namespace mosis {

struct Endpoint {
  uint32_t pid = 0;
  std::string daemon_version;
  /** ZeroMQ endpoints, the preferred one first. */
  std::vector<std::string> endpoints;
  /** Z85, 40 characters; empty = no CURVE. */
  std::string curve_server_key;
  /** Goes into hello. A secret of this user: never log it. */
  std::string token;
};

enum class EndpointFileState { missing, read, refused };

/**
 * Reads the file when it is a regular file of ours that nobody else may touch, at most 16 KiB. refused: `failure` says why (the
 * daemon replaces the file as a whole, so a defect does not go away by itself).
 */
EndpointFileState read_endpoint_file(const std::string& path, Endpoint& endpoint, Failure& failure);

/** A flat JSON object; unknown keys are skipped, wrong types refused. */
Failure parse_endpoint(std::string_view json, Endpoint& endpoint);

}  // namespace mosis
