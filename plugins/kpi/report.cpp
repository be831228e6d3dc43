#include "report.h"

#include <nlohmann/json.hpp>

#include "families.h"

namespace kpi {
namespace {

using crm::Json;
using crm::Sample;

Json metric(Json value, const crm::Change& change) {
  return {{"value", std::move(value)}, {"trend", crm::to_string(change.trend)}, {"change", change.percent}};
}

template <typename Value>
crm::Change moved(const Compared<Value>& value, const crm::Settings& settings, const char* metric_name) {
  return crm::change(value.now, value.before, settings.dead_band(metric_name));
}

Json response_time(const Kpi& kpi, const crm::Settings& settings) {
  Json json = metric(crm::whole_seconds(kpi.response_time.now), moved(kpi.response_time, settings, "avgResponseTime"));
  json["slaStatus"] = crm::to_string(crm::sla_status(kpi.response_time.now, settings.sla.first_response_seconds));
  return json;
}

Json delivery_rate(const Kpi& kpi, const crm::Settings& settings) {
  const Compared<crm::Ratio> decided{kpi.messages.now.decided_delivery_rate(),
                                     kpi.messages.before.decided_delivery_rate()};
  return metric(crm::percentage(kpi.messages.now.delivery_rate(), 100.0),
                moved(decided, settings, "whatsappDeliveryRate"));
}

Json open_tickets(const Kpi& kpi, const crm::Settings& settings) {
  Json json = metric(kpi.open_tickets.now, moved(kpi.open_tickets, settings, "openTickets"));
  const TicketsByPriority& by = kpi.tickets_by_priority;
  json["byPriority"] = {{"high", by.high + by.urgent}, {"medium", by.medium}, {"low", by.low}};
  return json;
}

void add_response_time(const crm::Mean& mean, std::vector<Sample>& samples) {
  samples.push_back({family::answered_turns, {}, static_cast<double>(mean.count)});
  samples.push_back({family::response_seconds, {}, static_cast<double>(mean.sum_ms) / 1000.0});
  if (mean.exists()) samples.push_back({family::response_mean, {}, mean.seconds()});
}

void add_messages(const MessageFates& messages, std::vector<Sample>& samples) {
  samples.push_back({family::messages, {"inbound"}, static_cast<double>(messages.inbound)});
  samples.push_back({family::messages, {"outbound"}, static_cast<double>(messages.outbound)});
  samples.push_back({family::outbound, {"sent"}, static_cast<double>(messages.sent)});
  samples.push_back({family::outbound, {"delivered"}, static_cast<double>(messages.delivered)});
  samples.push_back({family::outbound, {"read"}, static_cast<double>(messages.read)});
  samples.push_back({family::outbound, {"failed"}, static_cast<double>(messages.failed)});
  const crm::Ratio rate = messages.delivery_rate();
  if (rate.exists()) samples.push_back({family::delivery_ratio, {}, rate.value()});
}

void add_tickets(const TicketsByPriority& tickets, std::vector<Sample>& samples) {
  samples.push_back({family::tickets, {"low"}, static_cast<double>(tickets.low)});
  samples.push_back({family::tickets, {"medium"}, static_cast<double>(tickets.medium)});
  samples.push_back({family::tickets, {"high"}, static_cast<double>(tickets.high)});
  samples.push_back({family::tickets, {"urgent"}, static_cast<double>(tickets.urgent)});
}

}  // namespace

Json to_json(const Kpi& kpi, const crm::Settings& settings) {
  const Compared<std::int64_t> messages{kpi.messages.now.total(), kpi.messages.before.total()};
  return {{"activeConversations",
           metric(kpi.active_conversations.now, moved(kpi.active_conversations, settings, "activeConversations"))},
          {"avgResponseTime", response_time(kpi, settings)},
          {"whatsappDeliveryRate", delivery_rate(kpi, settings)},
          {"openTickets", open_tickets(kpi, settings)},
          {"messagesToday", metric(messages.now, moved(messages, settings, "messagesToday"))}};
}

std::vector<Sample> to_samples(const Kpi& kpi) {
  std::vector<Sample> samples;
  if (kpi.has_conversations) {
    samples.push_back({family::active, {}, static_cast<double>(kpi.active_conversations.now)});
  }
  if (kpi.has_turns) add_response_time(kpi.response_time.now, samples);
  if (kpi.has_messages) add_messages(kpi.messages.now, samples);
  if (kpi.has_tickets) add_tickets(kpi.tickets_by_priority, samples);
  return samples;
}

}  // namespace kpi
