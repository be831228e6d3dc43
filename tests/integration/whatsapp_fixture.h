#pragma once
// The real whatsapp-performance collector over a real database, asked as a scope, at an instant, for a window, page by
// page.

#include "calendar/zone.h"
#include "section_house.h"

namespace crm::testing {

using WhatsAppAnswer = SectionAnswer;

struct WhatsAppQuestion {
  Instant as_of;
  Scope scope = Scope::everyone();
  const Calendar& calendar;
  Period period;
  Page page = {50};
  rollup::LiveCounters* counters = nullptr;  // the scheduler's runs have them
};

// One CRM, and the daemon's way to its whatsapp-performance.
class WhatsAppHouse {
 public:
  explicit WhatsAppHouse(const std::string& url, const Settings& settings = {}) : house_(url, settings) {}

  WhatsAppAnswer ask(const WhatsAppQuestion& asked) {
    const SectionQuestion question{asked.as_of, asked.period, asked.scope, asked.page, &asked.calendar};
    return asked.counters != nullptr ? house_.sample(question, *asked.counters) : house_.ask(question);
  }

  // Counts all there is into storage; the answers after it are sums of stored periods where those serve.
  void store(Instant as_of, const calendar::Zone& zone) { house_.store(as_of, zone); }
  void have_infrastructure() { house_.have_infrastructure(); }
  std::size_t periods_read() const { return house_.periods_read(); }

 private:
  SectionHouse house_;
};

}  // namespace crm::testing
