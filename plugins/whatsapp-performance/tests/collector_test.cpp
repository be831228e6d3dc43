// The collector against prepared sources: which questions it asks, and what it makes of the answers.

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>
#include <crm/sdk/testing/fake_calendar.h>
#include <crm/sdk/testing/fake_config.h>
#include <crm/sdk/testing/fake_sources.h>
#include <crm/sdk/testing/request.h>

extern "C" const crm::PluginDescriptor* crm_plugin_descriptor();

namespace {

using namespace crm;
namespace kit = crm::testing;
using crm::testing::at;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Noon of a Tuesday, UTC.
const Instant noon = at("2026-03-10T12:00:00Z");
const std::string fine_id = "00000000-0000-4000-8000-000000000001";

// Sources whose queue or sessions fail as told.
class Sources : public kit::FakeSources {
 public:
  using FakeSources::FakeSources;
  std::function<void()> before_queues = [] {};
  std::function<void()> before_sessions = [] {};

  std::vector<QueueState> queues() override {
    before_queues();
    return FakeSources::queues();
  }
  std::vector<Session> sessions() override {
    before_sessions();
    return FakeSources::sessions();
  }
};

Rows failures(int count) {
  std::vector<Rows::Cells> cells;
  for (int i = 0; i < count; ++i) {
    cells.push_back({"00000000-0000-4000-8000-00000000000" + std::to_string(9 - i), "4915123456789", "131026",
                     "131026: Message undeliverable", "2026-03-10 11:00:0" + std::to_string(9 - i) + ".5+00"});
  }
  return {{"id", "recipient", "code", "reason", "at"}, std::move(cells)};
}

class WhatsAppCollector : public ::testing::Test {
 protected:
  WhatsAppCollector() {
    sources_.add_events("messages", {.columns = {"inbound", "outbound", "sent", "delivered", "read", "failed",
                                                 "unknown_sender", "unknown_status"},
                                     .events = {{at("2026-03-10T09:00:00Z"), "ann", {}, {1, 0, 0, 0, 0, 0, 0, 0}},
                                                {at("2026-03-10T09:01:00Z"), "ann", {}, {0, 1, 1, 1, 1, 0, 0, 1}},
                                                {at("2026-03-10T11:00:00Z"), "bob", {}, {0, 1, 1, 0, 0, 1, 1, 0}},
                                                {at("2026-03-09T09:00:00Z"), "ann", {}, {0, 1, 1, 1, 0, 0, 0, 0}}}});
    sources_.add_events("campaign_messages", {.columns = {"created", "sent", "delivered", "read", "failed"},
                                              .events = {{at("2026-03-10T09:00:00Z"), {}, {}, {1, 1, 1, 0, 0}},
                                                         {at("2026-03-10T09:00:00Z"), {}, {}, {1, 1, 0, 0, 1}},
                                                         {at("2026-03-10T09:00:00Z"), {}, {}, {1, 0, 0, 0, 0}}}});
    sources_.add_events("message_failures", {.columns = {"failed"},
                                             .events = {{at("2026-03-10T11:00:00Z"), "bob", "131026", {1}},
                                                        {at("2026-03-10T11:00:00Z"), "bob", "none", {1}}}});
    sources_.add_rows("whatsapp-performance/failed_messages", failures(1));
    sources_.add_rows("whatsapp-performance/undelivered", {{"waiting", "since"}, {{"0", std::nullopt}}});
    sources_.add_rows("whatsapp-performance/undelivered_by_session", Rows::of_absent_view("messages.session_id"));
    sources_.set_sessions({{.id = "s1", .phone_number = "", .label = "s1", .state = Session::State::connected}});
    sources_.set_queues({{.queue = "out", .depth = 3, .completed_last_minute = 2}});
  }

  Json collect(kit::RequestBuilder& asked) {
    report_ = collector().collect(asked.request(), sources_);
    return *report_.document;
  }
  Json collect() {
    kit::RequestBuilder asked(noon);
    asked.page(50);
    return collect(asked);
  }
  Json collect_behind(std::vector<std::string> after) {
    kit::RequestBuilder asked(noon);
    asked.page(50, std::move(after));
    return collect(asked);
  }

  const Collector& collector() {
    if (collectors_.empty()) collectors_ = crm_plugin_descriptor()->factory(kit::FakeConfig{});
    return *collectors_.front();
  }

  const Args& args_of_failed() {
    const auto& asked = sources_.statements_asked();
    return std::find_if(asked.rbegin(), asked.rend(),
                        [](const auto& one) { return one.statement == "whatsapp-performance/failed_messages"; })
        ->args;
  }

  Sources sources_{noon};
  Collectors collectors_;
  Report report_;
};

TEST_F(WhatsAppCollector, CountsTheWindowThatWasAskedFor) {
  EXPECT_EQ(collect()["messageFunnel"].dump(), R"({"sent":2,"delivered":1,"read":1,"failed":1})");
  kit::RequestBuilder two_days(noon);
  two_days.last_days(2).page(50);
  EXPECT_EQ(collect(two_days)["messageFunnel"].dump(), R"({"sent":3,"delivered":2,"read":1,"failed":1})");
}

TEST_F(WhatsAppCollector, CountsBroadcastsByTheirMessages) {
  EXPECT_EQ(collect()["broadcastSuccessRate"].dump(),
            R"({"total":3,"successful":1,"failed":1,"percentage":33.3})");  // 1 of 3
  sources_.limit_to({"ann", "bob"});
  EXPECT_EQ(collect()["broadcastSuccessRate"].dump(), R"({"total":0,"successful":0,"failed":0,"percentage":100.0})");
}

TEST_F(WhatsAppCollector, GivesAPageAndSaysWhatFollowsItOnlyIfSomethingDoes) {
  sources_.add_rows("whatsapp-performance/failed_messages", failures(3));
  kit::RequestBuilder asked(noon);
  asked.page(2);
  EXPECT_EQ(collect(asked)["failedMessages"].size(), 2U);
  EXPECT_THAT(report_.next,
              ElementsAre("2026-03-10T11:00:08.500000Z", "00000000-0000-4000-8000-000000000008"));  // the second's
  EXPECT_EQ(std::get<std::int64_t>(args_of_failed()[2].value), 3) << "one more than the page, to see whether there is";
  asked.page(3);
  EXPECT_EQ(collect(asked)["failedMessages"].size(), 3U);
  EXPECT_THAT(report_.next, IsEmpty());
}

TEST_F(WhatsAppCollector, BeginsAPageBehindTheKeysOfTheOneBefore) {
  collect_behind({"2026-03-10T11:00:08.500001Z", fine_id});
  const Args& args = args_of_failed();
  EXPECT_EQ(std::get<Instant>(args[0].value), at("2026-03-10T11:00:08.500001Z"));
  const auto& id = std::get<IdArg>(args[1].value);
  EXPECT_EQ(id.value, fine_id);
  EXPECT_EQ(id.view + "." + id.column, "messages.message_id");
  EXPECT_EQ(id.parameter, "cursor");
}

TEST_F(WhatsAppCollector, BeginsTheFirstPageBehindAMomentThatHasNotCome) {
  collect();
  EXPECT_GT(std::get<Instant>(args_of_failed()[0].value), noon);
  EXPECT_EQ(std::get<IdArg>(args_of_failed()[1].value).value, std::nullopt);
}

TEST_F(WhatsAppCollector, RefusesKeysThatNoPageOfItsOwnGave) {
  for (const std::vector<std::string>& keys : std::vector<std::vector<std::string>>{
           {"yesterday", fine_id}, {"2026-03-10T11:00:00Z"}, {"2026-03-10T11:00:00Z", fine_id, "more"}, {"", ""}}) {
    try {
      collect_behind(keys);
      ADD_FAILURE() << keys.front() << " was taken";
    } catch (const BadParameter& error) {
      EXPECT_EQ(error.parameter(), "cursor");
    }
  }
}

TEST_F(WhatsAppCollector, SkipsAFailureThatCannotBeReadAndCountsIt) {
  Rows rows({"id", "recipient", "code", "reason", "at"},
            {{std::nullopt, "1", "1", "1", "2026-03-10 11:00:00+00"},
             {"b", std::nullopt, std::nullopt, std::nullopt, "2026-03-10 10:00:00+00"},
             {"c", "1", "1", "1", "-infinity"}});
  sources_.add_rows("whatsapp-performance/failed_messages", rows);
  EXPECT_EQ(collect()["failedMessages"].dump(),
            R"([{"id":"b","recipient":"","error":"unknown","timestamp":"2026-03-10T10:00:00+00:00"}])");
  EXPECT_EQ(sources_.skipped_rows().size(), 2U);
}

TEST_F(WhatsAppCollector, HidesPhoneNumbersFromAgentsOnly) {
  const auto recipient = [&](Role role) {
    kit::RequestBuilder asked(noon);
    asked.scope({role, "ann"}).page(50).document_only();
    return collect(asked)["failedMessages"][0]["recipient"].get<std::string>();
  };
  EXPECT_EQ(recipient(Role::agent), "…6789");
  EXPECT_EQ(recipient(Role::supervisor), "4915123456789");
  EXPECT_EQ(recipient(Role::owner), "4915123456789");
}

TEST_F(WhatsAppCollector, GoesOnWithoutTheQueueAndSaysSo) {
  sources_.before_queues = [] { throw SourceUnavailable("Redis at 127.0.0.1:6379 is away"); };
  const Json json = collect();
  EXPECT_EQ(json["queueMetrics"].dump(), R"({"depth":null,"processingRate":null})");
  EXPECT_EQ(json["messageFunnel"]["sent"], 2) << "the rest goes on";
  ASSERT_EQ(report_.partial.size(), 1U);
  EXPECT_EQ(report_.partial[0].what, "queue: Redis at 127.0.0.1:6379 is away");
  for (const auto& sample : report_.samples)
    EXPECT_THAT(sample.family, ::testing::Not(HasSubstr("crm_queue"))) << "no zeros";
}

TEST_F(WhatsAppCollector, GoesOnWithoutAQueueThatHangs) {
  sources_.before_queues = [] { throw DeadlineExceeded("Redis did not answer"); };
  EXPECT_TRUE(collect()["queueMetrics"]["depth"].is_null());
  EXPECT_EQ(report_.partial[0].what, "queue: Redis did not answer");
}

TEST_F(WhatsAppCollector, TakesNoQueueAtAllForOneThatCannotBeRead) {
  sources_.set_queues({});
  EXPECT_TRUE(collect()["queueMetrics"]["depth"].is_null());
  EXPECT_EQ(report_.partial[0].what, "queue: no queue could be read");
}

TEST_F(WhatsAppCollector, GoesOnWithoutSessionsAndSaysSo) {
  sources_.before_sessions = [] { throw SourceUnavailable("the gateway is away"); };
  const Json json = collect();
  EXPECT_TRUE(json["activeSessions"].is_null());
  EXPECT_EQ(json["queueMetrics"]["depth"], 3);
  EXPECT_EQ(report_.partial[0].what, "sessions: the gateway is away");
}

TEST_F(WhatsAppCollector, WithoutSessionsToKnowOfHasAnEmptyListAndNoSeries) {
  const auto families = [&] {
    collect();
    std::set<std::string> names;
    for (const auto& sample : report_.samples) names.insert(sample.family);
    return names;
  };
  sources_.set_sessions({});
  EXPECT_TRUE(families().contains("crm_sessions")) << "a view without rows: there are none";
  sources_.remove_view("whatsapp_sessions");
  EXPECT_FALSE(families().contains("crm_sessions")) << "no view: nobody knows";
  EXPECT_THAT((*report_.document)["activeSessions"], IsEmpty());
  EXPECT_THAT(report_.partial, IsEmpty());
  sources_.set_sessions({{.id = "s1", .phone_number = "", .label = "s1"}});
  EXPECT_TRUE(families().contains("crm_session_state")) << "the gateway told";
}

TEST_F(WhatsAppCollector, CountsUnknownWordsAndSamplesForTheSchedulerOnly) {
  collect();
  EXPECT_THAT(sources_.unknown_words(), ElementsAre(kit::FakeSources::UnknownWord{"messages", "sender_type", 1},
                                                    kit::FakeSources::UnknownWord{"messages", "delivery_status", 1}));
  EXPECT_EQ(sources_.facts_asked().size(), 2U + 3) << "two of the window, three counters";
  kit::RequestBuilder person(noon);
  person.page(50).document_only();
  collect(person);
  EXPECT_THAT(report_.samples, IsEmpty());
  EXPECT_EQ(sources_.unknown_words().size(), 2U);
  EXPECT_EQ(sources_.facts_asked().size(), 5U + 2);
}

TEST_F(WhatsAppCollector, WithoutCampaignsIsTheRestAndNoSeriesOfThem) {
  sources_.remove_view("campaign_recipients", {"campaign_messages"});
  const Json json = collect();
  EXPECT_EQ(json["broadcastSuccessRate"].dump(), R"({"total":0,"successful":0,"failed":0,"percentage":100.0})");
  EXPECT_EQ(json["messageFunnel"]["sent"], 2);
  for (const auto& sample : report_.samples) EXPECT_NE(sample.family, "crm_campaign_messages_total");
}

TEST_F(WhatsAppCollector, WithoutMessagesIsSessionsAndQueue) {
  sources_.remove_view("messages", {"messages", "campaign_messages", "message_failures"});
  const Json json = collect();
  EXPECT_EQ(json["messageFunnel"].dump(), R"({"sent":0,"delivered":0,"read":0,"failed":0})");
  EXPECT_THAT(json["failedMessages"], IsEmpty());
  EXPECT_EQ(json["activeSessions"].size(), 1U);
  for (const auto& sample : report_.samples) EXPECT_THAT(sample.family, ::testing::Not(HasSubstr("message")));
}

TEST_F(WhatsAppCollector, LooksForDeliveriesOfTheLastHour) {
  sources_.add_rows("whatsapp-performance/undelivered", {{"waiting", "since"}, {{"3", "2026-03-10 11:45:00+00"}}});
  sources_.add_rows("whatsapp-performance/undelivered_by_session",
                    {{"session_id", "waiting", "since"}, {{"s1", "2", "2026-03-10 11:50:00+00"}}});
  collect();
  std::map<std::string, double> said;
  for (const auto& sample : report_.samples) {
    if (sample.family.find("undelivered") != std::string::npos) said[sample.family] = sample.value;
  }
  const std::map<std::string, double> expected{{"crm_undelivered_messages", 3},
                                               {"crm_undelivered_seconds", 900},  // 11:45 to 12:00
                                               {"crm_session_undelivered_messages", 2},
                                               {"crm_session_undelivered_seconds", 600}};
  EXPECT_EQ(said, expected);
  for (const auto& asked : sources_.statements_asked()) {
    if (asked.statement.find("undelivered") == std::string::npos) continue;
    EXPECT_EQ(std::get<Instant>(asked.args.at(0).value), at("2026-03-10T11:00:00Z"));
  }
}

TEST_F(WhatsAppCollector, DeclaresEveryFamilyThatItReturns) {
  collect();
  std::set<std::string> declared;
  for (const auto& family : collector().describe().families) declared.insert(family.name);
  for (const auto& sample : report_.samples) EXPECT_TRUE(declared.contains(sample.family)) << sample.family;
  EXPECT_EQ(declared.size(), 15U);
}

TEST_F(WhatsAppCollector, HasAJsonSchemaThatParses) {
  const Json schema = Json::parse(collector().describe().json_schema);
  const Json json = collect();
  EXPECT_EQ(schema["required"].size(), json.size());
  for (const auto& field : schema["required"]) EXPECT_TRUE(json.contains(field.get<std::string>())) << field;
}

TEST(WhatsAppOptions, LimitTheSessionsThatHaveSeries) {
  const auto made_with = [](std::int64_t most) {
    const kit::FakeConfig config({{"max_sessions", most}});
    const Collectors collectors = crm_plugin_descriptor()->factory(config);
    EXPECT_THAT(config.unknown(), IsEmpty());
    return collectors.size();
  };
  EXPECT_EQ(made_with(0), 1U);
  EXPECT_EQ(made_with(10'000), 1U);
  EXPECT_THROW(made_with(-1), ConfigError);
  EXPECT_THROW(made_with(10'001), ConfigError);
}

}  // namespace
