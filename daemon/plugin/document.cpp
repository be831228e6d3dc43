#include "plugin/document.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>

namespace crm::plugin {
namespace {

// Far above any document, far below what fills a thread's stack.
constexpr int deepest = 64;

const char* fault_of(const Json& value, int depth) {
  if (depth > deepest) return "is nested too deep";
  if (value.is_number_float() && !std::isfinite(value.get<double>())) return "is not a finite number";
  if (value.is_binary() || value.is_discarded()) return "is no JSON value";
  return nullptr;
}

void check(const Json& value, const std::string& path, int depth) {
  if (const char* fault = fault_of(value, depth)) throw UsageError(fmt::format("{} in its document {}", path, fault));
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) check(member, fmt::format("{}/{}", path, key), depth + 1);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) check(value[i], fmt::format("{}/{}", path, i), depth + 1);
  }
}

}  // namespace

std::string rendered(const JsonPtr& document) {
  if (!document || !document->is_object()) throw UsageError("its document is no JSON object");
  check(*document, "", 0);
  try {
    return document->dump();
  } catch (const Json::type_error& error) {
    throw UsageError(fmt::format("its document has text that is no UTF-8 ({})", error.what()));
  }
}

}  // namespace crm::plugin
