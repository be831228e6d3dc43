// Contacts of a window from visits: by hand, on prepared sources. 10 March 2026 is the 20,522nd day of UTC since 1970.

#include <optional>

#include <gtest/gtest.h>

#include <crm/sdk/contacts.h>
#include <crm/sdk/testing/fake_calendar.h>
#include <crm/sdk/testing/fake_sources.h>

namespace {

using namespace crm;
using crm::testing::at;

class Contacts : public ::testing::Test {
 protected:
  // Conversations of the window by the day of the one before: 1 none, 2 the 9th, 4 the 10th, 8 the 11th.
  Contacts() {
    sources_.add_events("visits", {.columns = {"came"},
                                   .events = {{at("2026-03-12T10:00:00Z"), {}, {}, {1}},
                                              {at("2026-03-12T10:00:00Z"), {}, "20521", {2}},
                                              {at("2026-03-12T10:00:00Z"), {}, "20522", {4}},
                                              {at("2026-03-12T10:00:00Z"), {}, "20523", {8}}}});
    sources_.add_rows("test/at_edge", [this](const Args& args) {
      edge_ = std::get<Instant>(args.at(0).value);
      EXPECT_EQ(args.at(0).name, "edge");
      EXPECT_EQ(std::get<Instant>(args.at(1).value), from_);
      EXPECT_EQ(std::get<Instant>(args.at(2).value), at("2026-03-13T00:00:00Z"));
      return Rows({"contacts"}, {{"1"}});
    });
  }

  std::int64_t contacts_since(const std::string& from) {
    from_ = at(from);
    return contacts_of_everyone(sources_, {"test/at_edge", "SELECT :agents"}, {from_, at("2026-03-13T00:00:00Z")});
  }

  crm::testing::FakeSources sources_{at("2026-03-13T00:00:00Z")};
  Instant from_{};
  std::optional<Instant> edge_;
};

TEST_F(Contacts, AreThoseWhoseConversationBeforeWasBeforeTheWindow) {
  EXPECT_EQ(contacts_since("2026-03-10T00:00:00Z"), 1 + 2) << "none before, or on the 9th";
  EXPECT_EQ(contacts_since("2026-03-11T00:00:00Z"), 1 + 2 + 4);
  EXPECT_FALSE(edge_) << "a window that begins with a day of UTC needs no rows";
}

TEST_F(Contacts, OfAWindowThatBeginsInTheMorningAreMoreByThoseOfTheNight) {
  EXPECT_EQ(contacts_since("2026-03-10T05:30:00Z"), 1 + 2 + 1) << "one of the four had it before half past five";
  EXPECT_EQ(edge_, at("2026-03-10T00:00:00Z"));
}

TEST_F(Contacts, OfAWindowThatBeginsInTheEveningAreLessByThoseOfThatEvening) {
  EXPECT_EQ(contacts_since("2026-03-10T23:00:00Z"), 1 + 2 + 4 - 1) << "one of the four had it after eleven";
  EXPECT_EQ(edge_, at("2026-03-11T00:00:00Z"));
}

TEST_F(Contacts, AreNoneWithoutConversations) {
  sources_.remove_view("conversations", {"visits"});
  EXPECT_EQ(contacts_since("2026-03-10T05:30:00Z"), 0);
}

}  // namespace
