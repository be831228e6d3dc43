#pragma once
// A campaign: one message to many customers at once.

#include <cstdint>
#include <optional>
#include <vector>

#include "conversation.h"
#include "people.h"

namespace crm::simulator {

// A customer's answer to a campaign, to be told as a conversation.
struct Answer {
  std::size_t contact = 0;
  Instant at;
  std::optional<Uuid> conversation;  // that the campaign's message was filed under; nothing: under none
};

struct CampaignRun {
  std::int64_t messages = 0;
  std::vector<Answer> answers;
};

// Writes the campaign, its recipients and their messages; sends from `start` on, and stops at `now`. Some recipients
// get none.
CampaignRun write_campaign(Random& random, People& people, Instant start, std::int64_t recipients, Instant now,
                           RowWriter& out);

}  // namespace crm::simulator
