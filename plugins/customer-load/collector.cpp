// The customer-load collector: asks for what report.h holds.

#include <algorithm>
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

// Conversations created in each business hour of a window; hours without one are absent.
struct ByHour {
  Window window;
  std::map<crm::Instant, std::int64_t> created;
  bool absent = false;

  std::int64_t at(crm::Instant start) const {
    const auto found = created.find(start);
    return found == created.end() ? 0 : found->second;
  }
  bool covers(const Window& other) const { return window.from <= other.from && other.to <= window.to; }
};

class CustomerLoadCollector final : public crm::Collector {
 public:
  explicit CustomerLoadCollector(crm::Settings::Load load)
      : description_(customer_load::description()), load_(std::move(load)) {}

  const crm::Description& describe() const noexcept override { return description_; }

  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    CustomerLoad report;
    const ByHour of_company = count_by_hour(request, sources, report);
    count_customers(request, sources, report);
    sum_waits(request, peak_hours(request, sources, of_company), sources, report);
    crm::Report answer{.document = crm::share(to_json(report, request.calendar))};
    if (request.wants_samples) answer.samples = to_samples(report, sources.counters("customers"));
    return answer;
  }

 private:
  static ByHour created_by_hour(const crm::Request& request, crm::Sources& sources, const Window& window,
                                bool whole_company) {
    const FactTable table = sources.facts({.fact = "conversations",
                                           .window = window,
                                           .by = {Axis::bucket},
                                           .buckets = request.calendar.hours(window),
                                           .histograms = false,
                                           .whole_company = whole_company});
    ByHour hours{.window = window, .created = {}, .absent = table.absent()};
    for (const crm::FactRow& row : table.rows()) hours.created[*row.bucket] += table.value(row, "created");
    return hours;
  }

  // A field's own window, where the request names none.
  static Window own_window(const crm::Request& request, const crm::Period& own) {
    return request.default_window ? own.window : request.window;
  }

  // The whole days before today, by whose volumes the peak hours are found.
  static Window days_of_peak_hours(const crm::Request& request) {
    const crm::Instant today = request.calendar.start_of_day(request.as_of);
    return {request.calendar.shift_days(today, -days_of_peaks), today};
  }

  // With the days before it that the peak hours need, if they meet and no hour would be added to that is the window's
  // in part only.
  static Window with_peaks(const Window& window, crm::Instant first_hour, const crm::Request& request) {
    const Window peaks = days_of_peak_hours(request);
    const bool meet = window.from <= peaks.to && peaks.to <= window.to && first_hour == window.from;
    return {meet ? std::min(window.from, peaks.from) : window.from, window.to};
  }

  // What it has read of the company: nothing, where the request is scoped. Who sees everyone has the peak hours' days
  // read with the window, where they meet.
  ByHour count_by_hour(const crm::Request& request, crm::Sources& sources, CustomerLoad& report) const {
    const Window hours = own_window(request, request.calendar.last_hours(request.as_of, hours_shown));
    const Window weeks = own_window(request, request.calendar.last_days(request.as_of, days_of_heatmap));
    const bool everyone = request.scope.sees_everyone();
    const crm::Instant first = request.calendar.hours(weeks).front();
    const ByHour created = created_by_hour(
        request, sources, everyone && load_.auto_peak_hours ? with_peaks(weeks, first, request) : weeks, false);
    report.has_conversations = !created.absent;
    for (const auto& [start, count] : created.created) {
      if (start < first) continue;
      const auto [day, hour] = request.calendar.hour_of_week(start);
      report.heatmap.at(static_cast<std::size_t>(day)).at(static_cast<std::size_t>(hour)) += count;
    }
    // Of the last hours the current one is shown in its first instant, too.
    const crm::Duration more = request.default_window ? crm::Duration(1) : crm::Duration(0);
    for (const crm::Instant start : request.calendar.hours({hours.from, hours.to + more}))
      report.chats_per_hour.push_back({start, created.at(start)});
    return everyone ? created : ByHour{};
  }

  static void count_customers(const crm::Request& request, crm::Sources& sources, CustomerLoad& report) {
    report.new_customers = sources.facts({"customers", request.window}).sum("first_ever");
    if (request.scope.sees_everyone()) {
      report.customers = crm::contacts_of_everyone(sources, sql::contacts_at_edge, request.window);
      return;
    }
    if (const auto kept = sources.contacts(request.window)) {
      report.customers = kept->contacts;
      return;
    }
    sources.query(sql::contacts).each([&](const crm::Row& row) { report.customers = row.integer("contacts"); });
  }

  // Peaks are the company's, whoever asks.
  PeakHours peak_hours(const crm::Request& request, crm::Sources& sources, const ByHour& of_company) const {
    if (!load_.auto_peak_hours) return configured(load_);
    const Window days = days_of_peak_hours(request);
    const ByHour created = of_company.covers(days) ? of_company : created_by_hour(request, sources, days, true);
    std::array<std::int64_t, hours_of_day> volumes{};
    for (const auto& [start, count] : created.created) {
      if (start < days.from || start >= days.to) continue;
      volumes.at(static_cast<std::size_t>(request.calendar.hour_of_week(start).hour)) += count;
    }
    return busiest(volumes);
  }

  // By the hour in which the conversation began.
  static void sum_waits(const crm::Request& request, const PeakHours& peaks, crm::Sources& sources,
                        CustomerLoad& report) {
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
