#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/testing/request.h>

namespace crm::testing {
namespace {

const Instant noon = at("2026-11-23T12:00:00Z");

TEST(RequestBuilder, TheOwnerAsksAboutTodayUnlessToldOtherwise) {
  const RequestBuilder asked(noon);
  const Request request = asked.request();
  EXPECT_EQ(request.window, (Window{at("2026-11-23T00:00:00Z"), noon}));
  EXPECT_EQ(request.previous, (Window{at("2026-11-22T00:00:00Z"), at("2026-11-22T12:00:00Z")}));
  EXPECT_EQ(request.as_of, noon);
  EXPECT_EQ(request.scope, Scope::everyone());
  EXPECT_EQ(&request.calendar, &utc_calendar());
  EXPECT_GT(request.deadline, Deadline::clock::now());
  EXPECT_FALSE(request.stop.stop_requested());
  EXPECT_THROW(request.params.text("limit"), UsageError);
}

TEST(RequestBuilder, TakesScopeWindowAndParameters) {
  RequestBuilder asked(noon);
  asked.scope({Role::agent, "a1"}).last_days(7).param("limit", "10").param("limit", "20").param("cursor", "x");
  const Request request = asked.request();
  EXPECT_EQ(request.scope, (Scope{Role::agent, "a1"}));
  EXPECT_EQ(request.window.from, at("2026-11-17T00:00:00Z"));
  EXPECT_EQ(request.params.integer("limit"), 20);
  EXPECT_EQ(request.params.text("cursor"), "x");
}

TEST(RequestBuilder, TakesHoursAnyPeriodADeadlineAndAStop) {
  RequestBuilder asked(noon);
  EXPECT_EQ(asked.last_hours(24).request().window.from, at("2026-11-22T13:00:00Z"));
  const Period period{{at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z")},
                      {at("2025-12-31T00:00:00Z"), at("2026-01-01T00:00:00Z")}};
  EXPECT_EQ(asked.period(period).request().previous, period.previous);

  std::stop_source stop;
  asked.deadline(Deadline{}).stop(stop.get_token());
  stop.request_stop();
  EXPECT_EQ(asked.request().deadline, Deadline{});
  EXPECT_TRUE(asked.request().stop.stop_requested());
}

}  // namespace
}  // namespace crm::testing
