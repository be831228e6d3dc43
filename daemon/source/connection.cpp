#include "source/connection.h"

#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <pqxx/except>
#include <sys/socket.h>

#include <crm/sdk/errors.h>

namespace crm::source {
namespace {

// PostgreSQL keeps some 100 kB for each.
constexpr std::size_t most_prepared = 100;

using Keywords = std::map<std::string, std::string>;

// libpq quotes the piece that it could not read, which may be a piece of the password.
std::string without_quoted(std::string message) {
  const std::size_t open = message.find('"');
  const std::size_t close = message.rfind('"');
  if (open < close && close != std::string::npos) message.replace(open + 1, close - open - 1, "…");
  return message.substr(0, message.find('\n'));
}

Keywords parse(const std::string& url) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), &error),
                                                                             &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> message(error, &PQfreemem);
  if (!options) throw std::invalid_argument(message ? without_quoted(message.get()) : "not a connection string");
  Keywords keywords;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) keywords.emplace(option->keyword, option->val);
  }
  return keywords;
}

std::string quoted(const std::string& value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

// libpq's first line says what happened; the others guess at why.
std::string first_line(std::string_view message) {
  return std::string(message.substr(0, message.find('\n')));
}

}  // namespace

Connection::Connection(const std::string& options) : pqxx::connection_base(policy_), policy_(options) {
  try {
    init();
  } catch (const pqxx::failure& failure) {
    throw SourceUnavailable(fmt::format("cannot connect to PostgreSQL: {}", first_line(failure.what())));
  }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  // libpqxx 6 reconnects in silence and loses all session state with it; a lost connection must be an error here.
  inhibit_reactivation(true);
#pragma GCC diagnostic pop
  cancel_ = std::shared_ptr<PGcancel>(PQgetCancel(policy_.raw()), &PQfreeCancel);
  socket_ = PQsocket(policy_.raw());
}

Connection::~Connection() {
  close();
}

std::string Connection::last_words() const {
  return policy_.raw() == nullptr ? "" : PQerrorMessage(policy_.raw());
}

void Connection::shut_down() noexcept {
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

const std::string* Connection::prepared(const std::string& sql) {
  const auto known = prepared_.find(sql);
  if (known != prepared_.end()) return &known->second;
  if (prepared_.size() >= most_prepared) return nullptr;
  const std::string name = fmt::format("crm_{}", prepared_.size() + 1);
  prepare(name, sql);  // PostgreSQL is told with the first use
  return &prepared_.emplace(sql, name).first->second;
}

Transport Connection::transport() const {
  const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
  PGconn* raw = policy_.raw();
  const std::string address = text(PQhostaddr(raw));
  return {.socket = text(PQhost(raw)).rfind('/', 0) == 0,
          .loopback = address.rfind("127.", 0) == 0 || address == "::1",
          .tls = PQsslInUse(raw) != 0 ? text(PQsslAttribute(raw, "protocol")) : ""};
}

std::string with_defaults(const std::string& url, const ConnectionDefaults& defaults) {
  Keywords keywords = parse(url);
  keywords.try_emplace("connect_timeout", fmt::format("{}", defaults.connect_timeout_seconds));
  keywords.try_emplace("keepalives_idle", "5");
  keywords.try_emplace("keepalives_interval", "2");
  keywords.try_emplace("keepalives_count", "3");
  keywords.try_emplace("tcp_user_timeout", "5000");
  keywords.try_emplace("application_name", defaults.application_name);
  keywords.try_emplace("client_encoding", "UTF8");
  std::string options;
  for (const auto& [keyword, value] : keywords) options += fmt::format("{}={} ", keyword, quoted(value));
  return options;
}

std::string application_name_of(const std::string& url) {
  return parse(url)["application_name"];
}

std::string place_of(const std::string& url) {
  try {
    Keywords keywords = parse(url);
    const auto of = [&](const char* keyword, const char* otherwise) {
      const auto found = keywords.find(keyword);
      return found == keywords.end() || found->second.empty() ? std::string(otherwise) : found->second;
    };
    const std::string host = of("host", of("hostaddr", "localhost").c_str());
    return fmt::format("{}:{}/{}", host, of("port", "5432"), of("dbname", "postgres"));
  } catch (const std::invalid_argument&) {
    return "?";
  }
}

}  // namespace crm::source
