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

 private:
  SectionHouse house_;
};

}  // namespace crm::testing
