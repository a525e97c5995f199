// Turns what the caller filled in into checked settings with the defaults put in.
#pragma once

#include "link/link.h"
#include "mosis/mosis.h"

namespace mosis {

/** Copies as much as the caller's struct_size has, zeros for the rest. False: NULL, or older than any version was. */
bool read_options(const mosis_client_options* options, mosis_client_options& given);

/** Puts the defaults into the limits of `given`. False: a text is missing, too long or no UTF-8, or the profile is none. */
bool check_options(mosis_client_options& given, LinkSettings& settings);

}  // namespace mosis
