// The customer-load collector: asks for what report.h holds.

#include <map>

#include <nlohmann/json.hpp>

#include <crm/sdk/contacts.h>
#include <crm/sdk/plugin.h>

#include "description.h"
#include "report.h"
#include "samples.h"
#include "sql.h"

namespace customer_load {
namespace {

using crm::Axis;
using crm::FactTable;
using crm::Window;

constexpr int hours_shown = 24;
constexpr int days_of_heatmap = 28;
constexpr int days_of_peaks = 28;

using ByHour = std::map<crm::Instant, std::int64_t>;

class CustomerLoadCollector final : public crm::Collector {
 public:
  explicit CustomerLoadCollector(crm::Settings::Load load)
      : description_(customer_load::description()), load_(std::move(load)) {}

  const crm::Description& describe() const noexcept override { return description_; }

  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    CustomerLoad report;
    count_by_hour(request, sources, report);
    count_customers(request, sources, report);
    sum_waits(request, sources, report);
    crm::Report answer{.document = crm::share(to_json(report, request.calendar))};
    if (request.wants_samples) answer.samples = to_samples(report, sources.counters("customers"));
    return answer;
  }

 private:
  // Conversations created in each business hour; hours without one are absent.
  static FactTable created_by_hour(const crm::Request& request, crm::Sources& sources, const Window& window,
                                   bool whole_company) {
    return sources.facts({.fact = "conversations",
                          .window = window,
                          .by = {Axis::bucket},
                          .buckets = request.calendar.hours(window),
                          .histograms = false,
                          .whole_company = whole_company});
  }

  // A field's own window, where the request names none.
  static Window own_window(const crm::Request& request, const crm::Period& own) {
    return request.default_window ? own.window : request.window;
  }

  static void count_by_hour(const crm::Request& request, crm::Sources& sources, CustomerLoad& report) {
    const Window hours = own_window(request, request.calendar.last_hours(request.as_of, hours_shown));
    const Window weeks = own_window(request, request.calendar.last_days(request.as_of, days_of_heatmap));
    const FactTable created = created_by_hour(request, sources, weeks, false);  // the hours are among theirs
    report.has_conversations = !created.absent();
    ByHour by_hour;
    for (const crm::FactRow& row : created.rows()) {
      const auto [day, hour] = request.calendar.hour_of_week(*row.bucket);
      const std::int64_t count = created.value(row, "created");
      by_hour[*row.bucket] += count;
      report.heatmap.at(static_cast<std::size_t>(day)).at(static_cast<std::size_t>(hour)) += count;
    }
    // Of the last hours the current one is shown in its first instant, too.
    const crm::Duration more = request.default_window ? crm::Duration(1) : crm::Duration(0);
    for (const crm::Instant start : request.calendar.hours({hours.from, hours.to + more})) {
      const auto found = by_hour.find(start);
      report.chats_per_hour.push_back({start, found == by_hour.end() ? 0 : found->second});
    }
  }

  static void count_customers(const crm::Request& request, crm::Sources& sources, CustomerLoad& report) {
    report.new_customers = sources.facts({"customers", request.window}).sum("first_ever");
    if (request.scope.sees_everyone()) {
      report.customers = crm::contacts_of_everyone(sources, sql::contacts_at_edge, request.window);
      return;
    }
    sources.query(sql::contacts).each([&](const crm::Row& row) { report.customers = row.integer("contacts"); });
  }

  // Peaks are the company's, whoever asks: of the whole days before today.
  PeakHours peak_hours(const crm::Request& request, crm::Sources& sources) const {
    if (!load_.auto_peak_hours) return configured(load_);
    const crm::Instant today = request.calendar.start_of_day(request.as_of);
    const Window weeks{request.calendar.shift_days(today, -days_of_peaks), today};
    std::array<std::int64_t, hours_of_day> volumes{};
    const FactTable created = created_by_hour(request, sources, weeks, true);
    for (const crm::FactRow& row : created.rows()) {
      const int hour = request.calendar.hour_of_week(*row.bucket).hour;
      volumes.at(static_cast<std::size_t>(hour)) += created.value(row, "created");
    }
    return busiest(volumes);
  }

  // By the hour in which the conversation began.
  void sum_waits(const crm::Request& request, crm::Sources& sources, CustomerLoad& report) const {
    const PeakHours peaks = peak_hours(request, sources);
    const FactTable waits = sources.facts({.fact = "sla",
                                           .window = request.window,
                                           .by = {Axis::bucket},
                                           .buckets = request.calendar.hours(request.window)});
    for (const crm::FactRow& row : waits.rows()) {
      const int hour = request.calendar.hour_of_week(*row.bucket).hour;
      crm::Mean& mean = peaks[static_cast<std::size_t>(hour)] ? report.wait_in_peak_hours : report.wait_in_other_hours;
      mean.sum_ms += waits.value(row, "response_ms");
      mean.count += waits.value(row, "answered");
    }
  }

  const crm::Description description_;
  const crm::Settings::Load load_;
};

crm::Collectors make(const crm::Config& config) {
  crm::Collectors collectors;
  collectors.push_back(std::make_unique<CustomerLoadCollector>(config.settings().load));
  return collectors;
}

}  // namespace
}  // namespace customer_load

CRM_COLLECTOR_PLUGIN("customer-load", customer_load::make)
