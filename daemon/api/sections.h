#pragma once
// What the API needs of the house: which sections there are, and answers to questions about them. app/ provides it.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <crm/sdk/collector.h>

#include "api/cursor.h"
#include "calendar/window_query.h"

namespace crm::api {

struct Question {
  std::string section;
  Scope scope;
  calendar::WindowQuery window;
  Params params;
  Page page;
  std::optional<Instant> window_end;  // where the window of a page that follows another must end
  std::string params_key;             // params and page as one text: equal keys, equal values
  Deadline deadline;
};

struct Answer {
  std::shared_ptr<const std::string> document;  // JSON bytes
  Instant as_of;                                // the instant that its rows were counted at
  bool partial = false;
  // Set when the source cannot be asked now and this is the last answer there is: how old, and why.
  struct Stale {
    std::chrono::seconds age;
    std::string reason;
  };
  std::optional<Stale> stale;
  std::optional<Cursor> next = {};  // where the next page begins
  bool exact = true;                // false: some numbers may lag behind the CRM's rows
  bool rebuilding = false;          // the history that it was asked of is being counted again: right, but slow
};

// Thread-safe.
class Sections {
 public:
  virtual ~Sections() = default;

  virtual std::vector<std::shared_ptr<const Description>> all() const = 0;  // by name
  virtual std::shared_ptr<const Description> find(const std::string& name) const = 0;

  // Throws BadWindow, and what crm/sdk/errors.h names.
  virtual Answer answer(const Question& question) const = 0;

  virtual calendar::WindowRules window_rules(const Description& description) const = 0;
  virtual const Calendar& calendar() const = 0;
  virtual std::chrono::milliseconds timeout() const = 0;
};

}  // namespace crm::api
