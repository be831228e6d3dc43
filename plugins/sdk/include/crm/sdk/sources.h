#pragma once
// All that a collector can read, during one run. PostgreSQL's part is one read-only snapshot: every statement and fact
// of a run sees the same rows.

#include <array>
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
#include <crm/sdk/window.h>

namespace crm {

// One queue of the WhatsApp gateway.
struct QueueState {
  std::string queue;
  std::map<std::string, std::int64_t> jobs = {};  // by state, see queue_states
  std::int64_t depth = 0;                         // jobs waiting, prioritised, paused or due
  std::int64_t completed_last_minute = 0;         // during the last full minute
  std::int64_t failed_last_minute = 0;
  std::int64_t completed_total = 0;  // never falls while the daemon lives
  std::int64_t failed_total = 0;
  std::optional<Duration> oldest_waiting = {};  // nothing: none waits, or nobody is meant to take it (dead letters)
  bool paused = false;
};

// The states that QueueState::jobs always has, each job being in one of them.
inline constexpr std::array<const char*, 7> queue_states{"waiting", "prioritized", "delayed", "waiting_children",
                                                         "active",  "completed",   "failed"};

struct Session {
  enum class State { connected, disconnected, reconnecting };
  std::string id;
  std::string phone_number;
  std::string label = {};  // for Prometheus: the masked id and a short keyed hash, because ids are often phone numbers
  State state = State::disconnected;
  std::optional<Instant> last_seen = {};
};

// Of a window: contacts with a conversation created in it, each once.
struct Contacts {
  std::int64_t contacts = 0;
  std::int64_t came_before = 0;  // of those, who had a conversation before the window, with whomever it was
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

  // What a fact has counted by these axes (agent, key) since the daemon began to count: sums and histograms that never
  // fall, for counters of Prometheus. Groups that counted something before that begin at 0. For scheduled runs only:
  // UsageError in a person's.
  virtual FactTable counters(const std::string& fact, const std::vector<Axis>& by = {}) = 0;

  virtual Rows query(const Statement& statement, const Args& args = {}) = 0;

  // Contacts of the scope's agents. Nothing where the daemon does not keep them: without history or triggers, before it
  // has read the window's past, and for scopes that see everyone (contacts.h); a statement of the plugin's has to tell
  // then.
  virtual std::optional<Contacts> contacts(const Window& window) = 0;

  // Does the CRM have this view? Its numbers are then absent from Prometheus and zero in JSON.
  virtual bool has_view(std::string_view view) = 0;

  // Every queue that is configured; without any, the CRM's own table of messages as one queue. A queue that cannot be
  // read is left out.
  virtual std::vector<QueueState> queues() = 0;
  // Every session known, connected ones first, then by the newest last_seen, then by id.
  virtual std::vector<Session> sessions() = 0;
  virtual std::vector<RedisReply> redis(std::span<const RedisCommand> pipeline) = 0;
  virtual HttpResponse http(const HttpRequest& request) = 0;

  // A word outside the contract's vocabulary was met `rows` times (a priority nobody knows); counted in a metric.
  virtual void unknown_word(std::string_view view, std::string_view column, std::int64_t rows) = 0;

  virtual Instant now() const = 0;
  virtual Log& log() = 0;
};

}  // namespace crm
