#pragma once
// Sources of a test: answers that were prepared, questions that were asked. No PostgreSQL, no Redis.
//
//   FakeSources sources(at("2026-11-23T12:00:00Z"));
//   sources.add_events("turns", {.columns = {"answered", "response_ms"},
//                                .events = {{at("2026-11-23T09:00:00Z"), "a1", {}, {1, 30'000}}}});
//   sources.add_rows("kpi/open_tickets", Rows({"priority", "tickets"}, {{"high", "2"}}));
//   const Report report = collector.collect(asked.request(), sources);
//
// What was not prepared throws UsageError that says what to add; so a collector that asks too much fails its test.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <crm/sdk/sources.h>
#include <crm/sdk/testing/fact_events.h>

namespace crm::testing {

// Used by one thread, as Sources are.
class FakeSources : public Sources {
 public:
  explicit FakeSources(Instant now);
  ~FakeSources() override;

  // Whose rows the scope sees, where facts are given as events: what the host does with Request::scope.
  void limit_to(std::set<std::string> agents);
  void everyone();

  // Answers to facts: events that are summed as asked, a table for one exact window whatever the axes, or a function,
  // which may throw to play a fault. Events or a function answer where no table fits.
  void add_events(const std::string& fact, EventFact events);
  void add_fact(const std::string& fact, Window window, FactTable table);
  void add_fact(const std::string& fact, std::function<FactTable(const FactQuery&)> answer);

  // Answers to statements, by Statement::name.
  void add_rows(const std::string& statement, Rows rows);
  void add_rows(const std::string& statement, std::function<Rows(const Args&)> answer);

  // Contacts as history keeps them, of one exact window; of windows without, there is no history of them.
  void add_contacts(Window window, Contacts contacts);

  // A view that this CRM does not have: statements whose text names it, and the given facts, answer absent.
  void remove_view(const std::string& view, const std::set<std::string>& facts_that_read_it = {});

  void set_queues(std::vector<QueueState> queues);
  void set_sessions(std::vector<Session> sessions);
  void on_redis(std::function<std::vector<RedisReply>(std::span<const RedisCommand>)> answer);
  void on_http(std::function<HttpResponse(const HttpRequest&)> answer);

  // What happened.
  struct Asked {
    std::string statement;
    Args args;
  };
  struct SkippedRow {
    std::string statement;
    std::string reason;
    friend bool operator==(const SkippedRow&, const SkippedRow&) = default;
  };
  struct UnknownWord {
    std::string view;
    std::string column;
    std::int64_t rows;
    friend bool operator==(const UnknownWord&, const UnknownWord&) = default;
  };
  struct LogLine {
    std::string level;  // debug, info, warn
    std::string message;
    friend bool operator==(const LogLine&, const LogLine&) = default;
  };
  const std::vector<FactQuery>& facts_asked() const { return facts_asked_; }
  const std::vector<Asked>& statements_asked() const { return statements_asked_; }
  const std::vector<SkippedRow>& skipped_rows() const { return *skipped_rows_; }
  const std::vector<UnknownWord>& unknown_words() const { return unknown_words_; }
  const std::vector<LogLine>& log_lines() const;

  FactTable facts(const FactQuery& query) override;
  // Sums all events of the fact, as if counting had begun before the first; a fact given by a function is asked for
  // the window from the epoch to now.
  FactTable counters(const std::string& fact, const std::vector<Axis>& by = {}) override;
  Rows query(const Statement& statement, const Args& args = {}) override;
  std::optional<Contacts> contacts(const Window& window) override;
  bool has_view(std::string_view view) override;
  std::vector<QueueState> queues() override;
  std::vector<Session> sessions() override;
  std::vector<RedisReply> redis(std::span<const RedisCommand> pipeline) override;
  HttpResponse http(const HttpRequest& request) override;
  void unknown_word(std::string_view view, std::string_view column, std::int64_t rows) override;
  Instant now() const override { return now_; }
  Log& log() override;

 private:
  struct WindowedTable {
    Window window;
    FactTable table;
  };
  class Lines;

  Instant now_;
  VisibleAgents visible_;
  std::map<std::string, std::vector<WindowedTable>> tables_;
  std::map<std::string, std::function<FactTable(const FactQuery&)>> facts_;
  std::map<std::string, std::function<Rows(const Args&)>> rows_;
  std::vector<std::pair<Window, Contacts>> contacts_;
  std::set<std::string, std::less<>> removed_views_;
  std::map<std::string, std::string> removed_facts_;  // fact → the view that is missing
  std::optional<std::vector<QueueState>> queues_;
  std::optional<std::vector<Session>> sessions_;
  std::function<std::vector<RedisReply>(std::span<const RedisCommand>)> redis_;
  std::function<HttpResponse(const HttpRequest&)> http_;

  std::vector<FactQuery> facts_asked_;
  std::vector<Asked> statements_asked_;
  std::shared_ptr<std::vector<SkippedRow>> skipped_rows_;  // shared with the Rows given out, which may outlive this
  std::vector<UnknownWord> unknown_words_;
  std::unique_ptr<Lines> lines_;
};

}  // namespace crm::testing
