// The whatsapp-performance collector: asks for what report.h holds.

#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>

#include "description.h"
#include "report.h"
#include "sql.h"

namespace whatsapp {
namespace {

Fates fates_of(const crm::FactTable& table) {
  return {table.sum("sent"), table.sum("delivered"), table.sum("read"), table.sum("failed")};
}

Broadcasts broadcasts_of(const crm::FactTable& table) {
  return {table.sum("created"), fates_of(table)};
}

// Behind which failure a page begins.
crm::Args page_begin(const crm::Request& request) {
  const std::vector<std::string>& after = request.page.after;
  // No failure is later than now: the first page begins behind a moment that has not come.
  std::optional<crm::Instant> at = request.as_of + std::chrono::seconds(1);
  std::optional<std::string> id;
  if (!after.empty()) {
    at = after.size() == 2 ? crm::parse_instant(after[0]) : std::nullopt;
    if (!at) {
      throw crm::BadParameter("cursor",
                              "cursor is none that a page of failed messages gave: leave it out for the first");
    }
    id = after[1];
  }
  return {{"after_at", *at}, {"after_id", crm::IdArg{"messages", "message_id", id, "cursor"}}};
}

class WhatsAppCollector final : public crm::Collector {
 public:
  explicit WhatsAppCollector(std::size_t max_sessions)
      : description_(whatsapp::description()), max_sessions_(max_sessions) {}

  const crm::Description& describe() const noexcept override { return description_; }

  // The database's part first: what the queue's server may cost of the deadline, it costs at the end.
  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    Performance performance;
    crm::Report report;
    count_messages(request, sources, performance);
    performance.broadcasts = broadcasts_of(sources.facts({"campaign_messages", request.window}));
    list_failed(request, sources, performance, report);
    Counters counters;
    Deliveries deliveries;
    if (request.wants_samples) {
      counters = count_for_ever(sources);
      deliveries = look_at_deliveries(request.as_of, sources);
    }
    look_at_sessions(sources, performance, report);
    look_at_queues(sources, performance, report);
    report.document = crm::share(to_json(performance, {request.calendar, request.scope.masks_phone_numbers()}));
    if (request.wants_samples) report.samples = to_samples(performance, counters, deliveries, max_sessions_);
    return report;
  }

 private:
  static void count_messages(const crm::Request& request, crm::Sources& sources, Performance& performance) {
    const crm::FactTable messages = sources.facts({"messages", request.window});
    performance.funnel = fates_of(messages);
    if (!request.wants_samples) return;
    sources.unknown_word("messages", "sender_type", messages.sum("unknown_sender"));
    sources.unknown_word("messages", "delivery_status", messages.sum("unknown_status"));
  }

  static void list_failed(const crm::Request& request, crm::Sources& sources, Performance& performance,
                          crm::Report& report) {
    crm::Args args = page_begin(request);
    args.push_back({"page_limit", request.page.limit + 1});  // one more tells whether there is a page behind this one
    const crm::Rows rows = sources.query(sql::failed_messages, args);
    const auto limit = static_cast<std::size_t>(request.page.limit);
    auto left = limit;
    rows.each([&](const crm::Row& row) {
      if (left == 0) return;
      --left;
      performance.failed.push_back({.id = std::string(row.text("id")),
                                    .recipient = std::string(row.text_or("recipient", "")),
                                    .code = std::string(row.text_or("code", "")),
                                    .reason = std::string(row.text_or("reason", "")),
                                    .at = row.instant("at")});
    });
    if (rows.size() <= limit || performance.failed.empty()) return;
    const FailedMessage& last = performance.failed.back();
    report.next = {crm::to_iso(last.at), last.id};
  }

  static Counters count_for_ever(crm::Sources& sources) {
    Counters counters;
    if (const auto messages = sources.counters("messages"); !messages.absent()) {
      counters.inbound = messages.sum("inbound");
      counters.outbound = fates_of(messages);
    }
    if (const auto recipients = sources.counters("campaign_messages"); !recipients.absent()) {
      counters.broadcasts = broadcasts_of(recipients);
    }
    if (const auto failures = sources.counters("message_failures", {crm::Axis::key}); !failures.absent()) {
      counters.failures.emplace();
      for (const crm::FactRow& row : failures.rows()) {
        (*counters.failures)[row.key.value_or("none")] += failures.value(row, "failed");
      }
    }
    return counters;
  }

  static Undelivered undelivered_of(const crm::Row& row, crm::Instant now) {
    const auto since = row.maybe_instant("since");
    return {row.integer("waiting"), since ? now - *since : crm::Duration{}};
  }

  static Deliveries look_at_deliveries(crm::Instant now, crm::Sources& sources) {
    const crm::Args args{{"since", now - std::chrono::hours(1)}};
    Deliveries deliveries;
    if (const auto all = sources.query(crm::Unscoped(sql::undelivered), args); !all.absent()) {
      deliveries.all = undelivered_of(all[0], now);
    }
    if (const auto rows = sources.query(crm::Unscoped(sql::undelivered_by_session), args); !rows.absent()) {
      auto& by_session = deliveries.by_session.emplace();
      rows.each([&](const crm::Row& row) {
        by_session.emplace(std::string(row.text("session_id")), undelivered_of(row, now));
      });
    }
    return deliveries;
  }

  static void look_at_sessions(crm::Sources& sources, Performance& performance, crm::Report& report) {
    try {
      performance.sessions = sources.sessions();
      performance.has_sessions = !performance.sessions->empty() || sources.has_view("whatsapp_sessions");
    } catch (const crm::SourceUnavailable& error) {
      report.partial.push_back({std::string("sessions: ") + error.what()});
    } catch (const crm::DeadlineExceeded& error) {
      report.partial.push_back({std::string("sessions: ") + error.what()});
    }
  }

  static void look_at_queues(crm::Sources& sources, Performance& performance, crm::Report& report) {
    try {
      auto queues = sources.queues();
      if (queues.empty()) throw crm::SourceUnavailable("no queue could be read");
      performance.queues = std::move(queues);
    } catch (const crm::SourceUnavailable& error) {
      report.partial.push_back({std::string("queue: ") + error.what()});
    } catch (const crm::DeadlineExceeded& error) {
      report.partial.push_back({std::string("queue: ") + error.what()});
    }
  }

  const crm::Description description_;
  const std::size_t max_sessions_;
};

crm::Collectors make(const crm::Config& config) {
  constexpr std::int64_t most = 10'000;
  const std::int64_t max_sessions = config.integer("max_sessions", 200);
  if (max_sessions < 0 || max_sessions > most) {
    throw crm::ConfigError("max_sessions",
                           "must be 0 to " + std::to_string(most) + ", not '" + std::to_string(max_sessions) + "'");
  }
  crm::Collectors collectors;
  collectors.push_back(std::make_unique<WhatsAppCollector>(static_cast<std::size_t>(max_sessions)));
  return collectors;
}

}  // namespace
}  // namespace whatsapp

CRM_COLLECTOR_PLUGIN("whatsapp-performance", whatsapp::make)
