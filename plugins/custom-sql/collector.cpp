// A collector that is written in the configuration: one query, whose columns are metrics and a document.

#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>

#include "description.h"
#include "document.h"
#include "read_definitions.h"
#include "samples.h"

namespace custom_sql {
namespace {

class CustomCollector final : public crm::Collector {
 public:
  CustomCollector(Definition definition, Plan plan)
      : definition_(std::move(definition)),
        plan_(std::move(plan)),
        description_(custom_sql::description(definition_, plan_)) {}

  const crm::Description& describe() const noexcept override { return description_; }

  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    try {
      return report(request, ask(sources));
    } catch (const crm::ContractError& error) {
      refuse(error.what(), request, sources);
    }
  }

 private:
  // Whatever PostgreSQL says against the statement is to be mended where the statement stands.
  crm::Rows ask(crm::Sources& sources) const {
    try {
      crm::Rows rows = sources.query(description_.statements.front());
      if (rows.absent())
        throw crm::ContractError("its query reads the view '" + rows.absent_view() + "', which this CRM does not have");
      return rows;
    } catch (const crm::SourceUnavailable&) {
      throw;
    } catch (const crm::DeadlineExceeded&) {
      throw;
    } catch (const crm::Forbidden&) {
      throw;
    } catch (const std::exception& error) {
      throw crm::ContractError(error.what());
    }
  }

  crm::Report report(const crm::Request& request, const crm::Rows& rows) const {
    if (rows.empty() && !definition_.allow_empty && request.scope.sees_everyone()) {
      throw crm::ContractError("its query gives no row, and allow_empty is false");
    }
    const Table table = read_table(definition_, plan_, rows);
    crm::Report report;
    report.document = crm::share(to_json(definition_, table, request));
    if (table.truncated) {
      report.partial.push_back({"its query gives more than " + std::to_string(definition_.max_rows) +
                                " rows (max_rows); the first of them are used"});
    }
    if (!request.wants_samples) return report;
    Sampled sampled = to_samples(definition_, plan_, table);
    report.samples = std::move(sampled.samples);
    for (std::string& warning : sampled.warnings) report.partial.push_back({std::move(warning)});
    return report;
  }

  // PostgreSQL quotes values in its errors, and they may be of rows that the caller may not see.
  [[noreturn]] void refuse(const std::string& what, const crm::Request& request, crm::Sources& sources) const {
    const std::string whole = definition_.place + ": " + what;
    if (request.scope.sees_everyone()) throw crm::ContractError(whole);
    sources.log().warn(whole);
    throw crm::ContractError(definition_.section() + ": its query failed; the daemon's log says why");
  }

  const Definition definition_;
  const Plan plan_;
  const crm::Description description_;
};

crm::Collectors make(const crm::Config& config) {
  std::vector<Definition> definitions = read_definitions(config);
  std::vector<Plan> plans;
  for (const Definition& definition : definitions) plans.push_back(plan(definition));
  refuse_common_families(definitions, plans);
  crm::Collectors collectors;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    collectors.push_back(std::make_unique<CustomCollector>(std::move(definitions[i]), std::move(plans[i])));
  }
  return collectors;
}

}  // namespace
}  // namespace custom_sql

CRM_COLLECTOR_PLUGIN("custom-sql", custom_sql::make)
