// The calendar against another reader of the same tzdata, glibc's localtime_r, minute by minute around every change of
// the clock from 1973 to 2036.

#include <cstdlib>
#include <ctime>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "instants.h"

namespace crm::calendar::test {
namespace {

using std::chrono::minutes;
using std::chrono::sys_days;

class LibcClock : public ::testing::TestWithParam<std::string> {
 protected:
  std::shared_ptr<const Zone> zone = Zone::load(GetParam());

  void SetUp() override {
    setenv("TZ", GetParam().c_str(), 1);
    tzset();
  }
  void TearDown() override {
    unsetenv("TZ");
    tzset();
  }

  static std::tm clock(Instant t) {
    const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
    std::tm result{};
    localtime_r(&seconds, &result);
    return result;
  }
  static long date(const std::tm& tm) { return (tm.tm_year + 1900L) * 10'000 + (tm.tm_mon + 1L) * 100 + tm.tm_mday; }

  static std::string iso(const std::tm& tm) {
    const long offset = std::abs(tm.tm_gmtoff) / 60;
    return fmt::format("{}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                       tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_gmtoff < 0 ? '-' : '+', offset / 60, offset % 60);
  }

  // Three days around each UTC day in which the offset changed.
  static std::vector<Window> changes() {
    std::vector<Window> found;
    for (sys_days day{std::chrono::year{1973} / 1 / 1}; day < std::chrono::year{2037} / 1 / 1;
         day += std::chrono::days{1}) {
      const Instant next = day + std::chrono::days{1};
      if (clock(day).tm_gmtoff == clock(next).tm_gmtoff) continue;
      found.push_back({Instant{day} - std::chrono::days{1}, next + std::chrono::days{1}});
    }
    return found;
  }
};

TEST_P(LibcClock, ShowsTheSameHoursDaysAndTexts) {
  const auto changes = this->changes();
  for (const Window& window : changes) {
    std::vector<Instant> hours;
    std::vector<Instant> days;
    std::tm before = clock(window.from - minutes{1});
    long latest = date(before);
    for (Instant t = window.from; t < window.to; t += minutes{1}) {
      const std::tm now = clock(t);
      if (now.tm_min == 0 || now.tm_gmtoff != before.tm_gmtoff) hours.push_back(t);
      if (date(now) > latest) days.push_back(t);
      latest = std::max(latest, date(now));
      before = now;
      if (now.tm_min % 10 == 1) {
        ASSERT_EQ(zone->iso(t), iso(now));
        ASSERT_EQ(zone->hour_of_week(t), (HourOfWeek{now.tm_wday, now.tm_hour}));
      }
    }
    const auto inside = [&](std::vector<Instant> starts) {
      if (starts.front() < window.from) starts.erase(starts.begin());
      return starts;
    };
    ASSERT_EQ(inside(zone->hours(window)), hours) << "around " << to_iso(window.from);
    ASSERT_EQ(inside(zone->days(window)), days) << "around " << to_iso(window.from);
  }
  RecordProperty("changes", static_cast<int>(changes.size()));
  const bool never_changes = GetParam() == "UTC" || GetParam() == "Asia/Kolkata";
  EXPECT_EQ(changes.empty(), never_changes);
}

INSTANTIATE_TEST_SUITE_P(Zones, LibcClock, ::testing::ValuesIn(hard_zones()), [](const auto& zone) {
  std::string name = zone.param;
  for (char& c : name) {
    if (c == '/') c = '_';
  }
  return name;
});

}  // namespace
}  // namespace crm::calendar::test
