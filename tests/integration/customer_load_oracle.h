#pragma once
// The definitions of customer-load once more, in plain C++ over plain rows.

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <crm/sdk/numbers.h>

#include "random_talks.h"
#include "section_house.h"

namespace crm::testing {

class RandomLoad {
 public:
  RandomLoad(Crm crm, unsigned seed, Instant now) : team_(crm), dice_(seed), now_(now), talks_(dice_, now, 300, 60) {}

  std::string sql() const { return Team::sql() + talks_.sql(); }
  std::vector<Scope> scopes() const { return team_.scopes(); }
  std::vector<Period> periods(int count) { return random_periods(dice_, now_, count); }

  Json expected(const SectionQuestion& question) const {
    const Calendar& calendar = *question.calendar;
    const Window& window = question.period.window;
    const bool own = question.default_window;
    const Json hours = per_hour(question, own ? calendar.last_hours(now_, 24).window : window);
    return {{"incomingChatsPerHour", hours},
            {"peakHour", peak(hours)},
            {"newVsReturning", customers(question)},
            {"avgWaitTime", waits(question)},
            {"heatmap", heatmap(question, own ? calendar.last_days(now_, 28).window : window)}};
  }

 private:
  bool counts(const SectionQuestion& question, const Window& window, const Talk& talk) const {
    return window.contains(talk.created) && team_.sees(question.scope, talk.agent);
  }

  Json per_hour(const SectionQuestion& question, const Window& window) const {
    Json list = Json::array();
    const std::vector<Instant> starts = question.calendar->hours(window);
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const Instant end = i + 1 < starts.size() ? starts[i + 1] : window.to;
      std::int64_t count = 0;
      for (const Talk& talk : talks_.all()) {
        count += starts[i] <= talk.created && talk.created < end && counts(question, window, talk);
      }
      list.push_back({{"hour", question.calendar->iso(starts[i])}, {"count", count}});
    }
    return list;
  }

  static Json peak(const Json& hours) {
    Json most = hours.front();
    for (const Json& hour : hours) {
      if (hour.at("count").get<std::int64_t>() > most.at("count").get<std::int64_t>()) most = hour;
    }
    return most;
  }

  // Their first ever is new, whoever spoke with them then.
  Json customers(const SectionQuestion& question) const {
    std::set<std::string> came;
    std::set<std::string> for_the_first_time;
    for (const Talk& talk : talks_.all()) {
      if (talk.contact.empty() || !counts(question, question.period.window, talk)) continue;
      came.insert(talk.contact);
      const bool first = std::none_of(talks_.all().begin(), talks_.all().end(), [&](const Talk& other) {
        return other.contact == talk.contact && other.created < talk.created;
      });
      if (first) for_the_first_time.insert(talk.contact);
    }
    return {{"new", for_the_first_time.size()}, {"returning", came.size() - for_the_first_time.size()}};
  }

  // The company's volumes of the 28 whole days before today. Between the 18th and the 19th of the 24 in ascending order
  // lies the 75th percentile, a quarter of the way: 4 × threshold = 3 × the 18th + the 19th.
  std::set<int> peak_hours(const Calendar& calendar) const {
    const Instant today = calendar.start_of_day(now_);
    const Window weeks{calendar.shift_days(today, -28), today};
    std::array<std::int64_t, 24> volumes{};
    for (const Talk& talk : talks_.all()) {
      if (weeks.contains(talk.created)) ++volumes.at(hour_of_day(calendar, talk.created));
    }
    std::array<std::int64_t, 24> sorted = volumes;
    std::sort(sorted.begin(), sorted.end());
    std::set<int> peaks;
    for (int h = 0; h < 24; ++h) {
      const std::int64_t volume = volumes.at(static_cast<std::size_t>(h));
      if (volume > 0 && 4 * volume >= 3 * sorted[17] + sorted[18]) peaks.insert(h);
    }
    return peaks;
  }
  static std::size_t hour_of_day(const Calendar& calendar, Instant t) {
    return static_cast<std::size_t>(calendar.hour_of_week(t).hour);
  }

  Json waits(const SectionQuestion& question) const {
    const std::set<int> peaks = peak_hours(*question.calendar);
    Mean in_peaks;
    Mean in_others;
    for (const Talk& talk : talks_.all()) {
      const auto wait = talk.first_response(now_);
      if (!wait || !counts(question, question.period.window, talk)) continue;
      Mean& mean = peaks.contains(question.calendar->hour_of_week(talk.created).hour) ? in_peaks : in_others;
      mean.sum_ms += milliseconds(*wait);
      ++mean.count;
    }
    return {{"peak", whole_seconds(in_peaks)}, {"offPeak", whole_seconds(in_others)}};
  }

  Json heatmap(const SectionQuestion& question, const Window& window) const {
    std::map<std::pair<int, int>, std::int64_t> created;
    for (const Talk& talk : talks_.all()) {
      if (!counts(question, window, talk)) continue;
      const HourOfWeek cell = question.calendar->hour_of_week(talk.created);
      ++created[{cell.day_of_week, cell.hour}];
    }
    Json cells = Json::array();
    for (int day = 0; day < 7; ++day) {
      for (int hour = 0; hour < 24; ++hour) {
        cells.push_back({{"dayOfWeek", day}, {"hour", hour}, {"count", created[{day, hour}]}});
      }
    }
    return cells;
  }

  Team team_;
  Dice dice_;
  Instant now_;
  RandomTalks talks_;
};

}  // namespace crm::testing
