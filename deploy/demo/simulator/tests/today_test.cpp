#include "today.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "world.h"

namespace crm::simulator {
namespace {

// So that only scenes and campaign are left to show something at night.
World world_at(const char* now) {
  History history = small();
  history.messages = 2'000;
  history.now = parse_instant(now).value();
  return generate(history);
}

struct Course {
  std::string asked = "~";  // after every instant
  std::string answered = "~";
  std::string bot = "~";
};

// Of messages at or after `midnight`, by conversation.
std::map<std::string, Course> courses(const World& world, const std::string& midnight) {
  std::map<std::string, Course> courses;
  for (const Columns& m : world.rows(Table::messages)) {
    if (m[created] < midnight || m[conversation] == "\\N" || m[campaign] != "\\N") continue;
    Course& course = courses[m[conversation]];
    std::string& first = m[direction] == "inbound" ? course.asked
                         : m[sender_type] == "bot" ? course.bot
                                                   : course.answered;
    if (m[sender_type] != "system") first = std::min(first, m[created]);
  }
  return courses;
}

std::int64_t seconds_between(const std::string& from, const std::string& to) {
  const auto instant = [](std::string text) {
    text[10] = 'T';
    return parse_instant(text + "Z").value();
  };
  return std::chrono::floor<std::chrono::seconds>(instant(to) - instant(from)).count();
}

std::string outcome(const Course& course, bool escalated) {
  if (course.asked == "~") return "silent";
  if (course.answered != "~")
    return escalated ? "handed over" : seconds_between(course.asked, course.answered) < 300 ? "in time" : "late";
  if (course.bot == "~") return "unanswered";
  if (escalated) return "handed over, unanswered";
  return seconds_between(course.asked, course.bot) < 300 ? "with the bot" : "with a late bot";
}

constexpr const char* hours_of_the_day[]{"2026-11-22T23:20:00Z", "2026-11-23T02:00:00Z", "2026-11-23T11:30:00Z",
                                         "2026-11-23T22:59:59Z"};  // 0:20, 3:00, 12:30 and 23:59:59 in Berlin
const std::string midnight = "2026-11-22 23:00:00.000000";

TEST(Today, ShowsEveryOutcomeAtAnyHour) {
  for (const char* now : hours_of_the_day) {
    const World world = world_at(now);
    const auto told = courses(world, midnight);
    std::map<std::string, int> seen;
    for (const Columns& c : world.rows(Table::conversations)) {
      if (!told.contains(c[0])) continue;
      const std::string what = outcome(told.at(c[0]), c[5] != "\\N");
      ++seen[what];
      if (c[6] != "\\N") ++seen[what + ", resolved"];
      if (c[2] == "\\N") ++seen["nobody's"];
    }
    for (const char* kind :
         {"in time", "late", "unanswered", "unanswered, resolved", "silent", "with the bot", "with the bot, resolved",
          "with a late bot, resolved", "handed over", "handed over, unanswered", "nobody's"}) {
      EXPECT_GT(seen[kind], 0) << kind << " at " << now;
    }
  }
}

TEST(Today, ShowsEveryReasonOfFailureAtAnyHour) {
  for (const char* now : hours_of_the_day) {
    std::set<std::string> seen;
    for (const Columns& m : world_at(now).rows(Table::messages)) {
      if (m[created] >= midnight && m[status] == "failed") seen.insert(m[reason].substr(0, 8));
    }
    for (const std::string_view wanted : failure_reasons()) {
      EXPECT_TRUE(seen.contains(std::string(wanted.substr(0, 8)))) << wanted << " at " << now;
    }
  }
}

TEST(Today, HasACampaignThatLeftSomeContactsOutAtAnyHour) {
  for (const char* now : hours_of_the_day) {
    const World world = world_at(now);
    std::set<std::string> of_today;
    for (const Columns& m : world.rows(Table::messages)) {
      if (m[created] >= midnight && m[campaign] != "\\N") of_today.insert(m[campaign]);
    }
    ASSERT_EQ(of_today.size(), 1U) << now;
    int with_message = 0;
    int without = 0;
    for (const Columns& recipient : world.rows(Table::campaign_recipients)) {
      if (of_today.contains(recipient[0])) ++(recipient[2] == "\\N" ? without : with_message);
    }
    EXPECT_GT(with_message, 10) << now;
    EXPECT_GT(without, 0) << now;
  }
}

TEST(Today, OpensAScenePastMidnightAndEarlyEnoughForItsLength) {
  Random random(1);
  const Instant now = parse_instant("2026-11-23T00:30:00Z").value();
  const Instant day = parse_instant("2026-11-23T00:00:00Z").value();
  for (const TodaysScene& scene : scenes_of_today()) {
    const Instant opened = opening_of(random, scene, day, now);
    EXPECT_GE(opened, day);
    EXPECT_LE(opened + scene.length, now);
  }
}

}  // namespace
}  // namespace crm::simulator
