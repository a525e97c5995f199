/* mosis.h is C99, by itself and with every warning on. */
#include "mosis/mosis.h"

mosis_result header_compiles(mosis_client** client);

mosis_result header_compiles(mosis_client** client) {
  mosis_client_options options;
  mosis_client_options_init(&options);
  options.app = "header";
  return mosis_client_create(&options, client);
}
