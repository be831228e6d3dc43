// What Prometheus is shown of whatsapp-performance.

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/testing/fake_calendar.h>

#include "failure_codes.h"
#include "report.h"

namespace whatsapp {
namespace {

using crm::Session;
using crm::testing::at;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "family label label" → value; a state set's state is its last label.
std::map<std::string, double> values(const std::vector<crm::Sample>& samples) {
  std::map<std::string, double> values;
  for (const auto& sample : samples) {
    std::string name = sample.family;
    for (const std::string& label : sample.labels) name += " " + label;
    if (sample.state) name += " " + *sample.state;
    EXPECT_TRUE(values.emplace(name, sample.value).second) << name << " is there twice";
  }
  return values;
}

std::vector<std::string> labels_of(const std::string& family, const std::vector<crm::Sample>& samples) {
  std::vector<std::string> labels;
  for (const auto& sample : samples) {
    if (sample.family == family) labels.push_back(sample.labels.front());
  }
  return labels;
}

TEST(Samples, OfMessagesAreEveryDirectionAndEvent) {
  Counters counters;
  counters.inbound = 11;
  counters.outbound = Fates{.sent = 9, .delivered = 8, .read = 6, .failed = 1};
  counters.broadcasts = Broadcasts{.recipients = 5, .messages = {.sent = 4, .delivered = 3, .read = 2, .failed = 1}};
  const std::map<std::string, double> expected{
      {"crm_messages_total inbound received", 11},  {"crm_messages_total outbound sent", 9},
      {"crm_messages_total outbound delivered", 8}, {"crm_messages_total outbound read", 6},
      {"crm_messages_total outbound failed", 1},    {"crm_campaign_messages_total created", 5},
      {"crm_campaign_messages_total sent", 4},      {"crm_campaign_messages_total delivered", 3},
      {"crm_campaign_messages_total read", 2},      {"crm_campaign_messages_total failed", 1}};
  EXPECT_EQ(values(to_samples({}, counters, {}, 200)), expected);
}

TEST(Samples, OfFailuresHaveEveryKnownCodeAtZeroAndTheRestInOther) {
  Counters counters;
  counters.failures = {{"131026", 4}, {"131049", 2}, {"131998", 3}, {"131999", 1}, {"none", 5}};
  auto failures = values(to_samples({}, counters, {}, 200));
  EXPECT_EQ(failures.size(), failure_codes().size());
  EXPECT_EQ(failures.at("crm_message_failures_total 131026 recipient"), 4);
  EXPECT_EQ(failures.at("crm_message_failures_total 131049 none"), 2);
  EXPECT_EQ(failures.at("crm_message_failures_total other unknown"), 4);  // 3 + 1
  EXPECT_EQ(failures.at("crm_message_failures_total none unknown"), 5);
  EXPECT_EQ(failures.at("crm_message_failures_total 131042 system"), 0);
  double all = 0;
  for (const auto& [name, value] : failures) all += value;
  EXPECT_EQ(all, 15) << "every failure is counted once: 4 + 2 + 3 + 1 + 5";
}

TEST(Samples, OfSessionsAreTheirStateAndWhenTheyWereSeen) {
  Performance performance;
  performance.sessions = {{.id = "4915100000001",
                           .phone_number = "",
                           .label = "…0001-a1b2",
                           .state = Session::State::connected,
                           .last_seen = at("2026-03-10T00:00:00.5Z")},
                          {.id = "x", .phone_number = "", .label = "x-c3d4"}};
  const std::map<std::string, double> expected{
      {"crm_sessions connected", 1},
      {"crm_sessions disconnected", 1},
      {"crm_sessions reconnecting", 0},
      {"crm_session_state …0001-a1b2 connected", 0},
      {"crm_session_last_seen_timestamp_seconds …0001-a1b2", 1773100800.5},  // 2026-03-10 00:00:00 UTC
      {"crm_session_state x-c3d4 disconnected", 0}};
  EXPECT_EQ(values(to_samples(performance, {}, {}, 200)), expected);
}

TEST(Samples, OfDeliveriesAreWhatWaitsAndOfConnectedSessionsAlsoThatNothingDoes) {
  Performance performance;
  performance.sessions = {{.id = "1", .phone_number = "", .label = "a", .state = Session::State::connected},
                          {.id = "2", .phone_number = "", .label = "b", .state = Session::State::connected},
                          {.id = "3", .phone_number = "", .label = "c"}};
  const Undelivered stalled{.messages = 12, .age = std::chrono::milliseconds(900'500)};
  const auto samples =
      values(to_samples(performance, {}, {.all = stalled, .by_session = {{{"1", stalled}, {"3", stalled}}}}, 200));
  EXPECT_EQ(samples.at("crm_undelivered_messages"), 12);
  EXPECT_EQ(samples.at("crm_undelivered_seconds"), 900.5);
  EXPECT_EQ(samples.at("crm_session_undelivered_messages a"), 12);
  EXPECT_EQ(samples.at("crm_session_undelivered_seconds a"), 900.5);
  EXPECT_EQ(samples.at("crm_session_undelivered_messages b"), 0);
  EXPECT_EQ(samples.at("crm_session_undelivered_seconds b"), 0);
  EXPECT_EQ(samples.count("crm_session_undelivered_messages c"), 0U) << "it is down, which is told already";
  const auto untold = values(to_samples(performance, {}, {.all = Undelivered{}}, 200));
  EXPECT_EQ(untold.at("crm_undelivered_messages"), 0);
  EXPECT_EQ(untold.count("crm_session_undelivered_messages a"), 0U) << "the CRM does not say who sent what";
}

TEST(Samples, OfManySessionsAreTheSameOnesEveryTimeAndAllAreCounted) {
  Performance performance;
  performance.sessions = {{.id = "3", .phone_number = "", .label = "c"},
                          {.id = "1", .phone_number = "", .label = "a"},
                          {.id = "2", .phone_number = "", .label = "b"}};
  const auto samples = to_samples(performance, {}, {}, 2);
  EXPECT_THAT(labels_of("crm_session_state", samples), ElementsAre("a", "b"));
  EXPECT_EQ(values(samples).at("crm_sessions disconnected"), 3);
  EXPECT_THAT(labels_of("crm_session_state", to_samples(performance, {}, {}, 0)), IsEmpty());
}

TEST(Samples, OfASessionThatTheViewHasTwiceAreThoseOfTheFirst) {
  Performance performance;
  performance.sessions = {{.id = "1", .phone_number = "", .label = "a", .state = Session::State::connected},
                          {.id = "1", .phone_number = "", .label = "a"}};
  EXPECT_EQ(values(to_samples(performance, {}, {}, 200)).count("crm_session_state a connected"), 1U);
}

TEST(Samples, OfAQueueAreEveryStateAndItsTotals) {
  Performance performance;
  performance.queues = {{.queue = "out",
                         .jobs = {{"waiting", 4}, {"active", 1}, {"a state that is new", 9}},
                         .depth = 5,
                         .completed_total = 1'000,
                         .failed_total = 3,
                         .oldest_waiting = std::chrono::milliseconds(1'500),
                         .paused = true},
                        {.queue = "dead"}};
  const auto queue = values(to_samples(performance, {}, {}, 200));
  EXPECT_EQ(queue.at("crm_queue_jobs out waiting"), 4);
  EXPECT_EQ(queue.at("crm_queue_jobs out active"), 1);
  EXPECT_EQ(queue.at("crm_queue_jobs out waiting_children"), 0);
  EXPECT_EQ(queue.count("crm_queue_jobs out a state that is new"), 0U) << "labels are a closed set";
  EXPECT_EQ(queue.at("crm_queue_oldest_waiting_seconds out"), 1.5);
  EXPECT_EQ(queue.at("crm_queue_completed_total out"), 1'000);
  EXPECT_EQ(queue.at("crm_queue_failed_total out"), 3);
  EXPECT_EQ(queue.at("crm_queue_paused out"), 1);
  EXPECT_EQ(queue.at("crm_queue_paused dead"), 0);
  EXPECT_EQ(queue.count("crm_queue_oldest_waiting_seconds dead"), 0U) << "nobody waits there";
  EXPECT_EQ(queue.size(), 2 * crm::queue_states.size() + 4 + 3);
}

TEST(Samples, LeaveOutWhatTheCrmDoesNotHaveAndWhatCouldNotBeRead) {
  EXPECT_THAT(to_samples({}, {}, {}, 200), IsEmpty());
}

}  // namespace
}  // namespace whatsapp
