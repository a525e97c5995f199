// Why something that may fail did: a code for programs, a sentence for people. What failed, then what to check.
#pragma once

#include <string>

#include "mosis/mosis.h"

namespace mosis {

struct Failure {
  mosis_result code = MOSIS_OK;
  std::string text;

  explicit operator bool() const { return code != MOSIS_OK; }
};

}  // namespace mosis
