// whatsapp-performance through the real daemon: pages by their links, cursors of strangers, what an agent may see.

#include <fstream>
#include <set>
#include <sstream>

#include <Poco/Base64Encoder.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/json.h>

#include "cluster.h"
#include "daemon.h"
#include "support/rows.h"

namespace {

using namespace crm::testing;
using crm::Json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* path = "/api/dashboard/whatsapp-performance";

std::string base64url(const std::string& text) {
  std::ostringstream out;
  Poco::Base64Encoder encoder(out, Poco::BASE64_URL_ENCODING | Poco::BASE64_NO_PADDING);
  encoder.rdbuf()->setLineLength(0);
  encoder << text;
  encoder.close();
  return out.str();
}

// </api/…>; rel="next" → /api/…, or nothing.
std::string next_of(const Reply& reply) {
  const auto link = reply.headers.find("Link");
  if (link == reply.headers.end()) return {};
  EXPECT_THAT(link->second, HasSubstr(">; rel=\"next\""));
  return link->second.substr(1, link->second.find('>') - 1);
}

// Ann's eleven failures of the last seconds, three of one instant, and a failure of bob's.
class WhatsAppDaemon : public ::testing::Test {
 protected:
  WhatsAppDaemon() : url_(cluster().create_reference_database()) {
    execute(url_, sql(Agent{.name = "ann"}) + sql(Agent{.name = "bob"}) +
                      sql(Conversation{.name = "a", .agent = "ann", .created = "2026-01-01"}) +
                      sql(Conversation{.name = "b", .agent = "bob", .created = "2026-01-01"}) +
                      fmt::format(
                          "INSERT INTO messages (conversation_id, direction, sender_type, delivery_status, created_at, "
                          "failed_at, recipient, failed_reason) SELECT CASE WHEN n = 0 THEN '{}'::uuid ELSE '{}' END, "
                          "'outbound', 'agent', 'failed', now() AT TIME ZONE 'UTC' - interval '9 s', "
                          "now() AT TIME ZONE 'UTC' - interval '1 s' * greatest(n, 3), '+4915123456789', "
                          "'131026: +49 151 23456789 is unknown' FROM generate_series(0, 11) n",
                          id("b"), id("a")));
    daemon_ = std::make_unique<Daemon>(url_, std::vector<std::string>{"whatsapp-performance"},
                                       "collectors: {whatsapp-performance: {every: 1s, timeout: 2s}}\n");
    daemon_->start();
    EXPECT_TRUE(daemon_->ready()) << daemon_->log();
  }

  Reply ask(const std::string& target) const { return daemon_->api(target); }
  Reply ask_as_ann(const std::string& target) const {
    return daemon_->api(target, {{"X-CRM-Role", "agent"}, {"X-CRM-Subject", id("ann")}});
  }
  Reply with_cursor(const std::string& cursor) const { return ask(fmt::format("{}?cursor={}", path, cursor)); }

  const std::string url_;
  std::unique_ptr<Daemon> daemon_;
};

TEST_F(WhatsAppDaemon, LeadsThroughAllPagesByTheirLinks) {
  std::set<std::string> seen;
  std::size_t pages = 0;
  for (std::string target = fmt::format("{}?limit=4&dateRange=week", path); !target.empty(); ++pages) {
    const Reply reply = ask(target);
    ASSERT_EQ(reply.status, 200) << reply.body;
    const Json json = Json::parse(reply.body);
    for (const Json& message : json["failedMessages"]) {
      EXPECT_TRUE(seen.insert(message["id"]).second) << "twice";
    }
    target = next_of(reply);
    if (target.empty()) continue;
    EXPECT_THAT(target, HasSubstr("limit=4&dateRange=week&cursor="));
  }
  EXPECT_EQ(seen.size(), 12U);
  EXPECT_EQ(pages, 3U);  // 4 + 4 + 4
  EXPECT_EQ(next_of(ask(path)), "") << "50 a page, unless the caller says else";
}

TEST_F(WhatsAppDaemon, RefusesALimitOutOfRange) {
  for (const char* limit : {"0", "501", "-1", "many", "1e2", ""}) {
    const Reply reply = ask(fmt::format("{}?limit={}", path, limit));
    EXPECT_EQ(reply.status, 400) << limit;
    EXPECT_EQ(Json::parse(reply.body)["error"]["parameter"], "limit");
  }
  EXPECT_EQ(ask(std::string(path) + "?limit=500").status, 200);
}

TEST_F(WhatsAppDaemon, AnswersACursorThatNoPageGaveWithTheCallersError) {
  const std::string good_id = "00000000-0000-4000-8000-000000000000";
  const std::string end = "2026-03-10T09:00:00Z";
  const auto cursor = [](const Json& json) { return base64url(json.dump()); };
  for (const std::string& bad :
       {std::string("x"), std::string(3'000, 'A'), base64url("[]"), base64url("{\"a\":"),
        base64url(std::string(1'000, '[')), cursor({end, {"yesterday", good_id}}), cursor({end, {end, "7"}}),
        cursor({end, {end, "'; DROP TABLE messages; --"}}), cursor({end, {end, std::string("\0", 1)}}),
        cursor({end, {end, ""}}), cursor({end, {end}}), cursor({end, {end, good_id, "more"}}),
        cursor({end, {"2026-03-10T09:00:00", good_id}}), cursor({"never", {end, good_id}}), cursor({end, {1, 2}})}) {
    const Reply reply = with_cursor(bad);
    EXPECT_EQ(reply.status, 400) << bad.substr(0, 100) << "\n" << reply.body;
    EXPECT_EQ(Json::parse(reply.body)["error"]["parameter"], "cursor") << reply.body;
  }
  EXPECT_EQ(with_cursor(cursor(Json::array({end, Json::array({end, good_id})}))).status, 200);
  EXPECT_EQ(daemon_->metric("crm_collector_success{collector=\"whatsapp-performance\"}"), 1);
}

TEST_F(WhatsAppDaemon, TakesWindowsFromTheEdgesOfTimeWithoutHarm) {
  EXPECT_EQ(ask(std::string(path) + "?startDate=0001-01-01&endDate=0001-01-02").status, 400);
  EXPECT_EQ(ask(std::string(path) + "?startDate=1970-01-01&endDate=1970-01-02").status, 200);
  for (const char* end : {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"}) {
    for (const char* range : {"today", "month"}) {
      const Json keys = Json::array({"2026-03-10T09:00:00Z", "00000000-0000-4000-8000-000000000000"});
      const Reply reply =
          ask(fmt::format("{}?dateRange={}&cursor={}", path, range, base64url(Json(Json::array({end, keys})).dump())));
      EXPECT_TRUE(reply.status == 200 || reply.status == 400) << end << " " << range << ": " << reply.body;
    }
  }
}

TEST_F(WhatsAppDaemon, ShowsAnAgentHisOwnFailuresAndNoPhoneNumber) {
  const Reply reply = ask_as_ann(path);
  const Json json = Json::parse(reply.body);
  EXPECT_EQ(json["failedMessages"].size(), 11U);
  EXPECT_EQ(json["messageFunnel"]["failed"], 11);
  EXPECT_EQ(json["failedMessages"][0]["recipient"], "…6789");
  EXPECT_EQ(json["failedMessages"][0]["error"], "131026: …6789 is unknown");
  EXPECT_THAT(reply.body, Not(HasSubstr("23456789")));
  EXPECT_THAT(ask(path).body, HasSubstr("+4915123456789"));
}

// A cursor says where a page begins, never whose it is.
TEST_F(WhatsAppDaemon, GivesNobodyTheRowsOfTheOneWhoseCursorHeHas) {
  const std::string next = next_of(ask(fmt::format("{}?limit=1", path)));
  ASSERT_FALSE(next.empty());
  const Json json = Json::parse(ask_as_ann(next).body);
  EXPECT_EQ(json["messageFunnel"]["failed"], 11) << "ann's, whoever began";
}

TEST_F(WhatsAppDaemon, ExportsItsFamiliesAsPrometheusLikesThem) {
  const auto file = daemon_->folder() / "metrics.txt";
  const std::string metrics = daemon_->metrics();
  std::ofstream(file) << metrics;
  EXPECT_EQ(run({"sh", "-c", "promtool check metrics < " + file.string()}).output, "");
  EXPECT_THAT(metrics, HasSubstr("crm_message_failures_total{code=\"131026\",fault=\"recipient\"} 0\n"));
  EXPECT_THAT(metrics, HasSubstr("crm_messages_total{direction=\"outbound\",event=\"failed\"} 0\n"));
  execute(url_,
          "INSERT INTO messages (direction, sender_type, delivery_status, created_at, failed_reason) VALUES "
          "('outbound', 'system', 'failed', now() AT TIME ZONE 'UTC', '(#131042) payment')");
  EXPECT_TRUE(eventually([&] {
    return daemon_->metric("crm_message_failures_total{code=\"131042\",fault=\"system\"}") == 1 &&
           daemon_->metric("crm_messages_total{direction=\"outbound\",event=\"failed\"}") == 1;
  })) << daemon_->metrics();
}

}  // namespace
