#pragma once
// The one interface that a plugin implements.

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include <crm/sdk/description.h>
#include <crm/sdk/params.h>
#include <crm/sdk/report.h>
#include <crm/sdk/scope.h>
#include <crm/sdk/sources.h>
#include <crm/sdk/window.h>

namespace crm {

// Which rows of a section's long list: at most `limit`, from behind those that a page before ended with.
struct Page {
  std::int64_t limit = 0;
  std::vector<std::string> after = {};  // Report::next of the page before; empty: the first page
};

// One question: which window, whose rows, as of when.
struct Request {
  Window window;
  Window previous;
  Scope scope;
  Instant as_of;
  const Params& params;
  const Calendar& calendar;
  Deadline deadline;
  std::stop_token stop;
  Page page = {};  // of a section that declares paging; its window ends where the first page's ended
  // The scheduler wants samples for Prometheus; a person wants the document only, and what samples alone need may be
  // left out.
  bool wants_samples = true;
  bool default_window = false;  // the caller named no window: this is the description's, and a field may have its own
};

// Where rows of a long table go; throws when the reader has gone.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void row(const std::vector<std::string>& cells) = 0;
};

// const and called by several threads at once, for different scopes: keep no state between runs. May throw; the host
// isolates, measures, limits and logs every run.
class Collector {
 public:
  virtual ~Collector() = default;
  virtual const Description& describe() const noexcept = 0;
  virtual Report collect(const Request& request, Sources& sources) const = 0;

  // Tables longer than a document should be; by default there are none.
  virtual void stream(const Request& request, Sources& sources, RowSink& sink) const {
    static_cast<void>(request);
    static_cast<void>(sources);
    static_cast<void>(sink);
  }
};

}  // namespace crm
