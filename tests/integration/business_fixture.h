#pragma once
// A company whose business is counted by the real collector. Unless a test says otherwise it is Tuesday, 10 March 2026,
// 12:00 UTC, and the window the last 30 days, from 9 February.

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "crm_fixture.h"
#include "section_house.h"

namespace crm::testing {

inline const Instant noon = at("2026-03-10T12:00:00Z");

class BusinessImpact : public OnEveryCrm {
 protected:
  // ann and bob are sue's, tom leads nobody, max is an admin; gone has no profile any more.
  BusinessImpact() {
    given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "bob", .supervisor = "sue"},
          Agent{.name = "sue", .role = "supervisor"}, Agent{.name = "tom", .role = "supervisor"},
          Agent{.name = "max", .role = "admin"});
  }
  void lead(const std::string& name, const std::string& when, const std::string& who = "") {
    given(Contact{.name = name, .lead = when, .agent = who});
  }
  void solved(const std::string& when, const std::string& who = "") {
    given(Ticket{.agent = who, .priority = "low", .created = "2026-01-01 09:00", .resolved = when});
  }
  void came(const std::string& contact, const std::string& when, const std::string& who = "ann") {
    given(Conversation{.name = contact + when + who, .agent = who, .created = when, .contact = contact});
  }
  // A campaign's message to a contact.
  void sent(const std::string& campaign, const std::string& contact, const std::string& created,
            const std::string& status = "sent", const std::string& sent_at = "") {
    const std::string name = campaign + " to " + contact;
    given(
        Message{
            .sender = "system", .at = created, .status = status, .sent = sent_at, .campaign = campaign, .name = name},
        Recipient{.campaign = campaign, .contact = contact, .message = name});
  }
  void wrote(const std::string& contact, const std::string& when) {
    came(contact, when);
    given(Message{.conversation = contact + when + "ann", .sender = "customer", .at = when});
  }
  void replied(const std::string& name, const std::string& who, const std::string& when) {
    given(Conversation{.name = name, .agent = who, .created = when},
          Message{.conversation = name, .sender = "customer", .at = when},
          Message{.conversation = name, .sender = "agent", .at = when});
  }
  void solved_by_the_bot(const std::string& name, const std::string& who, const std::string& when) {
    given(Conversation{.name = name, .agent = who, .created = when, .resolved = when},
          Message{.conversation = name, .sender = "bot", .at = when});
  }

  SectionAnswer ask(const Scope& scope = Scope::everyone(), int days = 30) const {
    return ask(utc_calendar().last_days(noon, days), scope);
  }
  SectionAnswer ask(const Period& period, const Scope& scope = Scope::everyone(), Instant as_of = noon,
                    const Calendar& calendar = utc_calendar()) const {
    return SectionHouse(url_, settings_).ask({as_of, period, scope, {}, &calendar});
  }
  static Period from_to(const std::string& from, const std::string& to) {
    const Window window{at(from), at(to)};
    return {window, {window.from - window.length(), window.from}};
  }
  static SectionQuestion month() { return {noon, utc_calendar().last_days(noon, 30)}; }
  // "name sent responded converted rate" of each campaign.
  static std::vector<std::string> campaigns(const SectionAnswer& answer) {
    std::vector<std::string> all;
    for (const Json& row : answer["campaignConversion"]) {
      const auto name = row.at("campaignName").get<std::string>();
      EXPECT_EQ(row.at("campaignId").get<std::string>(), id_of(name));
      all.push_back(fmt::format("{} {} {} {} {}", name, row.at("sent").dump(), row.at("responded").dump(),
                                row.at("converted").dump(), row.at("conversionRate").dump()));
    }
    return all;
  }

  Settings settings_;
};

}  // namespace crm::testing
