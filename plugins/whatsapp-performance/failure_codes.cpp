#include "failure_codes.h"

#include <algorithm>
#include <array>

namespace whatsapp {
namespace {

// Meta's list for the Cloud API, and three of the older on-premises API that gateways still hand on (470, 471, 472).
constexpr std::array codes{
    FailureCode{"0", Fault::system, "authentication failed"},
    FailureCode{"1", Fault::system, "invalid request, or a server error"},
    FailureCode{"2", Fault::system, "the service is down or overloaded"},
    FailureCode{"3", Fault::system, "the app may not call this method"},
    FailureCode{"4", Fault::system, "too many calls of the app"},
    FailureCode{"10", Fault::system, "permission was not granted, or was removed"},
    FailureCode{"33", Fault::system, "the business number was deleted"},
    FailureCode{"100", Fault::system, "invalid parameter"},
    FailureCode{"190", Fault::system, "the access token has expired"},
    FailureCode{"200", Fault::system, "permission was not granted, or was removed"},
    FailureCode{"368", Fault::system, "the account is blocked for policy violations"},
    FailureCode{"470", Fault::recipient, "the 24-hour window is closed"},
    FailureCode{"471", Fault::system, "spam rate limit"},
    FailureCode{"472", Fault::none, "the number is part of an experiment"},
    FailureCode{"80007", Fault::system, "rate limit of the account"},
    FailureCode{"130403", Fault::system, "access denied"},
    FailureCode{"130429", Fault::system, "throughput limit"},
    FailureCode{"130472", Fault::none, "the number is part of an experiment"},
    FailureCode{"130497", Fault::system, "the account may not write to this country"},
    FailureCode{"131000", Fault::system, "something went wrong"},
    FailureCode{"131005", Fault::system, "permission was not granted, or was removed"},
    FailureCode{"131008", Fault::system, "a parameter is missing"},
    FailureCode{"131009", Fault::system, "a parameter's value is not valid"},
    FailureCode{"131016", Fault::system, "the service is unavailable"},
    FailureCode{"131021", Fault::recipient, "the recipient is the sender"},
    FailureCode{"131026", Fault::recipient, "undeliverable: not on WhatsApp, or an app too old"},
    FailureCode{"131031", Fault::system, "the account is locked"},
    FailureCode{"131037", Fault::system, "the display name is not approved"},
    FailureCode{"131042", Fault::system, "payment of the business"},
    FailureCode{"131045", Fault::system, "the number's certificate is not right"},
    FailureCode{"131047", Fault::recipient, "the 24-hour window is closed"},
    FailureCode{"131048", Fault::system, "spam rate limit: blocked or reported too often"},
    FailureCode{"131049", Fault::none, "Meta's cap on marketing messages for each customer"},
    FailureCode{"131050", Fault::none, "the customer has opted out of marketing messages"},
    FailureCode{"131051", Fault::system, "unsupported type of message"},
    FailureCode{"131052", Fault::system, "media could not be downloaded"},
    FailureCode{"131053", Fault::system, "media could not be uploaded"},
    FailureCode{"131056", Fault::system, "too many messages to one recipient in a short time"},
    FailureCode{"131057", Fault::system, "the account is in maintenance"},
    FailureCode{"132000", Fault::system, "the number of the template's parameters is wrong"},
    FailureCode{"132001", Fault::system, "the template does not exist, or not in this language"},
    FailureCode{"132005", Fault::system, "the template's text is too long once filled in"},
    FailureCode{"132007", Fault::system, "the template's content violates a policy"},
    FailureCode{"132012", Fault::system, "the format of a template's parameter is wrong"},
    FailureCode{"132015", Fault::system, "the template is paused for low quality"},
    FailureCode{"132016", Fault::system, "the template is disabled for low quality"},
    FailureCode{"132068", Fault::system, "the flow is blocked"},
    FailureCode{"132069", Fault::system, "the flow is throttled"},
    FailureCode{"133000", Fault::system, "an earlier deregistration failed"},
    FailureCode{"133004", Fault::system, "the registration server is unavailable"},
    FailureCode{"133005", Fault::system, "wrong PIN of two-step verification"},
    FailureCode{"133006", Fault::system, "the number must be verified again"},
    FailureCode{"133008", Fault::system, "too many guesses of the PIN"},
    FailureCode{"133009", Fault::system, "guesses of the PIN came too fast"},
    FailureCode{"133010", Fault::system, "the number is not registered"},
    FailureCode{"133015", Fault::system, "the number was deleted too recently"},
    FailureCode{"133016", Fault::system, "registered and deregistered too often"},
    FailureCode{"134011", Fault::system, "terms of payment are not accepted"},
    FailureCode{"135000", Fault::system, "the request's parameters are not right"},
    FailureCode{"other", Fault::unknown, "a code that is not in this table"},
    FailureCode{"none", Fault::unknown, "the reason names no code"},
};

}  // namespace

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::system:
      return "system";
    case Fault::recipient:
      return "recipient";
    case Fault::none:
      return "none";
    case Fault::unknown:
      break;
  }
  return "unknown";
}

std::span<const FailureCode> failure_codes() {
  return codes;
}

const FailureCode& failure_code(std::string_view key) {
  const auto find = [](std::string_view code) {
    return std::find_if(codes.begin(), codes.end(), [&](const FailureCode& known) { return known.code == code; });
  };
  const auto found = find(key);
  return found == codes.end() ? *find("other") : *found;
}

}  // namespace whatsapp
