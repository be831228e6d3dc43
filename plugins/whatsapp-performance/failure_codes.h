#pragma once
// WhatsApp's error codes, and whose fault each is: the closed set of label values of crm_message_failures_total.

#include <span>
#include <string_view>

namespace whatsapp {

// system: ours or Meta's (account, rate, template, service). recipient: this customer cannot be reached, or not now.
// none: nothing is broken (marketing cap, opt-out, experiment). unknown: the code does not tell.
enum class Fault { system, recipient, none, unknown };

std::string_view to_string(Fault fault);

struct FailureCode {
  std::string_view code;
  Fault fault;
  std::string_view meaning;
};

// Every code that has a label of its own, in the order of METRICS; the last two are `other` and `none`.
std::span<const FailureCode> failure_codes();

// The one whose label a key of the fact message_failures counts under; `other` for a code that the table lacks.
const FailureCode& failure_code(std::string_view key);

}  // namespace whatsapp
