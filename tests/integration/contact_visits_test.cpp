// Contacts of a team's or an agent's window, each once, as the table contact_visits keeps them: hand-counted, and held
// against the rows while the CRM does whatever it does.

#include "rollup/contact_visits.h"

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "history_scenario.h"
#include "rollup/verify.h"

namespace crm::testing {
namespace {

using Told = std::optional<std::pair<std::int64_t, std::int64_t>>;  // contacts, those who came before

class ContactVisits : public HistoryScenario {
 protected:
  ContactVisits() {
    given(Agent{"sue", "supervisor"}, Agent{"ann", "agent", "sue"}, Agent{"ben", "agent", "sue"}, Agent{"cat"});
  }

  static inline const std::string noon = "2026-03-10T12:00:00";
  const Scope ann{Role::agent, id("ann")};
  const Scope team{Role::supervisor, id("sue")};

  void comes(const std::string& contact, const std::string& agent, const std::string& created,
             const std::string& name = "") {
    given(Conversation{
        .name = name.empty() ? contact + created : name, .agent = agent, .created = created, .contact = contact});
  }
  void change(const std::string& name, const std::string& assignment) {
    execute(url_, "UPDATE conversations SET " + assignment + " WHERE id = '" + id(name) + "'");
  }
  void remove(const std::string& name) { execute(url_, "DELETE FROM conversations WHERE id = '" + id(name) + "'"); }

  // Of 10 March, as of noon unless said otherwise.
  Told kept(const Scope& scope, const std::string& from = "2026-03-10T00:00:00", const std::string& now = noon) {
    Question asked = question("customers", from, now, now);
    asked.scope = scope;
    const auto snapshot = open(asked);
    rollup::History history(*snapshot, settings_);
    const auto told = history.contacts(asked.query.window);
    exact_ = history.exact();
    return told ? Told({told->contacts, told->came_before}) : std::nullopt;
  }
  static Told contacts(std::int64_t all, std::int64_t came_before) { return std::pair(all, came_before); }
};

TEST_F(ContactVisits, EachContactIsOneWhoeverOfTheTeamHadIt) {
  comes("eve", "ann", "2026-03-10 08:00");
  comes("eve", "ann", "2026-03-10 09:00");
  comes("eve", "ben", "2026-03-10 10:00");
  comes("joe", "ben", "2026-03-10 10:30");
  comes("ida", "cat", "2026-03-10 10:40");  // nobody of the team's
  comes("", "ann", "2026-03-10 11:00");     // of no contact
  comes("max", "", "2026-03-10 11:10");     // nobody's
  take_steps(at(noon));
  EXPECT_EQ(kept(ann), contacts(1, 0));   // eve
  EXPECT_EQ(kept(team), contacts(2, 0));  // eve, joe
  EXPECT_EQ(kept(Scope::everyone()), std::nullopt) << "facts tell of those";
}

TEST_F(ContactVisits, WhoCameBeforeMayHaveComeToAnyone) {
  comes("eve", "cat", "2026-01-05 08:00");
  comes("eve", "ann", "2026-03-10 08:00");
  comes("joe", "", "2026-03-09 23:59:59.999999");
  comes("joe", "ann", "2026-03-10 08:10");
  comes("ida", "cat", "2026-03-10 00:00");  // in the window, not before it
  comes("ida", "ann", "2026-03-10 08:20");
  take_steps(at(noon));
  EXPECT_EQ(kept(ann), contacts(3, 2));
  EXPECT_EQ(kept(ann, "2026-03-10T08:05:00"), contacts(2, 2)) << "joe and ida, of whom both came before 08:05";
}

TEST_F(ContactVisits, ChangesThatWaitAreSeen) {
  comes("eve", "ann", "2026-03-10 08:00", "first");
  comes("joe", "ann", "2026-03-10 08:30", "second");
  take_steps(at(noon));
  ASSERT_EQ(kept(ann), contacts(2, 0));
  const auto both = [&](const Told& told) {
    EXPECT_EQ(kept(ann), told) << "waiting";
    take_steps(at(noon));
    EXPECT_EQ(kept(ann), told) << "taken";
  };
  comes("ida", "ann", "2026-03-10 09:00", "third");
  both(contacts(3, 0));
  comes("eve", "cat", "2026-03-01 09:00", "earlier");
  both(contacts(3, 1));
  remove("earlier");
  both(contacts(3, 0));
  change("second", "assigned_agent_id = '" + id("ben") + "'");
  both(contacts(2, 0));
  change("second", "assigned_agent_id = NULL");
  both(contacts(2, 0));
  change("second", "assigned_agent_id = '" + id("ann") + "'");
  both(contacts(3, 0));
  change("second", "created_at = '2026-03-09 08:00'");
  both(contacts(2, 0));  // joe came yesterday only
  change("third", "contact_id = '" + id("joe") + "'");
  both(contacts(2, 1));  // eve, and joe, who came before; ida never came
  change("third", "contact_id = NULL");
  both(contacts(1, 0));
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.contact_visits"), "2");
}

TEST_F(ContactVisits, OfTooManyChangesTheAnswerSaysThatItMayLag) {
  comes("eve", "ann", "2026-03-10 08:00");
  take_steps(at(noon));
  std::string many;
  for (int i = 0; i < 501; ++i)
    many += "INSERT INTO crm_metrics.changes (entity, id, at) VALUES ('conversation', '" + id(std::to_string(i)) +
            "', '2026-03-10 09:00');";
  execute(url_, many);
  EXPECT_EQ(kept(ann), contacts(1, 0));
  EXPECT_FALSE(exact_);
}

// Newest first, as far as there is time; windows behind it are told by the rows.
TEST_F(ContactVisits, TheTableIsUsedAsFarBackAsItIsFilled) {
  comes("eve", "ann", "2026-03-10 08:00");
  EXPECT_EQ(kept(ann), std::nullopt) << "nothing is filled before the first step";
  take_steps(at(noon));
  EXPECT_EQ(kept(ann, "2020-01-01T00:00:00"), contacts(1, 0));
  execute(url_, "UPDATE crm_metrics.visits_state SET visits_from = '2026-03-10 00:00+00'");
  EXPECT_EQ(kept(ann), contacts(1, 0));
  EXPECT_EQ(kept(ann, "2026-03-09T23:59:59"), std::nullopt);
}

TEST_F(ContactVisits, FillingGoesOnWhereItWas) {
  execute(url_,
          "INSERT INTO conversations (id, contact_id, assigned_agent_id, status, created_at) SELECT gen_random_uuid(), "
          "md5((i % 4000)::text)::uuid, '" +
              id("ann") +
              "', 'open', timestamp '2026-03-10 11:00' - (i / 3) * interval '1 minute' "
              "FROM generate_series(0, 11999) i");  // three of each minute of 66 hours: some lie on both sides of a
                                                    // batch's end
  take_step({.budget = std::chrono::milliseconds(0), .as_of = at(noon)});
  EXPECT_EQ(scalar(url_, "SELECT visits_from FROM crm_metrics.visits_state"), "infinity") << "no time";
  const auto snapshot = postgres().open({.scope = Scope::everyone(),
                                         .deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60),
                                         .as_of = at(noon),
                                         .writing = source::Writing{"rollup_state"}});
  rollup::ContactVisits visits(*snapshot);
  EXPECT_TRUE(visits.fill_more());
  EXPECT_GT(visits.filled_from(), at("2026-03-08T00:00:00"));
  snapshot->commit();
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.contact_visits"), "5001") << "whole minutes of three";
  take_steps(at(noon));
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.contact_visits"), "12000");
  EXPECT_EQ(kept(ann, "2026-03-01T00:00:00"), contacts(4000, 0));
  EXPECT_EQ(kept(ann), contacts(1983, 1983));  // 661 minutes of three; 4,000 contacts came two days before
}

TEST_F(ContactVisits, AChangeThatWasMissedFillsItAgain) {
  comes("eve", "ann", "2026-03-10 08:00", "first");
  comes("joe", "ann", "2026-03-10 08:00", "second");
  take_steps(at(noon));
  execute(url_, "ALTER TABLE conversations DISABLE TRIGGER USER");
  remove("second");
  comes("eve", "cat", "2026-03-01 08:00");
  execute(url_, "INSERT INTO crm_metrics.rescans (reason) VALUES ('a test')");
  EXPECT_EQ(kept(ann), contacts(2, 0));
  EXPECT_FALSE(exact_);
  take_steps(at(noon));
  EXPECT_EQ(kept(ann), contacts(1, 1));
  EXPECT_TRUE(exact_);
}

// As the facts: windows over what the CRM has deleted for its age still answer.
TEST_F(ContactVisits, WhatIsPrunedStays) {
  comes("eve", "ann", "2026-01-05 08:00", "old");
  comes("joe", "ann", "2026-01-05 08:00", "old too");
  comes("eve", "ann", "2026-03-10 08:00", "new");
  take_steps(at(noon));
  remove("old");
  remove("old too");
  const auto still = [&](const std::string& when) {
    EXPECT_EQ(kept(ann), contacts(1, 1)) << when;
    EXPECT_EQ(kept(ann, "2026-01-01T00:00:00"), contacts(2, 0)) << when;
  };
  still("waiting");
  take_steps(at(noon));
  still("taken");
  change("new", "assigned_agent_id = NULL");
  take_steps(at(noon));
  change("new", "assigned_agent_id = '" + id("ann") + "'");
  still("her other conversation changes");
  take_steps(at(noon));
  still("and has changed");
  execute(url_, "INSERT INTO crm_metrics.rescans (reason) VALUES ('a test')");
  take_steps(at(noon));
  still("filled again");
}

TEST_F(ContactVisits, WithoutTriggersTheRowsTell) {
  comes("eve", "ann", "2026-03-10 08:00");
  take_steps(at(noon), {.fed = false});
  EXPECT_EQ(kept(ann), std::nullopt);
  take_steps(at(noon), {.fed = true});
  EXPECT_EQ(kept(ann), contacts(1, 0));
  take_steps(at(noon), {.fed = false});
  EXPECT_EQ(kept(ann), std::nullopt);
  comes("joe", "ann", "2026-03-10 08:00");
  take_steps(at(noon), {.fed = true});
  EXPECT_EQ(kept(ann), contacts(2, 0)) << "filled anew";
}

TEST_F(ContactVisits, IdsOfAnotherTypeThanTheViewsLeaveItEmpty) {
  execute(url_, "ALTER TABLE crm_metrics.contact_visits ALTER COLUMN contact_id TYPE text");
  comes("eve", "ann", "2026-03-10 08:00");
  take_steps(at(noon));
  EXPECT_EQ(kept(ann), std::nullopt);
}

TEST_F(ContactVisits, VerifyFindsWhatDoesNotHold) {
  comes("eve", "cat", "2026-03-08 08:00");
  comes("eve", "ann", "2026-03-10 08:00");
  take_steps(at(noon));
  const auto differences = [&] {
    std::vector<std::string> found;
    rollup::verify(house(), {.windows = 40, .as_of = at(noon)},
                   [&](const rollup::Difference& one) { found.push_back(one.fact + "." + one.column); }, {});
    return found;
  };
  EXPECT_TRUE(differences().empty());
  execute(url_, "UPDATE crm_metrics.contact_visits SET first_at = created_at");
  const auto found = differences();
  ASSERT_FALSE(found.empty());
  for (const std::string& one : found) EXPECT_EQ(one, "contacts.came_before");
}

}  // namespace
}  // namespace crm::testing
