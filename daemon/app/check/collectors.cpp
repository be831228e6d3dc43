// Each collector, run as the scheduler would run it, and as a person of the narrowest scope would ask.

#include <algorithm>

#include <fmt/format.h>

#include "app/check/readers.h"
#include "app/check/subjects.h"
#include "app/reporter.h"
#include "sql.h"

namespace crm::app {
namespace {

std::string milliseconds_of(const Taken& taken) {
  return fmt::format("{:.0f} ms", std::chrono::duration<double, std::milli>(taken.outcome.duration).count());
}

// The views of a collector that an error was told of already.
std::string broken_views(const Checkup& checkup, const std::vector<Reader>& readers, const std::string& collector) {
  std::vector<std::string> views;
  for (const std::string& view : checkup.broken) {
    const bool reads = std::any_of(readers.begin(), readers.end(), [&](const Reader& reader) {
      return reader.collector == collector && reader.reads.contains(view);
    });
    if (reads) views.push_back(view);
  }
  return fmt::format("{}", fmt::join(views, ", "));
}

class Collectors {
 public:
  explicit Collectors(Checkup& checkup) : checkup_(checkup), readers_(readers_of(checkup.house)), agent_(an_agent()) {}

  void check(const std::shared_ptr<const plugin::LoadedCollector>& collector) {
    const Description& description = collector->description();
    const Taken everyone = take(collector, {}, Scope::everyone());
    if (everyone.outcome.fault != plugin::Fault::none) return failed(description.name, everyone, "");
    std::string line =
        fmt::format("{} samples in {}", everyone.outcome.report->samples.size(), milliseconds_of(everyone));
    if (!description.always_now) take(collector, "month", Scope::everyone());  // for its plans
    if (description.access == Access::everyone && agent_) {
      const Scope scope{Role::agent, *agent_};
      const Taken own = take(collector, {}, scope);
      if (own.outcome.fault != plugin::Fault::none) return failed(description.name, own, " for one agent");
      line += fmt::format("; for one agent in {}", milliseconds_of(own));
      if (!description.always_now) take(collector, "month", scope);
    }
    checkup_.findings.ok(description.name, line);
    for (const Warning& partial : everyone.outcome.report->partial) {
      checkup_.findings.warning(description.name, "is partial: " + partial.what);
    }
  }

 private:
  Taken take(const std::shared_ptr<const plugin::LoadedCollector>& collector, const std::string& range,
             const Scope& scope) {
    const std::string& name = collector->description().name;
    const auto timeout =
        checkup_.house.values().collector(name).timeout.value_or(collector->description().schedule.timeout);
    Ask ask = sampling_ask(collector, std::chrono::steady_clock::now() + timeout);
    ask.scope = scope;
    if (!scope.sees_everyone() || !range.empty()) ask.purpose = source::Pool::For::people;
    if (!range.empty()) ask.window.date_range = range;
    ask.note = [&](const std::string& statement, const source::Compiled& compiled) {
      checkup_.statements.push_back({statement, compiled, name});
    };
    return take_report(checkup_.house, ask);
  }

  void failed(const std::string& collector, const Taken& taken, const std::string& whose) {
    const std::string broken =
        taken.outcome.fault == plugin::Fault::contract ? broken_views(checkup_, readers_, collector) : "";
    if (!broken.empty()) {
      checkup_.findings.error(collector, fmt::format("fails{} until the errors of {} above are mended", whose, broken));
    } else if (taken.outcome.fault == plugin::Fault::timeout) {
      checkup_.findings.error(collector, taken.outcome.what + whose,
                              {say(fmt::format("See Indexes below; collectors.{}.timeout is the limit.", collector))});
    } else {
      checkup_.findings.error(collector, taken.outcome.what + whose);
    }
  }

  std::optional<std::string> an_agent() const {
    for (const Statement* statement : {&sql::an_agent, &sql::an_assigned_agent}) {
      try {
        const Rows rows = open_snapshot(checkup_.house)->run(statement->name, statement->text, {}, true);
        if (!rows.empty()) return std::string(rows[0].text("agent"));
      } catch (const std::exception&) {
        continue;  // its view is told of where views are; without an agent, none is tried
      }
    }
    return std::nullopt;
  }

  Checkup& checkup_;
  const std::vector<Reader> readers_;
  const std::optional<std::string> agent_;
};

}  // namespace

void check_collectors(Checkup& checkup) {
  checkup.findings.heading("Collectors");
  Collectors collectors(checkup);
  for (const auto& collector : checkup.house.plugins.collectors) collectors.check(collector);
}

}  // namespace crm::app
