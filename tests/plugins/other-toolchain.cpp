// Built with another compiler.

#include "tiny.h"

namespace {

crm::Collectors make(const crm::Config&) {
  return tiny::good(tiny::description("other-toolchain"));
}

}  // namespace

TINY_DESCRIPTOR(crm::plugin_magic, crm::plugin_abi,
                "compiler clang 99; c++ 202002L; cxx11_abi 0; json 2.0.0; sanitizer none; stdlib libc++",
                "other-toolchain", make, tiny::destroy)
