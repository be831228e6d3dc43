// The kpi collector: asks for what report.h holds.

#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>

#include "description.h"
#include "report.h"
#include "sql.h"

namespace kpi {
namespace {

MessageFates message_fates(const crm::FactTable& table) {
  return {table.sum("inbound"),   table.sum("outbound"), table.sum("sent"),
          table.sum("delivered"), table.sum("read"),     table.sum("failed")};
}

crm::Mean response_mean(const crm::FactTable& table) {
  return {table.sum("response_ms"), table.sum("answered")};
}

class KpiCollector final : public crm::Collector {
 public:
  explicit KpiCollector(crm::Settings settings) : description_(kpi::description()), settings_(std::move(settings)) {}

  const crm::Description& describe() const noexcept override { return description_; }

  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    Kpi kpi;
    count_open_conversations(request, sources, kpi);
    count_open_tickets(request, sources, kpi);
    sum_response_times(request, sources, kpi);
    count_messages(request, sources, kpi);
    return {.document = crm::share(to_json(kpi, settings_)), .samples = to_samples(kpi)};
  }

 private:
  // "Before" is this time of day yesterday: where the previous period of today ends.
  static crm::Args before(const crm::Request& request) { return {{"before", request.previous.to}}; }

  static void count_open_conversations(const crm::Request& request, crm::Sources& sources, Kpi& kpi) {
    const auto open = [&](crm::Instant at) {
      return sources.facts({"open_conversations", {crm::Instant{}, at + crm::Instant::duration(1)}});
    };
    const crm::FactTable now = open(request.as_of);
    kpi.has_conversations = !now.absent();
    if (now.absent()) return;
    // Those that were open then are open still, or were resolved since.
    kpi.active_conversations = {now.sum("open"), open(request.previous.to).sum("open")};
    sources.query(sql::resolved_since, before(request)).each([&](const crm::Row& row) {
      kpi.active_conversations.now += row.integer("now");
      kpi.active_conversations.before += row.integer("before");
    });
  }

  static void count_open_tickets(const crm::Request& request, crm::Sources& sources, Kpi& kpi) {
    const crm::Rows rows = sources.query(sql::open_tickets, before(request));
    kpi.has_tickets = !rows.absent();
    TicketsByPriority& tickets = kpi.tickets_by_priority;
    rows.each([&](const crm::Row& row) {
      const auto priority = row.text("priority");
      const auto now = row.integer("now");
      kpi.open_tickets.before += row.integer("before");
      if (priority.empty()) sources.unknown_word("tickets", "priority", now);
      (priority == "low"      ? tickets.low
       : priority == "high"   ? tickets.high
       : priority == "urgent" ? tickets.urgent
                              : tickets.medium) += now;
    });
    kpi.open_tickets.now = tickets.total();
  }

  static void sum_response_times(const crm::Request& request, crm::Sources& sources, Kpi& kpi) {
    const crm::FactTable today = sources.facts({.fact = "turns", .window = request.window, .histograms = false});
    kpi.has_turns = !today.absent();
    if (today.absent()) return;
    kpi.response_time = {
        response_mean(today),
        response_mean(sources.facts({.fact = "turns", .window = request.previous, .histograms = false}))};
  }

  static void count_messages(const crm::Request& request, crm::Sources& sources, Kpi& kpi) {
    const crm::FactTable today = sources.facts({"messages", request.window});
    kpi.has_messages = !today.absent();
    if (today.absent()) return;
    kpi.messages = {message_fates(today), message_fates(sources.facts({"messages", request.previous}))};
  }

  const crm::Description description_;
  const crm::Settings settings_;
};

crm::Collectors make(const crm::Config& config) {
  crm::Collectors collectors;
  collectors.push_back(std::make_unique<KpiCollector>(config.settings()));
  return collectors;
}

}  // namespace
}  // namespace kpi

CRM_COLLECTOR_PLUGIN("kpi", kpi::make)
