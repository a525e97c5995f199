// The MessagePack of the shim wire: what the rest of the library includes.
#pragma once

#include "arena.h"   // IWYU pragma: export
#include "codec.h"   // IWYU pragma: export
#include "reader.h"  // IWYU pragma: export
#include "writer.h"  // IWYU pragma: export
