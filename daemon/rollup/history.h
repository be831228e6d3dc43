#pragma once
// Stored facts as a run reads them: a window is answered by stored periods, and the gaps between them by the raw rows,
// all in the run's snapshot.

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include <crm/sdk/facts.h>
#include <crm/sdk/settings.h>
#include <crm/sdk/sources.h>

#include "calendar/zone.h"
#include "rollup/contact_visits.h"
#include "rollup/coverage.h"
#include "rollup/fact_file.h"
#include "rollup/grain.h"
#include "rollup/stored_lookups.h"
#include "rollup/touched.h"
#include "source/snapshot.h"

namespace crm::rollup {

// What a run has learnt of the stored history.
struct HistoryState {
  bool fed = false;                            // the CRM's triggers note every change
  std::optional<Instant> counting_since = {};  // counters count from there
  bool rescan = false;                         // a change was missed: all is to be counted again
  Instant visits_from = Instant::max();        // contact_visits has conversations from there on
};

// Without triggers, the youngest hours are read from the raw rows.
inline constexpr std::chrono::hours untrusted_without_feed{2};
// What waiting changes touch is read from the raw rows, so that an answer is right although they wait. Of more than
// this many it is not found out: stored numbers are taken as they are, and the answer says that they may lag.
inline constexpr std::int64_t most_waiting = 500;

// Of one run; used by its thread.
class History {
 public:
  History(source::Snapshot& snapshot, const Settings& settings)
      : snapshot_(snapshot), settings_(settings), lookups_(snapshot, settings) {}

  // Can this database's history be read at all?
  bool readable() const { return snapshot_.catalog().history_readable(); }

  // Facts that this run is going to be asked for, if it is: what is stored of them is looked up together.
  void expect(std::vector<const FactDefinition*> facts) { lookups_.expect(std::move(facts)); }

  using Live = std::function<FactTable(const FactQuery&)>;

  // The query's answer; `live` counts gaps. Throws what the snapshot throws.
  FactTable facts(const FactDefinition& fact, const FactQuery& query, const Live& live);

  // What the fact has counted since counting began, as all replicas see it. By agent, without the unassigned.
  FactTable counters(const FactDefinition& fact, const std::vector<Axis>& by);

  // Contacts of the scope's agents, each once. Nothing where they are not kept; the rows tell then.
  std::optional<Contacts> contacts(const Window& window);

  const HistoryState& state();

  // How many stored periods the answers so far were added up from.
  std::size_t periods_read() const { return periods_read_; }

  // Is every answer so far what the raw rows say?
  bool exact() const { return exact_; }

  // Is what some answer so far was asked of being counted again, for other settings or another time zone than it was
  // stored with? The answer is right: it is of the raw rows, and of periods of the other zone where they fit.
  bool rebuilding() const { return rebuilding_; }

 private:
  bool touched(const FactDefinition& fact, const StoredPeriod& period);
  std::vector<StoredPeriod> periods(const FactDefinition& fact, const std::vector<Window>& windows, Grain grain);
  void foresee(const FactDefinition& fact, const Window& window, bool by_hour);
  Instant trusted_until();
  Coverage covered(const FactDefinition& fact, const Window& window, const std::vector<Instant>& buckets);
  const calendar::Zone& zone();
  FactTable read_sums(const FactDefinition& asked, const FactQuery& query, const std::vector<StoredPeriod>& periods,
                      bool scoped);
  Rows read(const std::string& name, const std::string& sql, source::Binding binding);

  source::Snapshot& snapshot_;
  const Settings& settings_;
  std::optional<HistoryState> state_;
  struct Waiting {
    Touched changed;
    Touched pruned;
    ChangedVisits visits;
  };
  const Waiting* waiting();

  StoredLookups lookups_;
  std::optional<Waiting> waiting_;  // what changes that are not counted yet touch
  bool too_many_wait_ = false;
  std::size_t periods_read_ = 0;
  bool exact_ = true;
  bool rebuilding_ = false;
  std::shared_ptr<const calendar::Zone> zone_;  // loaded when first needed
};

}  // namespace crm::rollup
