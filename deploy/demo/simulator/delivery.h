#pragma once
// How far a message came: its status word and its timestamps, which in real CRMs do not always agree.

#include <optional>
#include <span>
#include <string_view>

#include <crm/sdk/instant.h>

#include "random.h"

namespace crm::simulator {

struct Delivery {
  std::string_view status = "pending";
  std::optional<Instant> sent = {};
  std::optional<Instant> delivered = {};
  std::optional<Instant> read = {};
  std::optional<Instant> failed = {};
  std::string_view reason = {};  // empty: none
};

// As it looks at `now`: nothing that happened later shows.
Delivery draw_outbound(Random& random, Instant created, Instant now);
Delivery draw_inbound(Random& random, Instant created, Instant now);

// WhatsApp's error codes with their texts, and reasons without a code.
std::span<const std::string_view> failure_reasons();
std::string_view draw_failure(Random& random);

// Sent, and failed two seconds later.
Delivery failed_delivery(Instant created, Instant now, std::string_view reason);

}  // namespace crm::simulator
