#include "report.h"

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

#include <crm/sdk/phone.h>

#include "failure_text.h"
#include "session_states.h"

namespace whatsapp {
namespace {

using crm::Json;

bool is_digits(std::string_view id) {
  return std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_uuid(std::string_view id) {
  constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::equal(id.begin(), id.end(), shape.begin(), shape.end(),
                    [](unsigned char c, char place) { return place == '-' ? c == '-' : std::isxdigit(c) != 0; });
}

// Texts of the CRM's own, made fit for a line of JSON and for who reads it.
class Shown {
 public:
  explicit Shown(bool masks) : masks_(masks) {}

  std::string phone(std::string_view text) const { return masked(one_line(text)); }

  // Gateways name sessions by their number, and some messages by the recipient's: "true_49151…@c.us_3EB0". Numbers of a
  // sequence are no phone numbers, and a uuid has none in it.
  std::string session_id(std::string_view id) const { return is_uuid(id) ? std::string(id) : phone(id); }
  std::string message_id(std::string_view id) const { return is_digits(id) ? std::string(id) : session_id(id); }

  std::string error(const FailedMessage& message) const { return failure_text(message.code, message.reason, masks_); }

 private:
  std::string masked(const std::string& text) const { return masks_ ? crm::mask_phone_numbers(text) : text; }

  const bool masks_;
};

Json funnel(const Fates& fates) {
  return {{"sent", fates.sent}, {"delivered", fates.delivered}, {"read", fates.read}, {"failed", fates.failed}};
}

Json broadcasts(const Broadcasts& broadcasts) {
  return {{"total", broadcasts.recipients},
          {"successful", broadcasts.messages.delivered},
          {"failed", broadcasts.messages.failed},
          {"percentage", crm::percentage(broadcasts.success(), 100.0)}};
}

Json failed_messages(const std::vector<FailedMessage>& messages, const Reader& reader) {
  const Shown shown(reader.masks_phone_numbers);
  Json list = Json::array();
  for (const FailedMessage& message : messages) {
    list.push_back({{"id", shown.message_id(message.id)},
                    {"recipient", shown.phone(message.recipient)},
                    {"error", shown.error(message)},
                    {"timestamp", reader.calendar.iso(message.at)}});
  }
  return list;
}

Json sessions(const std::optional<std::vector<crm::Session>>& sessions, const Reader& reader) {
  if (!sessions) return nullptr;
  const Shown shown(reader.masks_phone_numbers);
  Json list = Json::array();
  for (const crm::Session& session : *sessions) {
    list.push_back({{"sessionId", shown.session_id(session.id)},
                    {"phoneNumber", shown.phone(session.phone_number)},
                    {"status", to_string(session.state)},
                    {"lastSeen", session.last_seen ? Json(reader.calendar.iso(*session.last_seen)) : Json()}});
  }
  return list;
}

Json queue_metrics(const std::optional<std::vector<crm::QueueState>>& queues) {
  if (!queues) return {{"depth", nullptr}, {"processingRate", nullptr}};
  std::int64_t depth = 0;
  std::int64_t rate = 0;
  for (const crm::QueueState& queue : *queues) {
    depth += queue.depth;
    rate += queue.completed_last_minute;
  }
  return {{"depth", depth}, {"processingRate", rate}};
}

}  // namespace

Json to_json(const Performance& performance, const Reader& reader) {
  return {{"messageFunnel", funnel(performance.funnel)},
          {"broadcastSuccessRate", broadcasts(performance.broadcasts)},
          {"failedMessages", failed_messages(performance.failed, reader)},
          {"activeSessions", sessions(performance.sessions, reader)},
          {"queueMetrics", queue_metrics(performance.queues)}};
}

}  // namespace whatsapp
