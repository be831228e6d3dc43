// Returns what no collector may.
//
// Options: garbage (text, nothing): nothing | array | nan | utf8 | key | discarded | deep | family | labels |
// nan_sample

#include <limits>
#include <map>

#include "tiny.h"

namespace {

using crm::Json;
using crm::Report;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Json nested(int levels) {
  Json json = Json::object();
  for (int level = 0; level < levels; ++level) {
    Json outer = Json::object();
    outer["in"] = std::move(json);
    json = std::move(outer);
  }
  return json;
}

Report with_sample(crm::Sample sample) {
  return tiny::report({{"fine", true}}, {std::move(sample)});
}

const std::map<std::string, std::function<Report()>> kinds = {
    {"nothing", [] { return Report{}; }},
    {"array",
     [] {
       return tiny::report(Json::array({1, 2}));
     }},
    {"nan",
     [] {
       return tiny::report({{"rate", {{"value", nan}}}});
     }},
    {"utf8",
     [] {
       return tiny::report({{"name", "\xff"}});
     }},
    {"key",
     [] {
       return tiny::report({{"\xff", nan}});
     }},
    {"discarded",
     [] {
       return tiny::report({{"answer", Json(Json::value_t::discarded)}});
     }},
    {"deep", [] { return tiny::report(nested(1'000'000)); }},
    {"family", [] { return with_sample({.family = "crm_test_nobody_declared"}); }},
    {"labels",
     [] {
       return with_sample({.family = "crm_test_garbage", .labels = {"one", "two"}});
     }},
    {"nan_sample", [] { return with_sample({.family = "crm_test_garbage", .labels = {"one"}, .value = nan}); }},
};

crm::Collectors make(const crm::Config& options) {
  const auto kind = kinds.find(options.text("garbage", "nothing"));
  if (kind == kinds.end()) throw crm::ConfigError("garbage", "is no garbage that this plugin knows");
  crm::Description description = tiny::description("garbage");
  description.families = {{.name = "crm_test_garbage", .help = "Garbage.", .labels = {"kind"}}};
  return tiny::one(std::move(description),
                   [make = kind->second](const crm::Request&, crm::Sources&) { return make(); });
}

}  // namespace

CRM_COLLECTOR_PLUGIN("garbage", make)
