#include "api/error_answer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>

#include "api/query.h"
#include "calendar/bad_window.h"
#include "fake_house.h"

namespace crm::api {
namespace {

template <typename Error>
http::Response answer_to(const Error& error) {
  try {
    throw error;
  } catch (...) {
    return error_answer(get("/api/dashboard/kpi"));
  }
}

Json error_of(const http::Response& response) {
  return Json::parse(*response.body).at("error");
}

template <typename Error>
std::string status_and_code(const Error& error) {
  const auto response = answer_to(error);
  return std::to_string(response.status) + " " + error_of(response).at("code").template get<std::string>();
}

std::string retry_after(const http::Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "Retry-After") return value;
  }
  return "";
}

TEST(ErrorAnswer, HasAStatusAndACodeForEveryErrorOfAQuestion) {
  EXPECT_EQ(status_and_code(BadParameter("limit", "x")), "400 bad_parameter");
  EXPECT_EQ(status_and_code(calendar::BadWindow("endDate", "x")), "400 bad_parameter");
  EXPECT_EQ(status_and_code(BadCaller("x")), "400 bad_caller");
  EXPECT_EQ(status_and_code(Forbidden("x")), "403 forbidden");
  EXPECT_EQ(status_and_code(SourceUnavailable("x")), "503 source_unavailable");
  EXPECT_EQ(status_and_code(ContractError("x")), "503 source_contract");
  EXPECT_EQ(status_and_code(DeadlineExceeded("x")), "504 deadline_exceeded");
}

TEST(ErrorAnswer, CarriesMessageRequestIdAndParameter) {
  const Json error = error_of(answer_to(calendar::BadWindow("endDate", "endDate alone")));
  EXPECT_EQ(error.at("message"), "endDate alone");
  EXPECT_EQ(error.at("requestId"), "id-1");
  EXPECT_EQ(error.at("parameter"), "endDate");
  EXPECT_EQ(error_of(answer_to(BadParameter("limit", "x"))).at("parameter"), "limit");
}

TEST(ErrorAnswer, SaysWhenToComeBackWhereThatHelps) {
  EXPECT_EQ(retry_after(answer_to(SourceUnavailable("x"))), "5");
  EXPECT_EQ(retry_after(answer_to(ContractError("x"))), "5");
  EXPECT_EQ(retry_after(answer_to(Forbidden("x"))), "");
}

TEST(ErrorAnswer, ThrowsOnWhatIsADefect) {
  EXPECT_THROW(answer_to(UsageError("x")), UsageError);
  EXPECT_THROW(answer_to(std::runtime_error("x")), std::runtime_error);
  EXPECT_THROW(answer_to(BadValue("x")), BadValue);
  EXPECT_THROW(answer_to(7), int);
}

}  // namespace
}  // namespace crm::api
