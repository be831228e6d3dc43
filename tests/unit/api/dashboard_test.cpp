#include "api/dashboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>

#include "fake_house.h"

namespace crm::api {
namespace {

using ::testing::HasSubstr;

class Dashboard : public ::testing::Test {
 protected:
  http::Response ask(const http::Request& request) const { return routes_(request); }
  http::Response ask(const std::string& path, std::vector<std::pair<std::string, std::string>> query = {}) const {
    return ask(get(path, std::move(query)));
  }

  static http::Request as(http::Request request, const std::string& role, const std::string& subject) {
    request.headers.add("X-CRM-Role", role);
    request.headers.add("X-CRM-Subject", subject);
    return request;
  }
  static Json body(const http::Response& response) { return Json::parse(*response.body); }
  static std::string code(const http::Response& response) {
    return std::to_string(response.status) + " " + body(response).at("error").at("code").get<std::string>();
  }
  static std::string header(const http::Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }
  void answer_stale(const std::string& document, const std::string& reason) {
    house_->reply = [=] {
      return Answer{std::make_shared<const std::string>(document), testing::at("2026-11-23T12:00:00Z"), false,
                    Answer::Stale{std::chrono::seconds(42), reason}};
    };
  }

  std::shared_ptr<FakeHouse> house_ = std::make_shared<FakeHouse>();
  http::Router routes_ = dashboard_routes([this] { return house_; }, caller_without_auth);
};

TEST_F(Dashboard, AnswersASectionWithItsDocument) {
  const auto response = ask("/api/dashboard/kpi");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(*response.body, R"({"activeConversations":3})");
  EXPECT_EQ(header(response, "X-CRM-As-Of"), "2026-11-23T12:00:00Z");
  EXPECT_EQ(header(response, "Age"), "");
  EXPECT_EQ(header(response, "X-CRM-Stale"), "");
  EXPECT_EQ(header(response, "X-CRM-Partial"), "");
}

TEST_F(Dashboard, AnswersSectionsThatTheConfigurationMakes) {
  const auto request = as(get("/api/dashboard/custom/top-contacts", {{"dateRange", "week"}}), "admin", "a1");
  const auto response = ask(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.route, "/api/dashboard/custom/{section}");
  ASSERT_EQ(house_->asked.size(), 1U);
  EXPECT_EQ(house_->asked[0].section, "custom/top-contacts");
  EXPECT_EQ(house_->asked[0].window.date_range, "week");
  EXPECT_EQ(code(ask(as(get("/api/dashboard/custom/top-contacts"), "agent", "a1"))), "403 forbidden");
  EXPECT_EQ(code(ask("/api/dashboard/custom/top-contact")), "404 unknown_section");
  EXPECT_EQ(code(ask("/api/dashboard/custom")), "404 unknown_section");
  EXPECT_EQ(code(ask("/api/dashboard/custom/a/b")), "404 not_found");
  EXPECT_EQ(code(ask("/api/dashboard/top-contacts")), "404 unknown_section");
  EXPECT_THAT(*ask("/api/dashboard").body, HasSubstr(R"("path":"/api/dashboard/custom/top-contacts")"));
}

TEST_F(Dashboard, PassesOnWhoAsksAndWhat) {
  auto request = as(get("/api/dashboard/kpi", {{"dateRange", "week"}, {"limit", "7"}}), "agent", "a1");
  request.received = std::chrono::steady_clock::time_point(std::chrono::hours(1));
  EXPECT_EQ(ask(request).status, 200);
  ASSERT_EQ(house_->asked.size(), 1U);
  const Question& question = house_->asked[0];
  EXPECT_EQ(question.section, "kpi");
  EXPECT_EQ(question.scope, (Scope{Role::agent, "a1"}));
  EXPECT_EQ(question.window.date_range, "week");
  EXPECT_EQ(question.params.integer("limit"), 7);
  EXPECT_EQ(question.params_key, "limit=1:7;word=4:none;");
  EXPECT_EQ(question.deadline, request.received + std::chrono::seconds(10));
}

TEST_F(Dashboard, MarksAPartialAnswer) {
  auto answer = house_->reply();
  answer.partial = true;
  house_->reply = [=] { return answer; };
  EXPECT_EQ(header(ask("/api/dashboard/kpi"), "X-CRM-Partial"), "true");
}

TEST_F(Dashboard, MarksAStaleAnswerAndKeepsItsMembers) {
  answer_stale(R"({"activeConversations":3,"list":[{"a":{}}]})", "cannot connect to \"db\"");
  const auto response = ask("/api/dashboard/kpi");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(*response.body, R"({"stale":true,"asOf":"2026-11-23T12:00:00Z","staleReason":"cannot connect to \"db\"",)"
                            R"("activeConversations":3,"list":[{"a":{}}]})");
  EXPECT_EQ(header(response, "Age"), "42");
  EXPECT_EQ(header(response, "X-CRM-Stale"), "true");
}

TEST_F(Dashboard, MarksWhatMayLagAndWhatIsBeingCountedAgain) {
  const auto answer = [&](bool exact, bool rebuilding) {
    Answer given = house_->reply();
    given.document = std::make_shared<const std::string>(R"({"a":1})");
    given.exact = exact;
    given.rebuilding = rebuilding;
    house_->reply = [given] { return given; };
    return *ask("/api/dashboard/kpi").body;
  };
  EXPECT_EQ(answer(true, false), R"({"a":1})");
  EXPECT_EQ(answer(false, false), R"({"exact":false,"a":1})");
  EXPECT_EQ(answer(true, true), R"({"rebuilding":true,"a":1})");
  EXPECT_EQ(answer(false, true), R"({"exact":false,"rebuilding":true,"a":1})");
}

TEST_F(Dashboard, MarksAStaleAnswerOfAnEmptyDocument) {
  answer_stale("{}", "away");
  EXPECT_EQ(body(ask("/api/dashboard/kpi")),
            Json::parse(R"({"stale":true,"asOf":"2026-11-23T12:00:00Z","staleReason":"away"})"));
}

TEST_F(Dashboard, MarksAStaleAnswerWhateverTheBytesOfTheReason) {
  answer_stale(R"({"a":1})", "Verbindung fehlgeschlagen: \xfc\xff");
  const auto response = ask("/api/dashboard/kpi");
  ASSERT_EQ(response.failure, nullptr);
  EXPECT_EQ(body(response).at("a"), 1);
  EXPECT_THAT(body(response).at("staleReason").get<std::string>(), HasSubstr("Verbindung"));
}

TEST_F(Dashboard, AnswersHeadAsGet) {
  auto request = get("/api/dashboard/kpi");
  request.method = "HEAD";
  const auto response = ask(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "X-CRM-As-Of"), "2026-11-23T12:00:00Z");
}

TEST_F(Dashboard, RefusesToBeWrittenTo) {
  for (const std::string method : {"POST", "PUT", "DELETE", "PATCH"}) {
    auto request = get("/api/dashboard/kpi");
    request.method = method;
    EXPECT_EQ(code(ask(request)), "405 method_not_allowed");
    EXPECT_EQ(header(ask(request), "Allow"), "GET, HEAD, OPTIONS");
  }
  EXPECT_TRUE(house_->asked.empty());
}

TEST_F(Dashboard, ListsItsSections) {
  const auto response = ask("/api/dashboard");
  EXPECT_EQ(response.status, 200);
  const Json sections = body(response).at("sections");
  ASSERT_EQ(sections.size(), 4U);
  EXPECT_EQ(sections[3].at("name"), "kpi");
  EXPECT_EQ(sections[3].at("title"), "KPI strip");
  EXPECT_EQ(sections[3].at("path"), "/api/dashboard/kpi");
}

TEST_F(Dashboard, NamesTheSectionsWhereAnotherIsAskedFor) {
  const auto response = ask("/api/dashboard/KPI");
  EXPECT_EQ(code(response), "404 unknown_section");
  const Json error = body(response).at("error");
  EXPECT_EQ(error.at("message"),
            "there is no section 'KPI'; there are: business-impact, custom/top-contacts, failures, kpi");
  EXPECT_EQ(error.at("sections"), Json({"business-impact", "custom/top-contacts", "failures", "kpi"}));
  EXPECT_EQ(error.at("requestId"), "id-1");
}

TEST_F(Dashboard, AnswersAHostileSectionNameWithJson) {
  for (const std::string name : {"\xff", "<script>", "\"", "%00", "a'b"}) {
    EXPECT_EQ(code(ask("/api/dashboard/" + name)), "404 unknown_section");
  }
}

TEST_F(Dashboard, SaysWhereToLookWhereThereIsNothing) {
  for (const std::string path : {"/", "/api", "/api/dashboard/kpi/more", "/metrics", "/api/dashboard/"}) {
    const auto response = ask(path);
    EXPECT_EQ(code(response), "404 not_found") << path;
    EXPECT_THAT(body(response).at("error").at("message").get<std::string>(),
                HasSubstr("try /api/dashboard or /api/dashboard/business-impact, /api/dashboard/custom/top-contacts, "
                          "/api/dashboard/failures, "
                          "/api/dashboard/kpi"));
  }
}

TEST_F(Dashboard, RefusesABadWindowBeforeTheHouseIsAsked) {
  EXPECT_EQ(code(ask("/api/dashboard/kpi", {{"dateRange", "decade"}})), "400 bad_parameter");
  EXPECT_EQ(body(ask("/api/dashboard/kpi", {{"endDate", "2026-11-23"}})).at("error").at("parameter"), "endDate");
  EXPECT_EQ(code(ask("/api/dashboard/kpi", {{"dateRang", "week"}})), "400 bad_parameter");
  EXPECT_TRUE(house_->asked.empty());
}

TEST_F(Dashboard, RefusesABadCallerBeforeTheHouseIsAsked) {
  EXPECT_EQ(code(ask(as(get("/api/dashboard/kpi"), "root", "a1"))), "400 bad_caller");
  EXPECT_EQ(code(ask(as(get("/api/dashboard/kpi"), "agent", ""))), "400 bad_caller");
  EXPECT_TRUE(house_->asked.empty());
}

TEST_F(Dashboard, KeepsABusinessSectionToOwnerAndAdmin) {
  for (const std::string role : {"agent", "supervisor"}) {
    EXPECT_EQ(code(ask(as(get("/api/dashboard/business-impact"), role, "a1"))), "403 forbidden");
  }
  EXPECT_TRUE(house_->asked.empty());
  for (const std::string role : {"owner", "admin"}) {
    EXPECT_EQ(ask(as(get("/api/dashboard/business-impact"), role, "a1")).status, 200);
  }
}

TEST_F(Dashboard, TellsWhyASourceCannotAnswer) {
  house_->reply = []() -> Answer { throw SourceUnavailable("cannot connect to PostgreSQL: refused"); };
  const auto response = ask("/api/dashboard/kpi");
  EXPECT_EQ(code(response), "503 source_unavailable");
  EXPECT_EQ(body(response).at("error").at("message"), "cannot connect to PostgreSQL: refused");
}

TEST_F(Dashboard, LeavesADefectToTheListener) {
  house_->reply = []() -> Answer { throw UsageError("undeclared statement"); };
  const auto response = ask("/api/dashboard/kpi");
  ASSERT_NE(response.failure, nullptr);
  EXPECT_THROW(std::rethrow_exception(response.failure), UsageError);
  EXPECT_EQ(response.route, "/api/dashboard/{section}");
}

TEST_F(Dashboard, AsksTheHouseOfTheMoment) {
  const auto old = house_;
  house_ = std::make_shared<FakeHouse>();
  ask("/api/dashboard/kpi");
  EXPECT_TRUE(old->asked.empty());
  EXPECT_EQ(house_->asked.size(), 1U);
}

TEST_F(Dashboard, LinksToTheNextPage) {
  house_->reply = [] {
    return Answer{std::make_shared<const std::string>("{}"), testing::at("2026-11-23T12:00:00Z"), false, std::nullopt,
                  Cursor{testing::at("2026-11-23T11:59:00Z"), {"2026-11-23T11:00:00Z", "m-17"}}};
  };
  const std::string link = header(ask("/api/dashboard/failures", {{"dateRange", "week"}, {"limit", "2"}}), "Link");
  const std::string before = "</api/dashboard/failures?dateRange=week&limit=2&cursor=";
  ASSERT_EQ(link.substr(0, before.size()), before);
  const std::string behind = ">; rel=\"next\"";
  ASSERT_EQ(link.substr(link.size() - behind.size()), behind);

  const std::string cursor = link.substr(before.size(), link.size() - before.size() - behind.size());
  EXPECT_EQ(ask("/api/dashboard/failures", {{"dateRange", "week"}, {"limit", "2"}, {"cursor", cursor}}).status, 200);
  const Question& question = house_->asked.back();
  EXPECT_EQ(question.page.limit, 2);
  EXPECT_EQ(question.page.after, (std::vector<std::string>{"2026-11-23T11:00:00Z", "m-17"}));
  EXPECT_EQ(question.window_end, testing::at("2026-11-23T11:59:00Z"));
  EXPECT_NE(question.params_key, house_->asked.front().params_key);
}

TEST_F(Dashboard, GivesTheFirstPageWithoutACursor) {
  const auto response = ask("/api/dashboard/failures");
  EXPECT_EQ(header(response, "Link"), "") << "it is the last page, too";
  EXPECT_EQ(house_->asked.back().page.limit, 50);
  EXPECT_TRUE(house_->asked.back().page.after.empty());
  EXPECT_EQ(house_->asked.back().window_end, std::nullopt);
}

TEST_F(Dashboard, RefusesABadPage) {
  for (const char* limit : {"0", "501", "many"}) {
    const auto response = ask("/api/dashboard/failures", {{"limit", limit}});
    EXPECT_EQ(code(response), "400 bad_parameter") << limit;
    EXPECT_EQ(body(response)["error"]["parameter"], "limit");
  }
  const auto response = ask("/api/dashboard/failures", {{"cursor", "eA"}});
  EXPECT_EQ(code(response), "400 bad_parameter");
  EXPECT_EQ(body(response)["error"]["parameter"], "cursor");
  EXPECT_EQ(code(ask("/api/dashboard/kpi", {{"cursor", "eA"}})), "400 bad_parameter") << "kpi has no pages";
  EXPECT_TRUE(house_->asked.empty());
}

}  // namespace
}  // namespace crm::api
