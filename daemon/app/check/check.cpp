#include "app/check/check.h"

#include <cstdlib>
#include <iostream>

#include <unistd.h>

#include "app/check/subjects.h"

namespace crm::app {

std::unique_ptr<source::Snapshot> open_snapshot(const House& house) {
  const Deadline deadline = std::chrono::steady_clock::now() + house.values().database.statement_timeout;
  return house.postgres->open(
      {.scope = Scope::everyone(), .deadline = deadline, .purpose = source::Pool::For::sampling});
}

namespace {

void check_house(const House& house, Findings& findings) {
  Checkup checkup{house, findings};
  check_plugins(checkup);
  if (!check_connection(checkup)) return;
  check_contract(checkup);
  check_row_security(checkup);
  check_view_shapes(checkup);
  check_words(checkup);
  check_queue(checkup);
  check_change_feed(checkup);
  check_collectors(checkup);
  check_indexes(checkup);
}

}  // namespace

int check(const CommandLine& line) {
  // https://no-color.org
  return check(line, std::cout, ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr);
}

int check(const CommandLine& line, std::ostream& out, bool colours) {
  Findings findings(out, colours);
  try {
    if (const auto house = check_configuration(line, findings)) check_house(*house, findings);
  } catch (const std::exception& error) {
    findings.error("check", error.what(), {say("It broke off here: what comes after this was not looked at.")});
  }
  return findings.finish();
}

}  // namespace crm::app
