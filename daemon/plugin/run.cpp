#include "plugin/run.h"

#include <crm/sdk/errors.h>

#include "plugin/document.h"
#include "plugin/one_line.h"

namespace crm::plugin {
namespace {

Outcome failed(Fault fault, const char* what) {
  Outcome outcome;
  outcome.fault = fault;
  outcome.what = one_line(what);
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
  } catch (const BadParameter& error) {
    return failed(Fault::parameter, error.what());
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
    case Fault::parameter:
      return "parameter";
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
