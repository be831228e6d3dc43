#pragma once
// GET /api/dashboard/kpi, as the design document shows it. Everything here is counted, nothing is rounded yet.

#include <cstdint>

#include <crm/sdk/numbers.h>
#include <crm/sdk/report.h>
#include <crm/sdk/settings.h>

namespace kpi {

// A value and what it was: for counts now and before, for means and rates over today and yesterday until this time of
// day.
template <typename Value>
struct Compared {
  Value now{};
  Value before{};
};

struct TicketsByPriority {
  std::int64_t low = 0;
  std::int64_t medium = 0;
  std::int64_t high = 0;
  std::int64_t urgent = 0;
  std::int64_t total() const { return low + medium + high + urgent; }
};

struct MessageFates {
  std::int64_t inbound = 0;
  std::int64_t outbound = 0;
  std::int64_t sent = 0;  // left the queue, failed included
  std::int64_t delivered = 0;
  std::int64_t read = 0;
  std::int64_t failed = 0;

  std::int64_t total() const { return inbound + outbound; }
  crm::Ratio delivery_rate() const { return {delivered, sent}; }
  // Yesterday's messages have had more time than today's: only those whose fate is known are compared.
  crm::Ratio decided_delivery_rate() const { return {delivered, delivered + failed}; }
};

struct Kpi {
  Compared<std::int64_t> active_conversations;
  Compared<crm::Mean> response_time;
  Compared<MessageFates> messages;
  Compared<std::int64_t> open_tickets;
  TicketsByPriority tickets_by_priority;

  // Which views the CRM has: what is missing is zero in JSON and absent from Prometheus.
  bool has_conversations = true;
  bool has_turns = true;
  bool has_messages = true;
  bool has_tickets = true;
};

crm::Json to_json(const Kpi& kpi, const crm::Settings& settings);
std::vector<crm::Sample> to_samples(const Kpi& kpi);

}  // namespace kpi
