// A shared library that is no plugin.

#include "tiny.h"

extern "C" __attribute__((visibility("default"))) int some_other_function() {
  return 42;
}
