// campaignConversion of business-impact over a real PostgreSQL: hand-counted.

#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "business_fixture.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::ElementsAre;

class BusinessCampaigns : public BusinessImpact {};
CRM_ON_EVERY_CRM(BusinessCampaigns);

TEST_P(BusinessCampaigns, CountsRecipientsWhoseMessageLeftTheQueue) {
  given(Campaign{.name = "spring", .created = "2026-03-01 08:00"},
        Campaign{.name = "empty", .created = "2026-03-02 08:00"}, Recipient{.campaign = "spring", .contact = "waits"},
        Recipient{.campaign = "spring", .contact = "lost", .message = "no such message"});
  sent("spring", "k1", "2026-03-01 09:00");
  sent("spring", "k2", "2026-03-01 09:00", "failed");
  sent("spring", "k3", "2026-03-01 09:00", "read");
  sent("spring", "k4", "2026-03-01 09:00", "pending");
  sent("spring", "k5", "2026-03-01 09:00", "pending", "2026-03-01 09:05");
  wrote("k4", "2026-03-01 10:00");
  // k1, k2, k3, k5; k4 answered to none of it
  EXPECT_THAT(campaigns(ask()), ElementsAre("empty 0 0 0 0.0", "spring 4 0 0 0.0"));
}

TEST_P(BusinessCampaigns, CountsAnswersWithinThreeDays) {
  given(Campaign{.name = "spring", .created = "2026-03-01 08:00"});
  sent("spring", "k1", "2026-03-01 09:00");
  wrote("k1", "2026-03-04 09:00");  // at the last instant
  sent("spring", "k2", "2026-03-01 09:00");
  wrote("k2", "2026-03-04 09:00:01");
  sent("spring", "k3", "2026-03-01 09:00");
  wrote("k3", "2026-03-01 09:00");  // not after it
  sent("spring", "k4", "2026-03-01 09:00", "sent", "2026-03-01 12:00");
  wrote("k4", "2026-03-01 10:00");  // before it was sent
  sent("spring", "k5", "2026-03-01 09:00", "sent", "2026-03-01 12:00");
  wrote("k5", "2026-03-04 11:00");  // it counts from when it was sent
  wrote("k5", "2026-03-04 11:30");
  sent("spring", "k6", "2026-03-09 09:00");
  wrote("k6", "2026-03-10 12:00:01");  // that has not come
  EXPECT_THAT(campaigns(ask()), ElementsAre("spring 6 2 0 0.0")) << "k1 and k5, each once";
  settings_.campaign.response_window = std::chrono::hours(73);
  EXPECT_THAT(campaigns(ask()), ElementsAre("spring 6 3 0 0.0")) << "k2";
}

TEST_P(BusinessCampaigns, CountsConversionsOfFourteenDays) {
  given(Campaign{.name = "spring", .created = "2026-02-15 08:00"});
  for (const char* contact : {"k1", "k2", "k3", "k4", "k5", "k6", "k7"}) sent("spring", contact, "2026-02-15 09:00");
  lead("k1", "2026-03-01 09:00", "ann");  // at the last instant
  lead("k2", "2026-03-01 09:00:01", "ann");
  lead("k3", "2026-02-15 09:00", "ann");  // not after it
  const auto ticket = [&](const char* contact, const char* resolved) {
    given(Ticket{
        .agent = "bob", .priority = "low", .created = "2026-02-01 09:00", .resolved = resolved, .contact = contact});
  };
  ticket("k4", "2026-02-20 09:00");
  ticket("k4", "2026-02-21 09:00");
  ticket("k5", "2026-02-14 09:00");
  ticket("k6", "");
  given(Ticket{.priority = "low", .created = "2026-02-01 09:00", .resolved = "2026-02-20 09:00"});  // of no contact
  EXPECT_THAT(campaigns(ask()), ElementsAre("spring 7 0 2 28.6")) << "k1 and k4, each once; 2 ÷ 7";
  execute(url_, "UPDATE campaign_recipients SET status = 'converted' WHERE contact_id = '" + id("k6") + "'");
  execute(url_,
          "UPDATE campaign_recipients SET converted_at = '2026-03-08 09:00' WHERE contact_id = '" + id("k7") + "'");
  EXPECT_THAT(campaigns(ask()), ElementsAre("spring 7 0 4 57.1")) << "marked by a word, or at an instant, of any day";
  execute(url_,
          "UPDATE campaign_recipients SET converted_at = '2026-03-10 12:01' WHERE contact_id = '" + id("k7") + "'");
  EXPECT_THAT(campaigns(ask()), ElementsAre("spring 7 0 3 42.9")) << "that has not come";
}

TEST_P(BusinessCampaigns, ListsTheTenNewestCampaignsOfAllToThoseWhoSeeAll) {
  for (int i = 1; i <= 9; ++i) {
    given(Campaign{.name = fmt::format("c{}", i), .created = fmt::format("2025-0{}-01 08:00", i)});
  }
  given(Campaign{.name = "a", .created = "2025-12-01 08:00"}, Campaign{.name = "B", .created = "2025-12-01 08:00"},
        Campaign{.name = "to come", .created = "2026-03-10 12:01"});
  sent("c9", "k1", "2025-09-02 09:00");
  lead("k1", "2025-09-03 09:00");
  const std::vector<std::string> newest{"B 0 0 0 0.0",  "a 0 0 0 0.0",  "c9 1 0 1 100.0", "c8 0 0 0 0.0",
                                        "c7 0 0 0 0.0", "c6 0 0 0 0.0", "c5 0 0 0 0.0",   "c4 0 0 0 0.0",
                                        "c3 0 0 0 0.0", "c2 0 0 0 0.0"};
  EXPECT_EQ(campaigns(ask()), newest) << "of one instant by name in code point order";
  EXPECT_EQ(campaigns(ask(Scope::everyone(), 1)), newest) << "whatever the window";
  EXPECT_EQ(campaigns(ask(Scope{Role::admin, id_of("max")})), newest);
  for (const Scope& scope : {agent("ann"), supervisor("sue"), supervisor("tom")}) {
    EXPECT_EQ(ask(scope)["campaignConversion"], Json::array()) << "they are the company's";
  }
}

}  // namespace
