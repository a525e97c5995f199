// What chatter prints for each event: the C structs as flat JSON lines.
#pragma once

#include <string>

#include "mosis/mosis.h"
#include "support/json_line.h"

namespace mosis_test {

/** A line that begins with "t" (ms since the program started) and "type". */
JsonLine line(const char* type);
/** A JSON array. */
std::string peer_list(const mosis_peer_info* peers, uint32_t count);
const char* name_of(mosis_client_state state);
JsonLine event_line(const mosis_event& event);

}  // namespace mosis_test
