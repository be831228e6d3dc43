#include "http/router.h"

#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "http/error.h"

namespace crm::http {
namespace {

Handler says(const std::string& word) {
  return [word](const Request&) { return text_response(200, "text/plain", word); };
}

Router two_routes() {
  Router router;
  router.get("/metrics", says("metrics"));
  router.get("/api/{section}", [](const Request& r) { return text_response(200, "text/plain", r.capture("section")); });
  router.post("/api/{section}", says("posted"));
  router.get("/api/fixed", says("fixed"));
  return router;
}

Response ask(const Router& router, const std::string& method, const std::string& path) {
  Request request;
  request.method = method;
  request.path = path;
  request.id = "id-1";
  return router(request);
}

std::string allow(const Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "Allow") return value;
  }
  return "";
}

TEST(Router, AnExactPatternMatchesItsPathOnly) {
  const Router router = two_routes();
  EXPECT_EQ(*ask(router, "GET", "/metrics").body, "metrics");
  EXPECT_EQ(ask(router, "GET", "/metrics").route, "/metrics");
  EXPECT_EQ(ask(router, "GET", "/metrics/").status, 404);
  EXPECT_EQ(ask(router, "GET", "/Metrics").status, 404);
  EXPECT_EQ(ask(router, "GET", "/metric").status, 404);
}

TEST(Router, AParameterTakesOneSegmentAndAnExactPatternWins) {
  const Router router = two_routes();
  EXPECT_EQ(*ask(router, "GET", "/api/kpi").body, "kpi");
  EXPECT_EQ(ask(router, "GET", "/api/kpi").route, "/api/{section}");
  EXPECT_EQ(*ask(router, "GET", "/api/fixed").body, "fixed");
  EXPECT_EQ(ask(router, "GET", "/api/").status, 404);
  EXPECT_EQ(ask(router, "GET", "/api").status, 404);
  EXPECT_EQ(ask(router, "GET", "/api/kpi/more").status, 404);
}

TEST(Router, HeadFollowsGet) {
  EXPECT_EQ(*ask(two_routes(), "HEAD", "/metrics").body, "metrics");
}

TEST(Router, OtherMethodsAre405WithAllow) {
  const Response response = ask(two_routes(), "DELETE", "/metrics");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(allow(response), "GET, HEAD, OPTIONS");
  EXPECT_EQ(response.route, "/metrics");
  EXPECT_EQ(allow(ask(two_routes(), "PUT", "/api/kpi")), "GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(ask(two_routes(), "HEAD", "/api/kpi").status, 200);
}

TEST(Router, OptionsIs204WithAllow) {
  const Response response = ask(two_routes(), "OPTIONS", "/metrics");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(allow(response), "GET, HEAD, OPTIONS");
  EXPECT_EQ(ask(two_routes(), "OPTIONS", "/nowhere").status, 404);
  EXPECT_EQ(ask(two_routes(), "OPTIONS", "*").status, 204);
}

TEST(Router, NotFoundIsJsonOrWhatItsOwnerSays) {
  Router router = two_routes();
  const auto error = nlohmann::json::parse(*ask(router, "GET", "/nowhere").body)["error"];
  EXPECT_EQ(error["code"], "not_found");
  EXPECT_EQ(error["message"], "there is nothing at '/nowhere'");
  EXPECT_EQ(error["requestId"], "id-1");
  router.not_found = says("sections: kpi");
  EXPECT_EQ(*ask(router, "GET", "/nowhere").body, "sections: kpi");
  EXPECT_EQ(ask(router, "GET", "/nowhere").route, "");
}

TEST(Router, CarriesWhatAHandlerThrewAndItsRoute) {
  Router router;
  router.get("/throws", [](const Request&) -> Response { throw std::runtime_error("why"); });
  const Response response = ask(router, "GET", "/throws");
  EXPECT_EQ(response.route, "/throws");
  EXPECT_THROW(std::rethrow_exception(response.failure), std::runtime_error);
}

TEST(Router, RefusesPatternsItCannotMatch) {
  Router router = two_routes();
  for (const char* pattern : {"", "metrics", "/{a}/b", "/a{b}", "/a/{b", "/a/{}", "/a/{b}c", "/a/{b}{c}"}) {
    EXPECT_THROW(router.get(pattern, says("x")), std::logic_error) << pattern;
  }
  EXPECT_THROW(router.get("/metrics", says("again")), std::logic_error);
  EXPECT_THROW(router.get("/api/{other}", says("ambiguous")), std::logic_error);
  EXPECT_EQ(*ask(router, "GET", "/metrics").body, "metrics");
}

TEST(Request, CaptureOfAnUnknownNameIsADefect) {
  EXPECT_THROW(Request{}.capture("x"), std::logic_error);
}

TEST(JsonError, HasCodeMessageRequestIdAndExtras) {
  const Response response = json_error(404, "not_found", "no", "r", Json{{"sections", {"kpi"}}});
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(*response.body, R"({"error":{"code":"not_found","message":"no","requestId":"r","sections":["kpi"]}})");
}

TEST(JsonError, SurvivesBytesThatAreNoUtf8) {
  EXPECT_EQ(*json_error(400, "c", "a\xff", "r").body,
            "{\"error\":{\"code\":\"c\",\"message\":\"a\xef\xbf\xbd\",\"requestId\":\"r\"}}");
}

}  // namespace
}  // namespace crm::http
