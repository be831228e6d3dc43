#pragma once
// The subjects of a check, one a source file of the same name, in the order in which they are looked at.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/check/findings.h"
#include "app/command_line.h"
#include "app/house.h"
#include "source/snapshot.h"

namespace crm::app {

// A statement as a collector ran it, with its values.
struct StatementMet {
  std::string name;
  source::Compiled statement;
  std::string collector;
};

// What one subject leaves to those behind it.
struct Checkup {
  const House& house;
  Findings& findings;
  std::set<std::string> broken = {};  // views with an error of their own: what reads them is not tried
  std::vector<StatementMet> statements = {};
};

// A snapshot of the database within the time that a report may take.
std::unique_ptr<source::Snapshot> open_snapshot(const House& house);

// Null after an error.
std::shared_ptr<const House> check_configuration(const CommandLine& line, Findings& findings);
void check_plugins(Checkup& checkup);

// False where nothing further can be asked: one error has said why.
bool check_connection(Checkup& checkup);

void check_contract(Checkup& checkup);
void check_row_security(Checkup& checkup);
void check_view_shapes(Checkup& checkup);
void check_words(Checkup& checkup);
void check_queue(Checkup& checkup);
void check_change_feed(Checkup& checkup);
void check_collectors(Checkup& checkup);
void check_indexes(Checkup& checkup);

}  // namespace crm::app
