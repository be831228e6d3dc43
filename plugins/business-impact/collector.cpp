// The business-impact collector: asks for what report.h and samples.h hold.

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include <crm/sdk/contacts.h>
#include <crm/sdk/plugin.h>

#include "description.h"
#include "report.h"
#include "samples.h"
#include "sql.h"

namespace business_impact {
namespace {

using crm::Axis;
using crm::FactTable;
using crm::Instant;

class BusinessImpactCollector final : public crm::Collector {
 public:
  explicit BusinessImpactCollector(crm::Settings settings)
      : description_(business_impact::description()), settings_(std::move(settings)) {}

  const crm::Description& describe() const noexcept override { return description_; }

  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    BusinessImpact report;
    report.leads = {sources.facts({"leads", request.window}).sum("won"),
                    sources.facts({"leads", request.previous}).sum("won")};
    count_tickets(request, sources, report.tickets);
    report.campaigns = campaigns(request, sources);
    count_customers(request, sources, report);
    report.cost = cost(request, sources);
    crm::Report answer{.document = crm::share(to_json(report, {settings_.dead_band("leadsGenerated"),
                                                               settings_.dead_band("repeatCustomerRate")}))};
    if (request.wants_samples) {
      answer.samples = to_samples(
          report,
          {sources.counters("leads"), sources.counters("ticket_resolutions"), sources.counters("campaign_results")},
          settings_.cost.currency);
    }
    return answer;
  }

 private:
  // These three windows are the field's own, whatever the request names.
  static void count_tickets(const crm::Request& request, crm::Sources& sources, TicketsResolved& tickets) {
    const auto resolved = [&](int days) {
      return sources.facts({"ticket_resolutions", request.calendar.last_days(request.as_of, days).window})
          .sum("resolved");
    };
    tickets = {resolved(1), resolved(7), resolved(30)};
  }

  // Their messages are looked for from a day before the oldest of them: clocks differ.
  static std::vector<Campaign> campaigns(const crm::Request& request, crm::Sources& sources) {
    constexpr std::chrono::days clocks{1};
    constexpr std::chrono::days furthest{5 * 365};
    std::vector<Campaign> campaigns;
    Instant oldest = request.as_of;
    sources.query(sql::campaigns).each([&](const crm::Row& row) {
      campaigns.push_back({std::string(row.text("campaign")), std::string(row.text_or("name", ""))});
      oldest = std::min(oldest, row.instant("created_at"));
    });
    if (campaigns.empty()) return campaigns;
    const Instant from = std::max<Instant>(oldest - clocks, request.as_of - furthest);
    const FactTable results = sources.facts({"campaign_results", {from, request.as_of}, {Axis::key}});
    for (const crm::FactRow& row : results.rows()) {
      const auto campaign = std::find_if(campaigns.begin(), campaigns.end(),
                                         [&](const Campaign& one) { return row.key && one.id == *row.key; });
      if (campaign == campaigns.end()) continue;
      campaign->sent = results.value(row, "sent");
      campaign->responded = results.value(row, "responded");
      campaign->converted = results.value(row, "converted");
    }
    return campaigns;
  }

  // Everybody's first conversation ever is seen: whoever had none in the window had one before it.
  static crm::Ratio repeat_customers(crm::Sources& sources, const crm::Window& window) {
    const std::int64_t contacts = crm::contacts_of_everyone(sources, sql::contacts_at_edge, window);
    const std::int64_t first = sources.facts({"customers", window}).sum("first_ever");
    return {std::max<std::int64_t>(contacts - first, 0), contacts};
  }

  static void count_customers(const crm::Request& request, crm::Sources& sources, BusinessImpact& report) {
    if (request.scope.sees_everyone()) {
      report.repeat_customers = repeat_customers(sources, request.window);
      report.repeat_customers_before = repeat_customers(sources, request.previous);
      return;
    }
    const auto kept = sources.contacts(request.window);
    const auto kept_before = kept ? sources.contacts(request.previous) : std::nullopt;
    if (kept_before) {
      report.repeat_customers = {kept->came_before, kept->contacts};
      report.repeat_customers_before = {kept_before->came_before, kept_before->contacts};
      return;
    }
    sources.query(sql::customers).each([&](const crm::Row& row) {
      report.repeat_customers = {row.integer("repeat"), row.integer("contacts")};
      report.repeat_customers_before = {row.integer("repeat_before"), row.integer("contacts_before")};
    });
  }

  Cost cost(const crm::Request& request, crm::Sources& sources) const {
    Cost cost;
    cost.agent_hour = settings_.cost.agent_hour;
    cost.handling_seconds = settings_.automation.handling_seconds;
    const FactTable conversations = sources.facts({"bot_conversations", request.window});
    cost.conversations = conversations.sum("human");
    cost.bot_successes = conversations.sum("successful");
    std::set<std::string> not_paid;
    sources.query(sql::not_paid).each([&](const crm::Row& row) { not_paid.emplace(row.text("agent")); });
    const FactTable presence = sources.facts({"presence", request.window, {Axis::agent}});
    cost.known = !presence.absent();
    for (const crm::FactRow& row : presence.rows()) {
      if (row.agent && !not_paid.contains(*row.agent))
        cost.paid_ms += presence.value(row, "online_ms") + presence.value(row, "away_ms");
    }
    return cost;
  }

  const crm::Description description_;
  const crm::Settings settings_;
};

crm::Collectors make(const crm::Config& config) {
  crm::Collectors collectors;
  collectors.push_back(std::make_unique<BusinessImpactCollector>(config.settings()));
  return collectors;
}

}  // namespace
}  // namespace business_impact

CRM_COLLECTOR_PLUGIN("business-impact", business_impact::make)
