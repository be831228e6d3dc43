// Every run throws.
//
// Options: throw (text, exception): exception | own | int | unavailable | deadline | forbidden | contract

#include <stdexcept>

#include "tiny.h"

namespace {

// Of a type that no one else has: its destructor and what() are code of this library.
class OwnError : public std::exception {
 public:
  const char* what() const noexcept override { return "an error of the plugin's own type"; }
};

[[noreturn]] void do_throw(const std::string& kind) {
  if (kind == "int") throw 42;
  if (kind == "own") throw OwnError();
  if (kind == "unavailable") throw crm::SourceUnavailable("the queue is away");
  if (kind == "deadline") throw crm::DeadlineExceeded("it took too long");
  if (kind == "forbidden") throw crm::Forbidden("not for you");
  if (kind == "contract") throw crm::ContractError("a column is missing");
  throw std::runtime_error("it throws,\nin two lines");
}

crm::Collectors make(const crm::Config& options) {
  const std::string kind = options.text("throw", "exception");
  return tiny::one(tiny::description("throws"),
                   [kind](const crm::Request&, crm::Sources&) -> crm::Report { do_throw(kind); });
}

}  // namespace

CRM_COLLECTOR_PLUGIN("throws", make)
