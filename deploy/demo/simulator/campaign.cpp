#include "campaign.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace crm::simulator {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Spread<5> to_answer{{30, 900, 10'000, 80'000, 400'000}};
constexpr Spread<4> to_conversion{{3'000, 90'000, 400'000, 1'500'000}};
constexpr std::array<std::string_view, 5> themes{"Spring sale", "New arrivals", "We miss you", "Last sizes",
                                                 "Members' day"};

struct Recipient {
  std::size_t contact = 0;
  Uuid message;
  Instant created;
  std::optional<Uuid> conversation = {};
};

std::string_view recipient_word(const Delivery& delivery) {
  return delivery.delivered || delivery.read ? "delivered" : delivery.failed ? "failed" : "sent";
}

void write_message(const Uuid& campaign, const Recipient& recipient, const Contact& contact, const Delivery& d,
                   std::string_view theme, bool by_agent, RowWriter& out) {
  out.row(Table::messages).id(recipient.message).id(recipient.conversation).id(campaign).text("outbound");
  out.text(by_agent ? "agent" : "system").null().text(contact.phone).text(theme).text(d.status);
  out.time(recipient.created).time(d.sent).time(d.delivered).time(d.read).time(d.failed);
  if (d.reason.empty()) {
    out.null();
  } else {
    out.text(d.reason);
  }
  out.end();
}

// Few answer; half of the CRM's broadcasts end up in the conversation that follows.
std::optional<Answer> draw_answer(Random& random, const Recipient& recipient, Instant now) {
  const Instant at = recipient.created + to_answer.draw(random);
  if (!random.permille(40) || at >= now) return std::nullopt;
  Answer answer{recipient.contact, at, std::nullopt};
  if (random.permille(500)) answer.conversation = make_uuid(random, at);
  return answer;
}

}  // namespace

CampaignRun write_campaign(Random& random, People& people, Instant start, std::int64_t recipients, Instant now,
                           RowWriter& out) {
  const Uuid campaign = make_uuid(random, start);
  const std::string_view theme = random.pick(themes);
  const bool by_agent = random.permille(200);  // whatever its sender type, it is no human's reply
  out.row(Table::campaigns).id(campaign).text(fmt::format("{} {}", theme, to_timestamp(start).substr(0, 10)));
  out.time(start - std::chrono::hours{20}).end();

  const auto audience = static_cast<std::int64_t>(people.contacts.size());
  const std::int64_t first = random.below(audience);
  CampaignRun run;
  for (std::int64_t i = 0; i < std::min(recipients, audience); ++i) {
    Recipient recipient{static_cast<std::size_t>((first + i) % audience), {}, start + i * milliseconds{40}};
    Contact& contact = people.contacts[recipient.contact];
    contact.created = std::min(contact.created, start - seconds{60});
    contact.reached = true;
    out.row(Table::campaign_recipients).id(campaign).id(contact.id);
    if (recipient.created > now || i % 100 == 7 || random.permille(8)) {  // not sent yet, or never
      out.null().null().text("pending").null().null().end();
      continue;
    }
    recipient.message = make_uuid(random, recipient.created);
    const Delivery d = draw_outbound(random, recipient.created, now);
    std::optional<Instant> converted;
    if (random.permille(15)) converted = recipient.created + to_conversion.draw(random);
    if (converted && *converted > now) converted.reset();
    if (random.permille(6) && !contact.lead) contact.lead = recipient.created + to_conversion.draw(random);
    out.id(recipient.message);
    out.id(random.permille(100) ? std::optional{random.pick(people.agents).id} : std::nullopt);
    out.text(recipient_word(d)).time(d.sent).time(converted).end();
    const std::optional<Answer> answer = draw_answer(random, recipient, now);
    if (answer) {
      run.answers.push_back(*answer);
      recipient.conversation = answer->conversation;
    }
    write_message(campaign, recipient, contact, d, theme, by_agent, out);
    ++run.messages;
  }
  return run;
}

}  // namespace crm::simulator
