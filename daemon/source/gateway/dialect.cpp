#include "source/gateway/dialect.h"

#include <algorithm>
#include <initializer_list>
#include <limits>

#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>

namespace crm::source {
namespace {

using Json = nlohmann::json;
using Names = std::initializer_list<const char*>;

constexpr std::size_t longest_text = 200;

[[noreturn]] void refuse() {
  throw SourceUnavailable("its answer is none that such a gateway gives");
}

Json parse(std::string_view body) {
  Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) throw SourceUnavailable("its answer is no JSON");
  return json;
}

// The first of these members that is there and not null; null if none is.
const Json& member(const Json& object, Names names) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  for (const char* name : names) {
    const auto found = object.find(name);
    if (found != object.end() && !found->is_null()) return *found;
  }
  return nothing;
}

// Ids and numbers may be either.
std::string text_of(const Json& value) {
  if (value.is_number_integer()) return value.dump();
  if (!value.is_string()) return {};
  const auto& text = value.get_ref<const std::string&>();
  return text.size() <= longest_text ? text : std::string();
}

// "5511999990000:12@s.whatsapp.net" and "5511999990000@c.us" → "5511999990000"
std::string phone_of(const std::string& jid) {
  return jid.substr(0, jid.find_first_of(":@"));
}

// ISO 8601, or milliseconds since 1970, as JavaScript has them.
std::optional<Instant> instant_of(const Json& value) {
  if (value.is_string()) return parse_instant(value.get_ref<const std::string&>());
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1'000;
  if (!value.is_number_integer() || value.get<std::int64_t>() <= 0 || value.get<std::int64_t>() > most) {
    return std::nullopt;
  }
  return Instant(std::chrono::milliseconds(value.get<std::int64_t>()));
}

void add(std::vector<GatewaySession>& sessions, GatewaySession session) {
  if (!session.id.empty()) sessions.push_back(std::move(session));
}

// The service of this CRM: a list, alone or as the member `sessions` or `data`, of the fields that the dashboard has
// for a session, or of those of the table; or an object that has a state for each id.
std::vector<GatewaySession> read_crm(std::string_view body) {
  const Json answer = parse(body);
  const Json& wrapped = member(answer, {"sessions", "states", "data"});
  const Json& sessions = wrapped.is_null() ? answer : wrapped;
  std::vector<GatewaySession> all;
  const auto add_one = [&](const Json& one, const std::string& key) {
    const Json& id = member(one, {"sessionId", "session_id", "id", "name"});
    add(all, {.id = id.is_null() ? key : text_of(id),
              .phone_number = phone_of(text_of(member(one, {"phoneNumber", "phone_number", "phone"}))),
              .status = text_of(one.is_object() ? member(one, {"status", "state"}) : one),
              .last_seen = instant_of(member(one, {"lastSeen", "last_seen"}))});
  };
  if (!sessions.is_array() && !sessions.is_object()) refuse();
  for (const auto& [key, one] : sessions.items()) {
    if (!one.is_object() && (sessions.is_array() || !one.is_string())) refuse();
    add_one(one, sessions.is_array() ? std::string() : key);
  }
  return all;
}

// https://waha.devlike.pro/docs/how-to/sessions: [{"name", "status", "me": {"id": "…@c.us"}, …}]
std::vector<GatewaySession> read_waha(std::string_view body) {
  const Json answer = parse(body);
  if (!answer.is_array()) refuse();
  std::vector<GatewaySession> all;
  for (const Json& one : answer) {
    if (!one.is_object()) refuse();
    add(all, {.id = text_of(member(one, {"name"})),
              .phone_number = phone_of(text_of(member(member(one, {"me"}), {"id"}))),
              .status = text_of(member(one, {"status"})),
              .last_seen = instant_of(member(member(one, {"timestamps"}), {"activity"}))});
  }
  return all;
}

// Version 2: [{"name", "connectionStatus", "ownerJid", "number", …}]; version 1 has each inside of a member `instance`,
// as {"instanceName", "status", "owner"}.
std::vector<GatewaySession> read_evolution(std::string_view body) {
  const Json answer = parse(body);
  if (!answer.is_array()) refuse();
  std::vector<GatewaySession> all;
  for (const Json& listed : answer) {
    if (!listed.is_object()) refuse();
    const Json& inner = member(listed, {"instance"});
    const Json& one = inner.is_object() ? inner : listed;
    const Json& status = member(one, {"connectionStatus", "status", "state"});
    add(all, {.id = text_of(member(one, {"name", "instanceName"})),
              .phone_number = phone_of(text_of(member(one, {"ownerJid", "owner", "number"}))),
              .status = text_of(status.is_object() ? member(status, {"state"}) : status)});
  }
  return all;
}

// Meta's: {"status", "quality_rating", "display_phone_number": "+1 555-0100", "id"}
std::vector<GatewaySession> read_cloud(std::string_view body) {
  const Json answer = parse(body);
  if (!answer.is_object()) refuse();
  std::string phone = text_of(member(answer, {"display_phone_number"}));
  std::erase_if(phone, [](char c) { return c < '0' || c > '9'; });
  GatewaySession session{
      .id = text_of(member(answer, {"id"})), .phone_number = phone, .status = text_of(member(answer, {"status"}))};
  if (session.id.empty()) refuse();
  return {session};
}

// {"error": {"message"}} of Meta, {"response": {"message"}} of Evolution, {"message"} of WAHA; a list of them or one.
std::string error_of(std::string_view body) {
  const Json answer = Json::parse(body, nullptr, false);
  if (!answer.is_object()) return {};
  const Json* where = &answer;
  for (const char* name : {"error", "response"}) {
    const Json& inner = member(answer, {name});
    if (inner.is_object()) where = &inner;
  }
  const Json& said = member(*where, {"message", "error"});
  std::string text = text_of(said.is_array() && !said.empty() ? said.front() : said);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return text;
}

constexpr std::array<Dialect, gateway_kind_names.size()> dialects{{
    {"the CRM's service", "", "/api/sessions/states", "Authorization", "Bearer ", read_crm, error_of},
    {"WAHA", "", "/api/sessions?all=true", "X-Api-Key", "", read_waha, error_of},  // all: the stopped ones, too
    {"Evolution API", "", "/instance/fetchInstances", "apikey", "", read_evolution, error_of},
    {"Cloud API", "https://graph.facebook.com/v21.0", "/{phone}?fields=status,quality_rating,display_phone_number",
     "Authorization", "Bearer ", read_cloud, error_of},
}};

}  // namespace

const Dialect& dialect(GatewayKind kind) {
  return dialects.at(static_cast<std::size_t>(kind));
}

}  // namespace crm::source
