#include "launch/endpoint_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "launch/json_reader.h"

namespace mosis {
namespace {

constexpr size_t kMaxFileBytes = 16 * 1024;
constexpr uint64_t kFileVersion = 1;
constexpr size_t kMaxEndpoints = 8;
constexpr size_t kMaxEndpointBytes = 256;
constexpr size_t kMaxTokenBytes = 128;
constexpr size_t kMaxVersionBytes = 64;
constexpr size_t kCurveKeyBytes = 40;

Failure refuse(const std::string& why) { return {MOSIS_ERR_DAEMON_START_FAILED, "endpoint.json " + why + ": remove it."}; }

bool read_endpoints(JsonReader& reader, std::vector<std::string>& endpoints) {
  if (!reader.begin_array()) return false;
  while (reader.next_item()) {
    std::string endpoint;
    if (endpoints.size() == kMaxEndpoints || !reader.string(endpoint, kMaxEndpointBytes)) return false;
    endpoints.push_back(std::move(endpoint));
  }
  return reader.ok();
}

struct Fields {
  uint64_t version = 0;
  uint64_t pid = 0;
};

bool read_field(JsonReader& reader, const std::string& key, Fields& fields, Endpoint& endpoint) {
  if (key == "version") return reader.integer(fields.version);
  if (key == "pid") return reader.integer(fields.pid);
  if (key == "daemonVersion") return reader.string(endpoint.daemon_version, kMaxVersionBytes);
  if (key == "endpoints") return endpoint.endpoints.empty() && read_endpoints(reader, endpoint.endpoints);
  if (key == "curveServerKey") return reader.string(endpoint.curve_server_key, kCurveKeyBytes);
  if (key == "token") return reader.string(endpoint.token, kMaxTokenBytes);
  return reader.skip_value();
}

}  // namespace

Failure parse_endpoint(std::string_view json, Endpoint& endpoint) {
  endpoint = Endpoint();
  Fields fields;
  JsonReader reader(json);
  if (!reader.begin_object()) return refuse("is not a JSON object");
  std::string key;
  while (reader.next_key(key)) {
    if (!read_field(reader, key, fields, endpoint)) return refuse("has a wrong value for \"" + key + '"');
  }
  if (!reader.ok() || !reader.at_end()) return refuse("is not well-formed JSON");
  if (fields.version != kFileVersion)
    return refuse("has version " + std::to_string(fields.version) + ", this library reads version 1");
  if (fields.pid == 0 || fields.pid > UINT32_MAX) return refuse("names no process");
  if (endpoint.endpoints.empty() || endpoint.token.empty()) return refuse("lacks endpoints or token");
  if (!endpoint.curve_server_key.empty() && endpoint.curve_server_key.size() != kCurveKeyBytes)
    return refuse("has no proper curveServerKey");
  endpoint.pid = static_cast<uint32_t>(fields.pid);
  return {};
}

EndpointFileState read_endpoint_file(const std::string& path, Endpoint& endpoint, Failure& failure) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0 && errno == ENOENT) return EndpointFileState::missing;
  if (file < 0) {
    failure = refuse(std::string("cannot be opened (") + std::strerror(errno) + ')');
    return EndpointFileState::refused;
  }
  struct stat found {};
  const bool ours = fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_uid == geteuid() && (found.st_mode & 077) == 0;
  char content[kMaxFileBytes + 1];
  const ssize_t size = ours ? read(file, content, sizeof content) : -1;
  close(file);
  if (!ours)
    failure = refuse("is not a private file of yours");
  else if (size < 0 || static_cast<size_t>(size) > kMaxFileBytes)
    failure = refuse("cannot be read or is too large");
  else
    failure = parse_endpoint(std::string_view(content, static_cast<size_t>(size)), endpoint);
  return failure ? EndpointFileState::refused : EndpointFileState::read;
}

}  // namespace mosis
