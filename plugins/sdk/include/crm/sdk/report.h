#pragma once
// What a collector returns: a document for people and programs, samples for Prometheus.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <crm/sdk/json.h>

namespace crm {

// One Prometheus family. Names follow Prometheus: base units, _total on counters, help says what and over which window.
struct Family {
  enum class Type { gauge, counter, histogram, summary, state_set, info };

  std::string name;
  Type type = Type::gauge;
  std::string help;
  std::vector<std::string> labels = {};  // names, closed sets only: never a phone number or free text
  std::vector<double> buckets = {};      // histogram: upper bounds, ascending, without +Inf
  std::vector<std::string> states = {};  // state set: all states, each exported 0 or 1
  std::string state_label = {};          // state set: the label that names the state; by default the family's own name

  // A gauge or counter with a label that is not closed: the `most` largest are shown, what is left is summed under
  // "other". A counter's values keep their place for as long as the daemon lives. `agent` has the host's cap.
  struct Cap {
    std::string label;
    std::size_t most = 0;
  };
  std::optional<Cap> cap = {};
};

// Buckets of a histogram sample, not cumulative: one for each bound and a last one above all. A summary has no buckets
// and no quantiles: one count, of all events, and their sum.
struct HistogramValue {
  std::vector<std::uint64_t> counts;
  double sum = 0;
};

// A value of a declared family; `labels` are the values in the order of Family::labels. A non-finite value is dropped
// and counted, a label list of another length or an undeclared family fails the run.
struct Sample {
  std::string family;
  std::vector<std::string> labels = {};
  double value = 0;                              // gauge, counter; info is always 1
  std::optional<HistogramValue> histogram = {};  // histogram, summary
  std::optional<std::string> state = {};         // state set: the one that holds
};

// A long list beside the document, for CSV.
struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

// Something that could not be had while the rest could: the run is partial, not failed.
struct Warning {
  std::string what;
};

struct Report {
  JsonPtr document;  // an object, in the shape that the design document gives
  std::vector<Sample> samples = {};
  std::vector<Table> tables = {};
  std::vector<Warning> partial = {};
  std::vector<std::string> next =
      {};  // keys of the last row of a page that is not the last; the host makes them opaque
};

}  // namespace crm
