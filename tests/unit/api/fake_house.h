#pragma once
// A house with one open section, "kpi", and two for owner and admin, "business-impact" and "custom/top-contacts", whose
// answers a test sets.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <crm/sdk/testing/fake_calendar.h>

#include "api/caller.h"
#include "api/dashboard.h"

namespace crm::api {

class FakeHouse final : public Sections {
 public:
  FakeHouse() {
    Description kpi;
    kpi.name = "kpi";
    kpi.title = "KPI strip";
    kpi.help = "Six numbers of today.";
    kpi.params = {{"limit", Param::Type::integer, "10", 1, 100, "rows"}, {"word", Param::Type::text, "none", 0, 0, ""}};
    Description business;
    business.name = "business-impact";
    business.access = Access::owner_and_admin;
    Description failures;
    failures.name = "failures";
    failures.paging = Paging{.limit = 50, .most = 500};
    Description custom;
    custom.name = "custom/top-contacts";
    custom.title = "Top contacts";
    custom.access = Access::owner_and_admin;
    sections_ = {std::make_shared<const Description>(business), std::make_shared<const Description>(custom),
                 std::make_shared<const Description>(failures), std::make_shared<const Description>(kpi)};
  }

  std::function<Answer()> reply = [] {
    return Answer{std::make_shared<const std::string>(R"({"activeConversations":3})"),
                  testing::at("2026-11-23T12:00:00Z"), false, std::nullopt};
  };
  mutable std::vector<Question> asked;

  std::vector<std::shared_ptr<const Description>> all() const override { return sections_; }
  std::shared_ptr<const Description> find(const std::string& name) const override {
    for (const auto& section : sections_) {
      if (section->name == name) return section;
    }
    return nullptr;
  }
  Answer answer(const Question& question) const override {
    asked.push_back(question);
    return reply();
  }
  calendar::WindowRules window_rules(const Description& description) const override {
    return {std::chrono::days(400), description.window};
  }
  const Calendar& calendar() const override { return testing::utc_calendar(); }
  std::chrono::milliseconds timeout() const override { return std::chrono::seconds(10); }

 private:
  std::vector<std::shared_ptr<const Description>> sections_;
};

inline http::Request get(std::string path, std::vector<std::pair<std::string, std::string>> query = {}) {
  http::Request request;
  request.method = "GET";
  request.path = std::move(path);
  request.query = std::move(query);
  request.id = "id-1";
  return request;
}

}  // namespace crm::api
