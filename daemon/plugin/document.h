#pragma once
// A collector's document as the bytes that are sent.

#include <string>

#include <crm/sdk/json.h>

namespace crm::plugin {

// UsageError for a document that is no object, is nested too deep, or holds what JSON has no word for: a number that is
// not finite, binary or discarded values, text that is no UTF-8. It names the place ("/messagesToday/value").
std::string rendered(const JsonPtr& document);

}  // namespace crm::plugin
