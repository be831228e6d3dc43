#pragma once
// All that a collector can read, during one run. PostgreSQL's part is one read-only snapshot: every statement and fact
// of a run sees the same rows.

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <crm/sdk/facts.h>
#include <crm/sdk/instant.h>
#include <crm/sdk/log.h>
#include <crm/sdk/rows.h>
#include <crm/sdk/statement.h>

namespace crm {

// One queue of the WhatsApp gateway.
struct QueueState {
  std::string queue;
  std::map<std::string, std::int64_t> jobs = {};  // by state: waiting, prioritized, paused, delayed, active, failed, …
  std::int64_t depth = 0;                         // waiting, prioritised, paused or due
  std::int64_t completed_last_minute = 0;
  std::int64_t failed_last_minute = 0;
  std::optional<Duration> oldest_waiting = {};
  bool paused = false;
};

struct Session {
  enum class State { connected, disconnected, reconnecting };
  std::string id;
  std::string phone_number;
  State state = State::disconnected;
  std::optional<Instant> last_seen = {};
};

struct RedisCommand {
  std::vector<std::string> words;
};

// nil, integer, string, or an error's text.
struct RedisReply {
  std::variant<std::monostate, std::int64_t, std::string, std::vector<RedisReply>> value;
  bool is_error = false;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
};

// Used by the thread of the run only. Every call honours the run's deadline and stop token and throws what errors.h
// says: SourceUnavailable, DeadlineExceeded, ContractError, Forbidden, UsageError.
class Sources {
 public:
  virtual ~Sources() = default;

  virtual FactTable facts(const FactQuery& query) = 0;
  virtual Rows query(const Statement& statement, const Args& args = {}) = 0;

  // Does the CRM have this view? Its numbers are then absent from Prometheus and zero in JSON.
  virtual bool has_view(std::string_view view) = 0;

  virtual std::vector<QueueState> queues() = 0;
  virtual std::vector<Session> sessions() = 0;
  virtual std::vector<RedisReply> redis(std::span<const RedisCommand> pipeline) = 0;
  virtual HttpResponse http(const HttpRequest& request) = 0;

  // A word outside the contract's vocabulary was met `rows` times (a priority nobody knows); counted in a metric.
  virtual void unknown_word(std::string_view view, std::string_view column, std::int64_t rows) = 0;

  virtual Instant now() const = 0;
  virtual Log& log() = 0;
};

}  // namespace crm
