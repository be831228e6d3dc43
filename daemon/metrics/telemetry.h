#pragma once
// The daemon's metrics about itself: crm_collector_*, crm_postgres_up, crm_query_*, crm_http_*, process_* and their
// like.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/instant.h>

namespace crm::metrics {

struct Build {
  std::string version;
  std::string revision;
};

enum class RunResult { ok, partial, failed, timeout };

// Words outside the contract's vocabulary that a run met.
struct UnknownWords {
  std::string view;
  std::string column;
  std::int64_t rows = 0;
};

// How one run of a collector went.
struct RunOutcome {
  RunResult result = RunResult::ok;
  std::chrono::steady_clock::duration duration{};
  Instant ended = {};
  Instant as_of = {};               // of the rows that were counted
  std::size_t lost_series = 0;      // RenderCounts::lost()
  std::int64_t rows_with_null = 0;  // skipped: NULL where a value must be
  std::int64_t rows_malformed = 0;  // skipped: a value that cannot be read
  std::vector<UnknownWords> unknown = {};
};

enum class Listener { api, admin };

// Thread-safe; every call costs a lock and a look into a small map. Labels are closed sets by the callers' care:
// statement and route are names, never what a client sent; methods that HTTP does not know become "other".
class Telemetry {
 public:
  explicit Telemetry(const Build& build);
  ~Telemetry();

  // Collectors. A name that was not added, or was removed while its last run still went on, is ignored.
  void add_collector(std::string_view name);
  void remove_collector(std::string_view name);
  void collector_finished(std::string_view name, const RunOutcome& run);
  void collector_stuck(std::string_view name, bool stuck);
  void ticks_skipped(std::string_view name, std::int64_t ticks);

  // The source.
  void postgres_up(bool up);
  void redis_up(std::optional<bool> up);                             // nothing: none is configured (any more)
  void gateway_up(const std::string& name, std::optional<bool> up);  // nothing: it is configured no more
  void pool_connections(std::size_t idle, std::size_t busy);
  void query_finished(std::string_view statement, std::chrono::steady_clock::duration duration, std::uint64_t rows);

  // The rollup. A step ends ok, busy (another daemon's turn), outrun or failed.
  void rollup_step(std::string_view result);
  void rollup_counted(std::size_t changes, std::int64_t periods);
  void rollup_lag(std::chrono::microseconds age);  // of the oldest change that waits

  // HTTP. How many are in flight is asked of the listeners when the text is: the guard answers some that no handler
  // sees.
  void requests_in_flight(Listener listener, int requests);
  void request_finished(std::string_view route, std::string_view method, int code,
                        std::chrono::steady_clock::duration duration);

  // Configuration and plugins; the first loading counts as a reload.
  void reload_finished(bool successful, Instant at);
  void plugins_loaded(std::span<const std::string> names, std::span<const std::string> failed = {});

  // Text format 0.0.4: families by name, series by labels.
  std::string text() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace crm::metrics
