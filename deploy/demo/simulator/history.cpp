#include "history.h"

#include <algorithm>
#include <vector>

#include <date/tz.h>

#include "campaign.h"
#include "conversation.h"
#include "local_day.h"
#include "people.h"
#include "today.h"

namespace crm::simulator {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

// A history of so many messages keeps some for today's scenes and a campaign, however early it is.
constexpr std::int64_t enough_for_today = 1'000;
constexpr std::int64_t kept_for_today = 60;
constexpr std::int64_t todays_recipients = 20;

class Storyteller {
 public:
  Storyteller(const History& history, RowWriter& out)
      : history_(history),
        out_(out),
        random_(history.seed),
        days_(last_days(*date::locate_zone(history.timezone), history.now, history.days)) {}

  void run(const Progress& progress);

 private:
  void tell_day(std::size_t index, std::int64_t target);
  void tell_today(const LocalDay& day, std::int64_t target);
  std::int64_t tell_campaign(Instant start, std::int64_t recipients);
  bool has_room_for_today() const { return history_.messages >= enough_for_today; }
  std::int64_t tell_conversation(const LocalDay& day);
  std::int64_t tell_answer(const Answer& answer);
  std::size_t draw_contact(Instant at);
  Setting draw_setting(Instant at, std::size_t contact, bool office_hours);

  const History& history_;
  RowWriter& out_;
  Random random_;
  std::vector<LocalDay> days_;
  People people_;
  std::vector<std::size_t> on_duty_;
  std::size_t known_yesterday_ = 0;
  std::int64_t written_ = 0;
};

void Storyteller::run(const Progress& progress) {
  const Instant start = days_.front().start;
  people_.supervisors = supervisor_count(history_);
  people_.agents = write_staff(random_, history_, start, out_);
  people_.contacts = draw_contacts(random_, history_, start);
  people_.known = people_.contacts.size() / 3 + 1;
  write_forgotten_span(random_, people_, days_[days_.size() > 10 ? days_.size() - 10 : 0].start, out_);

  std::int64_t all = 0;
  for (const LocalDay& day : days_) all += day.weight;
  const std::int64_t before_today = history_.messages - (has_room_for_today() ? kept_for_today : 0);
  std::int64_t weight = 0;
  for (std::size_t i = 0; i < days_.size(); ++i) {
    weight += days_[i].weight;
    // The share is taken in parts of a million, so that no product overflows.
    tell_day(i, weight == all ? history_.messages : before_today * (weight / (all / 1'000'000 + 1)) / 1'000'000);
    progress(written_, history_.messages);
  }
  write_contacts(random_, people_, history_.now, out_);
  write_sessions(random_, history_.now, out_);
  out_.finish();
}

// Conversations until `target` messages are written since the start of history.
void Storyteller::tell_day(std::size_t index, std::int64_t target) {
  const LocalDay& day = days_[index];
  if (day.hours.empty()) return;
  known_yesterday_ = people_.known;
  on_duty_ = write_presence(random_, people_, day, index >= days_.size() / 2, history_.now, out_);
  // A campaign every third day, today included, for three quarters of the day's messages.
  const bool is_today = index + 1 == days_.size();
  if (is_today) {
    tell_today(day, target);
  } else if ((days_.size() - 1 - index) % 3 == 0) {
    written_ += tell_campaign(day.start + hours{10}, (target - written_) * 3 / 4);
  }
  while (written_ < target) written_ += tell_conversation(day);
}

void Storyteller::tell_today(const LocalDay& day, std::int64_t target) {
  if (has_room_for_today()) {
    for (const TodaysScene& today : scenes_of_today()) {
      Setting setting =
          draw_setting(opening_of(random_, today, day.start, history_.now), draw_contact(day.start), true);
      setting.agent = today.assigned ? std::optional{people_.agents[random_.pick(on_duty_)].id} : std::nullopt;
      Conversation conversation(random_, history_.now, setting);
      conversation.follow(today.scene);
      written_ += conversation.write(out_);
    }
  }
  const std::int64_t fewest = has_room_for_today() ? todays_recipients : 0;
  written_ += tell_campaign(std::min(day.start + hours{10}, day.start + (day.end - day.start) / 2),
                            std::max(fewest, (target - written_) * 3 / 4));
}

// At ten in the morning; today earlier, if need be.
std::int64_t Storyteller::tell_campaign(Instant start, std::int64_t recipients) {
  if (start >= history_.now || recipients < 1) return 0;
  const CampaignRun campaign = write_campaign(random_, people_, start, recipients, history_.now, out_);
  std::int64_t messages = campaign.messages;
  for (const Answer& answer : campaign.answers) messages += tell_answer(answer);
  return messages;
}

std::int64_t Storyteller::tell_answer(const Answer& answer) {
  Setting setting = draw_setting(answer.at, answer.contact, true);
  setting.id = answer.conversation;
  Conversation conversation(random_, history_.now, setting);
  conversation.tell(Opening::customer);
  return conversation.write(out_);
}

std::int64_t Storyteller::tell_conversation(const LocalDay& day) {
  const Instant at = draw_instant(random_, day);
  const auto hour = std::find_if(day.hours.begin(), day.hours.end(), [&](const auto& h) { return at < h.end; })->hour;
  Conversation conversation(random_, history_.now, draw_setting(at, draw_contact(at), office_hour(hour)));
  const auto kind = random_.below(100);
  conversation.tell(kind < 32 ? Opening::bot : kind < 40 ? Opening::agent : Opening::customer);
  return conversation.write(out_);
}

// One in three was never seen before, while there are such; the others are those known since yesterday.
std::size_t Storyteller::draw_contact(Instant at) {
  if (people_.known < people_.contacts.size() && random_.permille(330)) {
    Contact& contact = people_.contacts[people_.known];
    if (!contact.reached) contact.created = at - random_.between(Duration{0}, seconds{30});
    return people_.known++;
  }
  return static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(known_yesterday_)));
}

Setting Storyteller::draw_setting(Instant at, std::size_t contact, bool office_hours) {
  const Agent& agent = people_.agents[random_.pick(on_duty_)];
  Setting setting;
  setting.opened = at;
  setting.office_hours = office_hours;
  if (!random_.permille(10)) setting.contact = people_.contacts[contact].id;
  setting.recipient = people_.contacts[contact].phone;
  setting.slowness = agent.slowness;
  if (!random_.permille(60)) setting.agent = agent.id;
  if (random_.permille(300)) setting.new_agent = people_.agents[random_.pick(on_duty_)].id;
  return setting;
}

}  // namespace

void write_history(const History& history, RowWriter& out, const Progress& progress) {
  Storyteller(history, out).run(progress);
}

}  // namespace crm::simulator
