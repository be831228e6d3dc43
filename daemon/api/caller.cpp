#include "api/caller.h"

#include <fmt/format.h>

namespace crm::api {

namespace {

std::string single(const http::Request& request, const char* header, const char* otherwise) {
  if (request.headers.count(header) > 1) throw BadCaller(fmt::format("{} is given twice", header));
  return std::string(request.headers.find(header).value_or(otherwise));
}

}  // namespace

Scope caller_without_auth(const http::Request& request) {
  const std::string word = single(request, "X-CRM-Role", "owner");
  const auto role = parse_role(word);
  if (!role) {
    throw BadCaller(fmt::format("X-CRM-Role '{}' is no role: use owner, admin, supervisor or agent", word));
  }
  Scope scope{*role, single(request, "X-CRM-Subject", "")};
  if (!scope.sees_everyone() && scope.subject.empty()) {
    throw BadCaller(fmt::format("the role {} sees the rows of one agent or team: name it in X-CRM-Subject", word));
  }
  return scope;
}

}  // namespace crm::api
