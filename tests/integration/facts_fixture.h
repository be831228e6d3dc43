#pragma once
// Facts over raw rows, asked on a real PostgreSQL. All times are UTC on 10 March 2026 unless they say else; the server
// itself runs in Asia/Tokyo, so that nothing may lean on its zone.

#include <string>

#include <gtest/gtest.h>

#include "crm_fixture.h"
#include "rollup/fact_query.h"
#include "rollup/fact_registry.h"
#include "source/snapshot.h"

namespace crm::testing {

inline Instant on_the_day(const std::string& time) {
  return parse_instant("2026-03-10T" + time + "Z").value();
}
inline Window between(const std::string& from, const std::string& to) {
  return {on_the_day(from), on_the_day(to)};
}
class FactsTest : public OnEveryCrm {
 protected:
  FactTable ask(const FactQuery& query, const Scope& scope = Scope::everyone(), const std::string& as_of = "23:00:00") {
    source::PostgresOptions options;
    options.url = daemon_url(url_);
    source::Postgres postgres(options, settings_);
    const auto snapshot =
        postgres.open({scope, std::chrono::steady_clock::now() + std::chrono::seconds(30), {}, on_the_day(as_of)});
    const auto& fact = registry_.get(query.fact);
    return rollup::to_table(
        fact, query, snapshot->run(query.fact, rollup::aggregate_sql(fact, query), rollup::bind_query(query), false));
  }

  FactTable day(const std::string& fact, const Scope& scope = Scope::everyone()) {
    return ask({fact, between("00:00:00", "23:00:00")}, scope);
  }

  Settings settings_;
  rollup::FactRegistry registry_;
};

}  // namespace crm::testing
