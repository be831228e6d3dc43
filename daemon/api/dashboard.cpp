#include "api/dashboard.h"

#include <Poco/URI.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>

#include "api/error_answer.h"
#include "api/query.h"
#include "http/error.h"

namespace crm::api {
namespace {

constexpr const char* json_type = "application/json; charset=utf-8";

http::Response unknown_section(const http::Request& request, const Sections& sections, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& description : sections.all()) names.push_back(description->name);
  return http::json_error(404, "unknown_section",
                          fmt::format("there is no section '{}'; there are: {}", name, fmt::join(names, ", ")),
                          request.id, {{"sections", names}});
}

http::Response not_found(const http::Request& request, const Sections& sections) {
  std::vector<std::string> paths;
  for (const auto& description : sections.all()) paths.push_back("/api/dashboard/" + description->name);
  return http::json_error(
      404, "not_found",
      fmt::format("there is nothing at {}; try /api/dashboard or {}", request.path, fmt::join(paths, ", ")),
      request.id);
}

http::Response section_list(const Sections& sections) {
  Json list = Json::array();
  for (const auto& description : sections.all()) {
    list.push_back({{"name", description->name},
                    {"title", description->title},
                    {"help", description->help},
                    {"path", "/api/dashboard/" + description->name}});
  }
  const Json document{{"sections", std::move(list)}};
  return http::text_response(200, json_type, document.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// The document with what must not be overlooked in front: "stale", "asOf" and "staleReason" of an old answer, "exact":
// false of one whose numbers may lag behind, "rebuilding": true of one whose history is being counted again. The shape
// stays, and nobody takes them for what they are not.
std::shared_ptr<const std::string> marked(const Answer& answer) {
  Json mark = Json::object();
  if (answer.stale) mark = {{"stale", true}, {"asOf", to_iso(answer.as_of)}, {"staleReason", answer.stale->reason}};
  if (!answer.exact) mark["exact"] = false;
  if (answer.rebuilding) mark["rebuilding"] = true;
  // The reason may be a server's words in any encoding.
  std::string text = mark.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.pop_back();
  const bool empty = answer.document->size() <= 2;  // "{}"
  return std::make_shared<const std::string>(text + (empty ? "" : ",") + answer.document->substr(1));
}

// The request itself with another cursor: </api/dashboard/…?dateRange=week&cursor=…>; rel="next"
std::string link_to_next(const http::Request& request, const Cursor& next) {
  Poco::URI uri;
  uri.setPath(request.path);
  for (const auto& [name, value] : request.query) {
    if (name != "cursor") uri.addQueryParameter(name, value);
  }
  uri.addQueryParameter("cursor", encode(next));
  return fmt::format("<{}>; rel=\"next\"", uri.getPathAndQuery());
}

http::Response found(const http::Request& request, const Answer& answer) {
  http::Response response;
  response.content_type = json_type;
  response.body = answer.document;
  response.headers.emplace_back("X-CRM-As-Of", to_iso(answer.as_of));
  if (answer.partial) response.headers.emplace_back("X-CRM-Partial", "true");
  if (answer.next) response.headers.emplace_back("Link", link_to_next(request, *answer.next));
  if (answer.stale || !answer.exact || answer.rebuilding) response.body = marked(answer);
  if (answer.stale) {
    response.headers.emplace_back("Age", std::to_string(answer.stale->age.count()));
    response.headers.emplace_back("X-CRM-Stale", "true");
  }
  return response;
}

http::Response section(const http::Request& request, const std::string& name, const Sections& sections,
                       const Authenticate& authenticate) {
  try {
    const Scope scope = authenticate(request);
    const auto description = sections.find(name);
    if (!description) return unknown_section(request, sections, name);
    Query query = parse_query(request.query, *description);
    // Before the database is asked: a bad window is the caller's fault whether or not it can be reached.
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    calendar::resolve(query.window, sections.window_rules(*description), sections.calendar(),
                      query.window_end.value_or(now));
    if (description->access == Access::owner_and_admin && !scope.sees_everyone()) {
      throw Forbidden(fmt::format("{} is for owner and admin only", name));
    }
    return found(request, sections.answer({name, scope, std::move(query.window), std::move(query.params),
                                           std::move(query.page), query.window_end, std::move(query.params_key),
                                           request.received + sections.timeout()}));
  } catch (...) {
    return error_answer(request);
  }
}

}  // namespace

http::Router dashboard_routes(const CurrentSections& current, const Authenticate& authenticate) {
  http::Router router;
  router.get("/api/dashboard", [current](const http::Request&) { return section_list(*current()); });
  router.get("/api/dashboard/{section}", [current, authenticate](const http::Request& request) {
    return section(request, request.capture("section"), *current(), authenticate);
  });
  router.get("/api/dashboard/" + std::string(custom_prefix) + "{section}", [current, authenticate](
                                                                               const http::Request& request) {
    return section(request, std::string(custom_prefix) + request.capture("section"), *current(), authenticate);
  });
  router.not_found = [current](const http::Request& request) { return not_found(request, *current()); };
  return router;
}

}  // namespace crm::api
