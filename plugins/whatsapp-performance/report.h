#pragma once
// GET /api/dashboard/whatsapp-performance, as the design document shows it. Everything here is counted, nothing is
// rounded or masked yet.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <crm/sdk/numbers.h>
#include <crm/sdk/report.h>
#include <crm/sdk/sources.h>
#include <crm/sdk/window.h>

namespace whatsapp {

// Messages as far as they have come, each number including those after it but the last.
struct Fates {
  std::int64_t sent = 0;  // left the queue, failed included
  std::int64_t delivered = 0;
  std::int64_t read = 0;
  std::int64_t failed = 0;
};

struct Broadcasts {
  std::int64_t recipients = 0;  // whose message exists
  Fates messages;

  crm::Ratio success() const { return {messages.delivered, recipients}; }
};

struct FailedMessage {
  std::string id;
  std::string recipient;
  std::string code;    // empty: its reason names none
  std::string reason;  // as the gateway wrote it
  crm::Instant at;
};

// Sent after the newest message that was delivered, and neither delivered nor failed.
struct Undelivered {
  std::int64_t messages = 0;
  crm::Duration age{};  // of the oldest one; 0 while none waits
};

// Looked for in the last hour; what nobody could read is absent.
struct Deliveries {
  std::optional<Undelivered> all = {};
  std::optional<std::map<std::string, Undelivered>> by_session = {};  // by id, those that wait; absent: nobody tells
};

struct Performance {
  Fates funnel;
  Broadcasts broadcasts;
  std::vector<FailedMessage> failed;
  // Nothing: they could not be read, which is not the same as that there are none.
  std::optional<std::vector<crm::Session>> sessions;
  bool has_sessions = true;  // the CRM has such a thing; without it there are none in JSON and no series of them
  std::optional<std::vector<crm::QueueState>> queues;
};

// What counters have counted; nothing where the CRM lacks the view.
struct Counters {
  std::optional<std::int64_t> inbound;
  std::optional<Fates> outbound;
  std::optional<Broadcasts> broadcasts;
  std::optional<std::map<std::string, std::int64_t>> failures;  // by key of the fact message_failures
};

// How instants are written, and whether the reader may see phone numbers.
struct Reader {
  const crm::Calendar& calendar;
  bool masks_phone_numbers = false;
};

crm::Json to_json(const Performance& performance, const Reader& reader);

// At most `max_sessions` sessions have series of their own.
std::vector<crm::Sample> to_samples(const Performance& performance, const Counters& counters,
                                    const Deliveries& deliveries, std::size_t max_sessions);

}  // namespace whatsapp
