#include <algorithm>

#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fake_sources.h>

namespace crm::testing {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Is `word` in the text, not as a part of a longer one?
bool names(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_word_character(text[at - 1])) && (end == text.size() || !is_word_character(text[end]))) {
      return true;
    }
  }
  return false;
}

std::string text_of(Window window) {
  return "[" + to_iso(window.from) + ", " + to_iso(window.to) + ")";
}

[[noreturn]] void not_prepared(const std::string& what, const std::string& add) {
  throw UsageError("the test's sources have no " + what + "; add " + add);
}

}  // namespace

class FakeSources::Lines : public Log {
 public:
  void debug(std::string_view message) override { lines.push_back({"debug", std::string(message)}); }
  void info(std::string_view message) override { lines.push_back({"info", std::string(message)}); }
  void warn(std::string_view message) override { lines.push_back({"warn", std::string(message)}); }

  std::vector<LogLine> lines;
};

FakeSources::FakeSources(Instant now)
    : now_(now), skipped_rows_(std::make_shared<std::vector<SkippedRow>>()), lines_(std::make_unique<Lines>()) {}
FakeSources::~FakeSources() = default;

void FakeSources::limit_to(std::set<std::string> agents) {
  visible_ = std::move(agents);
}
void FakeSources::everyone() {
  visible_.reset();
}

void FakeSources::add_events(const std::string& fact, EventFact events) {
  facts_[fact] = [this, events = std::move(events)](const FactQuery& query) {
    return sum_events(events, query, visible_);
  };
}

void FakeSources::add_fact(const std::string& fact, Window window, FactTable table) {
  tables_[fact].insert(tables_[fact].begin(), {window, std::move(table)});
}

void FakeSources::add_fact(const std::string& fact, std::function<FactTable(const FactQuery&)> answer) {
  facts_[fact] = std::move(answer);
}

void FakeSources::add_rows(const std::string& statement, Rows rows) {
  rows_[statement] = [rows = std::move(rows)](const Args&) { return rows; };
}

void FakeSources::add_rows(const std::string& statement, std::function<Rows(const Args&)> answer) {
  rows_[statement] = std::move(answer);
}

void FakeSources::remove_view(const std::string& view, const std::set<std::string>& facts_that_read_it) {
  removed_views_.insert(view);
  for (const std::string& fact : facts_that_read_it) removed_facts_[fact] = view;
}

void FakeSources::set_queues(std::vector<QueueState> queues) {
  queues_ = std::move(queues);
}
void FakeSources::set_sessions(std::vector<Session> sessions) {
  sessions_ = std::move(sessions);
}

void FakeSources::on_redis(std::function<std::vector<RedisReply>(std::span<const RedisCommand>)> answer) {
  redis_ = std::move(answer);
}

void FakeSources::on_http(std::function<HttpResponse(const HttpRequest&)> answer) {
  http_ = std::move(answer);
}

FactTable FakeSources::facts(const FactQuery& query) {
  facts_asked_.push_back(query);
  if (const auto removed = removed_facts_.find(query.fact); removed != removed_facts_.end()) {
    return FactTable::of_absent_view(removed->second);
  }
  if (const auto tables = tables_.find(query.fact); tables != tables_.end()) {
    const auto fits = std::find_if(tables->second.begin(), tables->second.end(),
                                   [&](const WindowedTable& table) { return table.window == query.window; });
    if (fits != tables->second.end()) return fits->table;
  }
  const auto answer = facts_.find(query.fact);
  if (answer == facts_.end()) {
    not_prepared("fact '" + query.fact + "' for the window " + text_of(query.window),
                 "add_events(\"" + query.fact + "\", …) or add_fact(\"" + query.fact + "\", window, table)");
  }
  return answer->second(query);
}

FactTable FakeSources::counters(const std::string& fact, const std::vector<Axis>& by) {
  return facts({.fact = fact, .window = {Instant{}, now_}, .by = by});
}

void FakeSources::add_contacts(Window window, Contacts contacts) {
  contacts_.emplace_back(window, contacts);
}

std::optional<Contacts> FakeSources::contacts(const Window& window) {
  const auto known =
      std::find_if(contacts_.begin(), contacts_.end(), [&](const auto& one) { return one.first == window; });
  return known == contacts_.end() ? std::nullopt : std::optional(known->second);
}

Rows FakeSources::query(const Statement& statement, const Args& args) {
  statements_asked_.push_back({statement.name, args});
  if (!statement.text.empty() && !statement.unscoped && !names(statement.text, "agents")) {
    throw UsageError("statement '" + statement.name +
                     "' does not use :agents; the host refuses it unless it is Unscoped");
  }
  const auto removed = std::find_if(removed_views_.begin(), removed_views_.end(),
                                    [&](const std::string& view) { return names(statement.text, view); });
  if (removed != removed_views_.end()) return Rows::of_absent_view(*removed);
  const auto answer = rows_.find(statement.name);
  if (answer == rows_.end()) {
    not_prepared("rows for statement '" + statement.name + "'",
                 "add_rows(\"" + statement.name + "\", Rows({columns}, {cells}))");
  }
  Rows rows = answer->second(args);
  rows.on_skip([skipped = skipped_rows_, name = statement.name](std::string_view reason) {
    skipped->push_back({name, std::string(reason)});
  });
  return rows;
}

bool FakeSources::has_view(std::string_view view) {
  return !removed_views_.contains(view);
}

std::vector<QueueState> FakeSources::queues() {
  if (!queues_) not_prepared("queues", "set_queues({…})");
  return *queues_;
}

std::vector<Session> FakeSources::sessions() {
  if (!sessions_) not_prepared("sessions", "set_sessions({…})");
  return *sessions_;
}

std::vector<RedisReply> FakeSources::redis(std::span<const RedisCommand> pipeline) {
  if (!redis_) not_prepared("Redis", "on_redis(function)");
  return redis_(pipeline);
}

HttpResponse FakeSources::http(const HttpRequest& request) {
  if (!http_) not_prepared("HTTP server for " + request.method + " " + request.url, "on_http(function)");
  return http_(request);
}

void FakeSources::unknown_word(std::string_view view, std::string_view column, std::int64_t rows) {
  unknown_words_.push_back({std::string(view), std::string(column), rows});
}

const std::vector<FakeSources::LogLine>& FakeSources::log_lines() const {
  return lines_->lines;
}

Log& FakeSources::log() {
  return *lines_;
}

}  // namespace crm::testing
