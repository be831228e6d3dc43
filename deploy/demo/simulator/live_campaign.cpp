// Campaigns of live traffic.

#include <algorithm>
#include <cstdint>

#include "live.h"
#include "live_clock.h"
#include "rows.h"

namespace crm::simulator {
namespace {

constexpr std::size_t most_recipients = 20;

}  // namespace

void LiveTraffic::send_campaign() {
  const Instant at = now();
  const std::string campaign = to_string(make_uuid(random_, at));
  database_.run("INSERT INTO campaigns (id, name, created_at) VALUES ($1, $2, $3)",
                {campaign, "Flash sale " + to_timestamp(at).substr(0, 16), to_timestamp(at)});
  const std::size_t recipients = std::min(most_recipients, contacts_.size());
  const auto first = static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(contacts_.size())));
  for (std::size_t i = 0; i < recipients; ++i) {
    const auto& [contact, phone] = contacts_[(first + i) % contacts_.size()];
    const bool left_out = i == 0;
    const std::string message = to_string(make_uuid(random_, at));
    database_.run(
        "INSERT INTO campaign_recipients (campaign_id, contact_id, message_id, status) VALUES ($1, $2, $3, $4)",
        {campaign, contact, left_out ? Value{} : Value{message}, left_out ? "pending" : "sent"});
    if (left_out) continue;
    database_.run(
        "INSERT INTO messages (id, campaign_id, direction, sender_type, recipient, content, delivery_status, "
        "created_at)"
        " VALUES ($1, $2, 'outbound', 'system', $3, 'Today only', 'pending', $4)",
        {message, campaign, phone, to_timestamp(at)});
    schedule_delivery(message, at);
  }
}

}  // namespace crm::simulator
