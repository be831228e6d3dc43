#include "metrics/telemetry.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/testing/fake_calendar.h>

namespace crm::metrics {
namespace {

using crm::testing::at;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

const Build build{"1.2.3", "abc123"};

RunOutcome run_of(RunResult result) {
  return {
      .result = result, .duration = 250ms, .ended = at("2026-11-23T12:00:01Z"), .as_of = at("2026-11-23T12:00:00Z")};
}

TEST(Telemetry, SaysFromTheStartWhatItCanSay) {
  const std::string text = Telemetry(build).text();
  EXPECT_THAT(text, HasSubstr("crm_build_info{revision=\"abc123\",version=\"1.2.3\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("crm_postgres_up 0\n"));
  EXPECT_THAT(text, HasSubstr("crm_pool_connections{state=\"busy\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("crm_pool_connections{state=\"idle\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("crm_http_requests_in_flight{listener=\"admin\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("crm_config_last_reload")));
  EXPECT_THAT(text, Not(HasSubstr("crm_collector_")));
}

TEST(Telemetry, RedisIsThereWhileOneIsConfiguredAndWasAsked) {
  Telemetry telemetry(build);
  EXPECT_THAT(telemetry.text(), Not(HasSubstr("crm_redis_up")));
  telemetry.redis_up(true);
  EXPECT_THAT(telemetry.text(), HasSubstr("\ncrm_redis_up 1\n"));
  telemetry.redis_up(false);
  EXPECT_THAT(telemetry.text(), HasSubstr("\ncrm_redis_up 0\n"));
  telemetry.redis_up(std::nullopt);
  telemetry.redis_up(std::nullopt);
  EXPECT_THAT(telemetry.text(), Not(HasSubstr("crm_redis_up")));
}

TEST(Telemetry, ACollectorIsThereBeforeItsFirstRun) {
  Telemetry telemetry(build);
  telemetry.add_collector("kpi");
  const std::string text = telemetry.text();
  EXPECT_THAT(text, HasSubstr("crm_collector_success{collector=\"kpi\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_stuck{collector=\"kpi\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_dropped_series{collector=\"kpi\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_timeouts_total{collector=\"kpi\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_skipped_ticks_total{collector=\"kpi\"} 0\n"));
  for (const std::string result : {"ok", "partial", "failed", "timeout"}) {
    EXPECT_THAT(text, HasSubstr("crm_collector_runs_total{collector=\"kpi\",result=\"" + result + "\"} 0\n"));
  }
  for (const std::string reason : {"null", "malformed"}) {
    EXPECT_THAT(text, HasSubstr("crm_collector_rows_skipped_total{collector=\"kpi\",reason=\"" + reason + "\"} 0\n"));
  }
  EXPECT_THAT(text, Not(HasSubstr("_timestamp_seconds{collector=")));
}

TEST(Telemetry, AGoodRunLeavesItsDurationItsInstantsAndItsLosses) {
  Telemetry telemetry(build);
  telemetry.add_collector("kpi");
  RunOutcome run = run_of(RunResult::ok);
  run.lost_series = 4;
  run.rows_with_null = 2;
  run.rows_malformed = 1;
  telemetry.collector_finished("kpi", run);
  telemetry.collector_finished("kpi", run);
  const std::string text = telemetry.text();
  EXPECT_THAT(text, HasSubstr("crm_collector_success{collector=\"kpi\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_duration_seconds{collector=\"kpi\"} 0.25\n"));
  // 2026-11-23T12:00:00Z is 20,780 days and 43,200 s after 1970: 20,780 × 86,400 + 43,200 = 1,795,435,200
  EXPECT_THAT(text, HasSubstr("crm_collector_as_of_timestamp_seconds{collector=\"kpi\"} 1795435200\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_last_success_timestamp_seconds{collector=\"kpi\"} 1795435201\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_dropped_series{collector=\"kpi\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_runs_total{collector=\"kpi\",result=\"ok\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_rows_skipped_total{collector=\"kpi\",reason=\"null\"} 4\n"));  // 2 × 2
  EXPECT_THAT(text, HasSubstr("crm_collector_rows_skipped_total{collector=\"kpi\",reason=\"malformed\"} 2\n"));
}

TEST(Telemetry, APartialRunIsASuccessThatIsToldApart) {
  Telemetry telemetry(build);
  telemetry.add_collector("kpi");
  telemetry.collector_finished("kpi", run_of(RunResult::partial));
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_collector_success{collector=\"kpi\"} 1\n"));
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_collector_runs_total{collector=\"kpi\",result=\"partial\"} 1\n"));
}

TEST(Telemetry, AFailedRunLeavesTheInstantsOfTheLastGoodOne) {
  Telemetry telemetry(build);
  telemetry.add_collector("kpi");
  telemetry.collector_finished("kpi", run_of(RunResult::ok));
  RunOutcome failed = run_of(RunResult::failed);
  failed.ended = at("2026-11-23T13:00:00Z");
  failed.as_of = {};
  telemetry.collector_finished("kpi", failed);
  const std::string text = telemetry.text();
  EXPECT_THAT(text, HasSubstr("crm_collector_success{collector=\"kpi\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_last_success_timestamp_seconds{collector=\"kpi\"} 1795435201\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_as_of_timestamp_seconds{collector=\"kpi\"} 1795435200\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_timeouts_total{collector=\"kpi\"} 0\n"));
}

TEST(Telemetry, ATimeoutIsAFailureAndIsCountedTwice) {
  Telemetry telemetry(build);
  telemetry.add_collector("kpi");
  telemetry.collector_finished("kpi", run_of(RunResult::timeout));
  const std::string text = telemetry.text();
  EXPECT_THAT(text, HasSubstr("crm_collector_success{collector=\"kpi\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_timeouts_total{collector=\"kpi\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("crm_collector_runs_total{collector=\"kpi\",result=\"timeout\"} 1\n"));
}

TEST(Telemetry, ARemovedCollectorIsGoneWithEverySeriesAndItsLateRunIsIgnored) {
  Telemetry telemetry(build);
  for (const char* name : {"kpi", "whatsapp-performance"}) telemetry.add_collector(name);
  telemetry.collector_finished("kpi", run_of(RunResult::ok));
  telemetry.remove_collector("kpi");
  telemetry.collector_finished("kpi", run_of(RunResult::ok));
  telemetry.collector_stuck("kpi", true);
  telemetry.ticks_skipped("kpi", 1);
  telemetry.remove_collector("kpi");
  EXPECT_THAT(telemetry.text(), Not(HasSubstr("\"kpi\"")));
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_collector_success{collector=\"whatsapp-performance\"} 0\n"));

  telemetry.add_collector("kpi");
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_collector_runs_total{collector=\"kpi\",result=\"ok\"} 0\n"));
}

TEST(Telemetry, ACollectorIsStuckUntilItIsNot) {
  Telemetry telemetry(build);
  telemetry.add_collector("kpi");
  telemetry.collector_stuck("kpi", true);
  telemetry.ticks_skipped("kpi", 1);
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_collector_stuck{collector=\"kpi\"} 1\n"));
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_collector_skipped_ticks_total{collector=\"kpi\"} 1\n"));
  telemetry.collector_stuck("kpi", false);
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_collector_stuck{collector=\"kpi\"} 0\n"));
}

TEST(Telemetry, UnknownWordsAreThoseOfTheLastRunOfEachCollector) {
  Telemetry telemetry(build);
  for (const char* name : {"kpi", "business-impact"}) telemetry.add_collector(name);
  const auto finish = [&](const char* name, std::vector<UnknownWords> unknown) {
    RunOutcome run = run_of(RunResult::ok);
    run.unknown = std::move(unknown);
    telemetry.collector_finished(name, run);
  };
  const std::string priority = "crm_collector_unknown_words{column=\"priority\",view=\"tickets\"} ";
  const std::string status = "crm_collector_unknown_words{column=\"status\",view=\"tickets\"} ";
  finish("kpi", {{"tickets", "priority", 2}, {"tickets", "priority", 1}, {"tickets", "status", 9}});
  finish("business-impact", {{"tickets", "priority", 4}});
  EXPECT_THAT(telemetry.text(), HasSubstr(priority + "7\n"));  // 2 + 1 of kpi, 4 of business-impact
  EXPECT_THAT(telemetry.text(), HasSubstr(status + "9\n"));
  finish("kpi", {});
  EXPECT_THAT(telemetry.text(), HasSubstr(priority + "4\n"));
  EXPECT_THAT(telemetry.text(), HasSubstr(status + "0\n"));
  telemetry.remove_collector("business-impact");
  EXPECT_THAT(telemetry.text(), HasSubstr(priority + "0\n"));
}

TEST(Telemetry, APluginThatPassesDataForNamesCannotFloodTheExposition) {
  Telemetry telemetry(build);
  telemetry.add_collector("kpi");
  for (int i = 0; i < 1'000; ++i) {
    RunOutcome run = run_of(RunResult::ok);
    run.unknown = {{"tickets", "column " + std::to_string(i), 1}};
    telemetry.collector_finished("kpi", run);
  }
  const std::string text = telemetry.text();
  std::size_t series = 0;
  for (auto p = text.find("\ncrm_collector_unknown_words{"); p != std::string::npos;
       p = text.find("\ncrm_collector_unknown_words{", p + 1)) {
    ++series;
  }
  EXPECT_EQ(series, 201U);  // 200 columns and other
}

TEST(Telemetry, QueriesAreTimedAndTheirRowsCounted) {
  Telemetry telemetry(build);
  telemetry.query_finished("kpi/open_tickets", 7ms, 4);
  telemetry.query_finished("kpi/open_tickets", 500us, 3);
  const std::string text = telemetry.text();
  const std::string bucket = "crm_query_duration_seconds_bucket{statement=\"kpi/open_tickets\",le=";
  EXPECT_THAT(text, HasSubstr(bucket + "\"0.001\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(bucket + "\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(bucket + "\"0.01\"} 2\n"));
  EXPECT_THAT(text, HasSubstr(bucket + "\"+Inf\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("crm_query_duration_seconds_sum{statement=\"kpi/open_tickets\"} 0.0075\n"));
  EXPECT_THAT(text, HasSubstr("crm_query_rows_total{statement=\"kpi/open_tickets\"} 7\n"));
}

TEST(Telemetry, TimesRequestsByRouteMethodAndCode) {
  Telemetry telemetry(build);
  telemetry.requests_in_flight(Listener::api, 3);
  telemetry.request_finished("/api/dashboard/{section}", "GET", 200, 2ms);
  const std::string text = telemetry.text();
  EXPECT_THAT(text, HasSubstr("crm_http_requests_in_flight{listener=\"api\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("crm_http_request_duration_seconds_count{code=\"200\",method=\"GET\",route=\"/api/"
                              "dashboard/{section}\"} 1\n"));
}

TEST(Telemetry, AMethodThatHttpDoesNotKnowIsOther) {
  Telemetry telemetry(build);
  telemetry.request_finished("/metrics", "G\"E\nT", 405, 2ms);
  EXPECT_THAT(telemetry.text(), HasSubstr("_count{code=\"405\",method=\"other\",route=\"/metrics\"} 1\n"));
}

TEST(Telemetry, AByteThatIsNotUtf8DoesNotSpoilTheScrape) {
  Telemetry telemetry(build);
  telemetry.query_finished("\xff", 1ms, 1);
  telemetry.query_finished("\xfe", 1ms, 1);
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_query_rows_total{statement=\"invalid\"} 2\n"));
}

TEST(Telemetry, AFailedReloadLeavesTheInstantOfTheConfigurationInForce) {
  Telemetry telemetry(build);
  telemetry.reload_finished(true, at("2026-11-23T12:00:00Z"));
  telemetry.reload_finished(false, at("2026-11-23T13:00:00Z"));
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_config_last_reload_successful 0\n"));
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_config_last_reload_timestamp_seconds 1795435200\n"));
}

TEST(Telemetry, PluginsAreThoseOfTheLastLoading) {
  Telemetry telemetry(build);
  telemetry.plugins_loaded(std::vector<std::string>{"kpi", "custom-sql"});
  telemetry.plugins_loaded(std::vector<std::string>{"kpi"}, std::vector<std::string>{"broken"});
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_plugins_loaded{plugin=\"kpi\"} 1\n"));
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_plugins_loaded{plugin=\"broken\"} 0\n"));
  EXPECT_THAT(telemetry.text(), Not(HasSubstr("custom-sql")));
}

TEST(Telemetry, CountsEveryEventOfManyThreadsWhileItIsScrapedAndReloaded) {
  Telemetry telemetry(build);
  constexpr int threads = 4;
  constexpr int events = 500;
  {
    std::vector<std::jthread> busy;
    for (int t = 0; t < threads; ++t) {
      busy.emplace_back([&] {
        for (int i = 0; i < events; ++i) {
          telemetry.query_finished("kpi/open_tickets", 1ms, 1);
          telemetry.add_collector("kpi");
          telemetry.collector_finished("kpi", run_of(RunResult::ok));
          telemetry.remove_collector("kpi");
          telemetry.request_finished("/", "GET", 200, 1ms);
        }
      });
    }
    for (int i = 0; i < 20; ++i) EXPECT_THAT(telemetry.text(), HasSubstr("crm_build_info"));
  }
  EXPECT_THAT(telemetry.text(), HasSubstr("crm_query_rows_total{statement=\"kpi/open_tickets\"} 2000\n"));  // 4 × 500
  EXPECT_THAT(telemetry.text(), HasSubstr("route=\"/\"} 2000\n"));
}

}  // namespace
}  // namespace crm::metrics
