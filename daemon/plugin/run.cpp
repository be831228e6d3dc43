#include "plugin/run.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>

namespace crm::plugin {
namespace {

// The path of the first number that is not finite ("/messagesToday/value"); JSON has no word for those.
std::optional<std::string> non_finite(const Json& json, const std::string& path) {
  if (json.is_number_float() && !std::isfinite(json.get<double>())) return path;
  if (!json.is_structured()) return std::nullopt;
  for (auto item = json.begin(); item != json.end(); ++item) {
    const std::string step = json.is_object() ? item.key() : std::to_string(item - json.begin());
    if (auto found = non_finite(*item, path + "/" + step)) return found;
  }
  return std::nullopt;
}

std::string rendered(const JsonPtr& document) {
  if (!document || !document->is_object()) throw UsageError("its document is no JSON object");
  if (const auto path = non_finite(*document, ""))
    throw UsageError(fmt::format("{} in its document is not a finite number", *path));
  return document->dump();
}

Outcome failed(Fault fault, std::string what) {
  Outcome outcome;
  outcome.fault = fault;
  outcome.what = std::move(what);
  outcome.error = std::current_exception();
  return outcome;
}

Outcome attempt(const std::function<Report()>& collect) {
  try {
    Outcome outcome;
    Report report = collect();
    outcome.document = rendered(report.document);
    outcome.report = std::move(report);
    return outcome;
  } catch (const SourceUnavailable& error) {
    return failed(Fault::unavailable, error.what());
  } catch (const DeadlineExceeded& error) {
    return failed(Fault::timeout, error.what());
  } catch (const Forbidden& error) {
    return failed(Fault::forbidden, error.what());
  } catch (const ContractError& error) {
    return failed(Fault::contract, error.what());
  } catch (const std::exception& error) {
    return failed(Fault::defect, error.what());
  } catch (...) {
    return failed(Fault::defect, "it threw something that is no std::exception");
  }
}

}  // namespace

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::none:
      return "none";
    case Fault::unavailable:
      return "unavailable";
    case Fault::timeout:
      return "timeout";
    case Fault::forbidden:
      return "forbidden";
    case Fault::contract:
      return "contract";
    case Fault::defect:
      break;
  }
  return "defect";
}

Outcome run(const std::function<Report()>& collect) noexcept {
  const auto began = std::chrono::steady_clock::now();
  Outcome outcome = attempt(collect);
  outcome.duration = std::chrono::steady_clock::now() - began;
  return outcome;
}

}  // namespace crm::plugin
