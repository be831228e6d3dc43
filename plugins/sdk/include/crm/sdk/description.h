#pragma once
// What a collector says of itself before it ever runs. Everything generated (METRICS.md, /metrics HELP, the landing
// page, OpenAPI, `check`) comes from here.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/facts.h>
#include <crm/sdk/params.h>
#include <crm/sdk/report.h>
#include <crm/sdk/statement.h>

namespace crm {

// When the host runs it; every part can be set in the configuration.
struct Schedule {
  std::chrono::milliseconds every{15'000};
  bool aligned = false;  // at whole multiples of `every` of the business clock, rather than from the daemon's start
  std::chrono::milliseconds timeout{10'000};
};

// The window of a request that names none.
struct DefaultWindow {
  enum class Unit { business_days, business_hours };
  Unit unit = Unit::business_days;
  int count = 1;  // 1 business day = today
};

// The section has one long list, given page by page: it takes the parameters `limit` and `cursor`.
struct Paging {
  std::int64_t limit = 50;  // unless the request says else
  std::int64_t most = 500;
};

enum class Access { everyone, owner_and_admin };

// Before the name of a section that a configuration makes, rather than a plugin's code: no plugin to come takes it.
inline constexpr std::string_view custom_prefix = "custom/";

struct Description {
  std::string name;   // the section: /api/dashboard/<name>, lower case with hyphens; custom_prefix may stand before it
  std::string title;  // for people: "KPI strip"
  std::string help;   // one sentence

  Schedule schedule = {};
  DefaultWindow window = {};
  bool always_now = false;  // window parameters are validated, the answer is for now all the same
  Access access = Access::everyone;
  bool audited = false;  // business data: every answer to a person is logged first

  std::vector<Family> families = {};
  std::vector<Statement> statements = {};    // every statement that collect() may run
  std::vector<std::string> facts_read = {};  // every fact that it may ask for
  std::vector<FactFile> facts = {};          // facts of its own
  std::vector<std::string> depends_on = {};  // entities of the change feed
  std::vector<Param> params = {};
  std::optional<Paging> paging = {};
  std::string json_schema = {};  // JSON Schema of the document
};

}  // namespace crm
