#pragma once
// The definitions of business-impact once more, in plain C++ over plain rows.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/numbers.h>

#include "random_spans.h"
#include "random_talks.h"
#include "section_house.h"

namespace crm::testing {

class RandomBusiness {
 public:
  RandomBusiness(Crm crm, unsigned seed, Instant now)
      : crm_(crm), team_(crm), dice_(seed), now_(now), talks_(dice_, now, 250, contacts), spans_(dice_, now, 200) {
    for (int i = 0; i < contacts; ++i) draw_contact(i);
    for (int i = 0; i < 150; ++i) draw_ticket();
    for (int i = 0; i < 13; ++i) draw_campaign(i);
  }

  std::string sql() const {
    std::string all = Team::sql() + talks_.sql() + spans_.sql();
    for (const Won& w : contacts_) {
      all += testing::sql(Contact{.name = w.name, .lead = text(w.lead), .agent = w.agent});
    }
    for (const Solved& t : tickets_) {
      all += testing::sql(Ticket{.agent = t.agent,
                                 .priority = "low",
                                 .created = text(t.created),
                                 .resolved = text(t.resolved),
                                 .contact = t.contact});
    }
    for (const Sent& c : campaigns_) {
      all += testing::sql(Campaign{.name = c.name, .created = text(c.created)});
      for (const To& to : c.recipients) all += sql_of(c.name, to);
    }
    return all;
  }
  std::vector<Scope> scopes() const { return team_.scopes(); }
  std::vector<Period> periods(int count) { return random_periods(dice_, now_, count); }

  Json expected(const SectionQuestion& question) const {
    const Change leads =
        change(leads_won(question, question.period.window), leads_won(question, question.period.previous), 5.0);
    const Ratio repeat = repeat_customers(question, question.period.window);
    const Change moved = change(repeat, repeat_customers(question, question.period.previous), 5.0);
    return {{"leadsGenerated",
             {{"total", leads_won(question, question.period.window)},
              {"trend", to_string(leads.trend)},
              {"change", leads.percent}}},
            {"ticketsResolved",
             {{"today", resolved(question, 1)}, {"week", resolved(question, 7)}, {"month", resolved(question, 30)}}},
            {"campaignConversion", campaigns(question.scope)},
            {"repeatCustomerRate", {{"rate", percentage(repeat, 0.0)}, {"trend", to_string(moved.trend)}}},
            {"costPerConversation", cost(question)}};
  }

 private:
  static constexpr int contacts = 50;

  struct Won {
    std::string name;
    MaybeInstant lead = {};
    std::string agent;
  };
  struct Solved {
    std::string agent;
    std::string contact;
    Instant created{};
    MaybeInstant resolved = {};
  };
  struct To {
    std::string contact;
    std::string message = {};  // empty: not sent
    std::string word;
    Instant created{};
    MaybeInstant sent = {};
    MaybeInstant converted = {};
    bool marked = false;  // by a word
  };
  struct Sent {
    std::string name;
    Instant created{};
    std::vector<To> recipients = {};
  };
  struct Result {
    std::int64_t sent = 0, responded = 0, converted = 0;
  };

  std::string some_agent() { return dice_.one_in(6) ? "" : dice_.one_of(Team::people()); }
  std::string some_contact() { return fmt::format("k{}", dice_.below(contacts)); }

  void draw_contact(int number) {
    Won won{.name = fmt::format("k{}", number), .agent = some_agent()};
    if (!dice_.one_in(3)) won.lead = now_ + std::chrono::hours(5) - dice_.less_than(std::chrono::days(70));
    contacts_.push_back(won);
  }

  void draw_ticket() {
    Solved ticket{.agent = some_agent(),
                  .contact = dice_.one_in(5) ? "" : some_contact(),
                  .created = now_ - dice_.less_than(std::chrono::days(60))};
    if (!dice_.one_in(4)) ticket.resolved = ticket.created + dice_.less_than(std::chrono::days(5));
    tickets_.push_back(ticket);
  }

  // The third has no recipients, the fourth and the fifth are of one instant.
  void draw_campaign(int number) {
    Sent campaign{.name = fmt::format("campaign {}", number),
                  .created = now_ - std::chrono::days(6 * number) - dice_.less_than(std::chrono::hours(20))};
    if (number == 4) campaign.created = campaigns_.back().created;
    std::set<std::string> taken;
    for (unsigned n = number == 2 ? 0U : 3 + dice_.below(10); n > 0; --n) {
      const std::string contact = some_contact();
      if (taken.insert(contact).second) campaign.recipients.push_back(draw_recipient(campaign, contact));
    }
    campaigns_.push_back(campaign);
  }

  To draw_recipient(const Sent& campaign, const std::string& contact) {
    To to{.contact = contact,
          .word = dice_.one_of({"pending", "sent", "sent", "delivered", "read", "failed"}),
          .created = campaign.created + dice_.less_than(std::chrono::days(2)),
          .marked = dice_.one_in(6)};
    if (!dice_.one_in(6)) to.message = campaign.name + " to " + contact;
    if (dice_.one_in(3)) to.sent = to.created + dice_.less_than(std::chrono::hours(9));
    if (dice_.one_in(6)) to.converted = to.created + dice_.less_than(std::chrono::days(40));
    return to;
  }

  static std::string sql_of(const std::string& campaign, const To& to) {
    std::string all = testing::sql(Recipient{.campaign = campaign,
                                             .contact = to.contact,
                                             .message = to.message,
                                             .converted = text(to.converted),
                                             .status = to.marked ? "converted" : "pending"});
    if (to.message.empty()) return all;
    return all + testing::sql(Message{.sender = "system",
                                      .at = text(to.created),
                                      .status = to.word,
                                      .sent = text(to.sent),
                                      .campaign = campaign,
                                      .name = to.message});
  }

  std::int64_t leads_won(const SectionQuestion& question, const Window& window) const {
    return std::count_if(contacts_.begin(), contacts_.end(), [&](const Won& contact) {
      return contact.lead && window.contains(*contact.lead) && team_.sees(question.scope, contact.agent);
    });
  }

  // The windows are the field's own.
  std::int64_t resolved(const SectionQuestion& question, int days) const {
    const Window window = question.calendar->last_days(now_, days).window;
    return std::count_if(tickets_.begin(), tickets_.end(), [&](const Solved& ticket) {
      return ticket.resolved && window.contains(*ticket.resolved) && team_.sees(question.scope, ticket.agent);
    });
  }

  // Who came, and of those who had come before, to whomever.
  Ratio repeat_customers(const SectionQuestion& question, const Window& window) const {
    std::set<std::string> came;
    std::set<std::string> before;
    for (const Talk& talk : talks_.all()) {
      if (talk.contact.empty()) continue;
      if (talk.created < window.from) before.insert(talk.contact);
      if (window.contains(talk.created) && team_.sees(question.scope, talk.agent)) came.insert(talk.contact);
    }
    Ratio repeat{.part = 0, .whole = static_cast<std::int64_t>(came.size())};
    for (const std::string& contact : came) repeat.part += before.contains(contact);
    return repeat;
  }

  // All who were there are paid, but the admin.
  Json cost(const SectionQuestion& question) const {
    const Window& window = question.period.window;
    std::int64_t human = 0, successful = 0, paid_ms = 0;
    for (const Talk& talk : talks_.all()) {
      if (!window.contains(talk.created) || !team_.sees(question.scope, talk.agent)) continue;
      const BotOutcome outcome = bot_outcome(talk, now_);
      human += outcome.human;
      successful += outcome.successful;
    }
    for (const std::string& name : Team::people()) {
      if (name == "max" || !team_.sees(question.scope, name)) continue;
      const PresenceTimes times = spans_.within(name, window);
      paid_ms += times.online + times.away;
    }
    const double amount = static_cast<double>(paid_ms) / 3'600'000.0 * 15.0;
    const double saved = static_cast<double>(successful * 300) / 3'600.0 * 15.0;
    return {{"amount", human == 0 ? 0.0 : hundredths(amount / static_cast<double>(human))},
            {"savings", hundredths(saved)}};
  }

  // The ten newest, those of one instant by name; the company's alone.
  Json campaigns(const Scope& scope) const {
    Json list = Json::array();
    if (!scope.sees_everyone()) return list;
    std::vector<const Sent*> order;
    for (const Sent& campaign : campaigns_) {
      if (campaign.created <= now_) order.push_back(&campaign);
    }
    std::sort(order.begin(), order.end(), [](const Sent* a, const Sent* b) {
      return a->created != b->created ? a->created > b->created : a->name < b->name;
    });
    if (order.size() > 10) order.resize(10);
    for (const Sent* campaign : order) {
      const Result all = result_of(*campaign);
      list.push_back({{"campaignId", id(crm_, campaign->name)},
                      {"campaignName", campaign->name},
                      {"sent", all.sent},
                      {"responded", all.responded},
                      {"converted", all.converted},
                      {"conversionRate", percentage({all.converted, all.sent}, 0.0)}});
    }
    return list;
  }

  Result result_of(const Sent& campaign) const {
    Result all;
    for (const To& to : campaign.recipients) {
      const Instant known = std::min<Instant>(now_, to.created + horizon);
      if (to.message.empty() || to.created >= now_ || !left_the_queue(to, known)) continue;
      ++all.sent;
      const Instant since = to.sent.value_or(to.created);
      all.responded += responded(to.contact, since, known);
      const bool marked = to.converted ? *to.converted <= known : to.marked;
      all.converted += marked || converted(to.contact, since, known);
    }
    return all;
  }

  static bool left_the_queue(const To& to, Instant known) {
    if (to.word == "delivered" || to.word == "read" || to.word == "failed") return true;
    return to.sent ? *to.sent <= known : to.word == "sent";
  }

  bool responded(const std::string& contact, Instant since, Instant known) const {
    const Instant until = std::min<Instant>(known, since + std::chrono::hours(72));
    return std::any_of(talks_.all().begin(), talks_.all().end(), [&](const Talk& talk) {
      return talk.contact == contact && std::any_of(talk.said.begin(), talk.said.end(), [&](const Said& m) {
               return m.inbound() && m.at > since && m.at <= until;
             });
    });
  }

  // Became a lead, or had a ticket resolved.
  bool converted(const std::string& contact, Instant since, Instant known) const {
    const Instant until = std::min<Instant>(known, since + std::chrono::days(14));
    const auto inside = [&](const MaybeInstant& t) { return t && *t > since && *t <= until; };
    return std::any_of(contacts_.begin(), contacts_.end(),
                       [&](const Won& w) { return w.name == contact && inside(w.lead); }) ||
           std::any_of(tickets_.begin(), tickets_.end(),
                       [&](const Solved& t) { return t.contact == contact && inside(t.resolved); });
  }

  Crm crm_;
  Team team_;
  Dice dice_;
  Instant now_;
  RandomTalks talks_;
  RandomSpans spans_;
  std::vector<Won> contacts_;
  std::vector<Solved> tickets_;
  std::vector<Sent> campaigns_;
};

}  // namespace crm::testing
