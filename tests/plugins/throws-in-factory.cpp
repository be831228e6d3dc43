// Its factory throws.
//
// Options: throw (text, exception): exception | own | int

#include <stdexcept>

#include "tiny.h"

namespace {

// Of a type that no one else has: its destructor and what() are code of this library.
class OwnError : public std::exception {
 public:
  const char* what() const noexcept override { return "an error of the factory's own type"; }
};

crm::Collectors make(const crm::Config& options) {
  const std::string kind = options.text("throw", "exception");
  if (kind == "int") throw 42;
  if (kind == "own") throw OwnError();
  throw std::runtime_error("the factory throws");
}

}  // namespace

CRM_COLLECTOR_PLUGIN("throws-in-factory", make)
