// Version of the loaded library.
#include "mosis/mosis.h"

extern "C" uint32_t mosis_abi_version(void) { return MOSIS_ABI_VERSION_MAJOR << 16 | MOSIS_ABI_VERSION_MINOR; }
