#pragma once
// The real kpi collector over a real database, asked as a scope, at an instant, in a zone.

#include "calendar/zone.h"
#include "section_house.h"

namespace crm::testing {

using KpiAnswer = SectionAnswer;

// One CRM, and the daemon's way to its kpi.
class KpiHouse {
 public:
  explicit KpiHouse(const std::string& url, const Settings& settings = {}) : house_(url, settings) {}

  KpiAnswer ask(Instant as_of, const Scope& scope, const Calendar& calendar) {
    return house_.ask_with_samples({as_of, calendar.last_days(as_of, 1), scope, {}, &calendar});
  }

  // Counts the days around `as_of` into storage; the answers after it are sums of stored periods where those serve.
  void store(Instant as_of, const calendar::Zone& zone) { house_.store(as_of, zone, std::chrono::days(5)); }
  std::size_t periods_read() const { return house_.periods_read(); }

 private:
  SectionHouse house_;
};

}  // namespace crm::testing
