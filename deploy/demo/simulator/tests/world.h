#pragma once
// A generated history as rows of cells.

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "history.h"
#include "rows.h"

namespace crm::simulator {

using Columns = std::vector<std::string>;

struct World {
  std::map<Table, std::string> text;
  std::int64_t messages = 0;

  std::vector<Columns> rows(Table table) const {
    std::vector<Columns> result;
    std::istringstream lines(text.at(table));
    for (std::string line; std::getline(lines, line);) {
      Columns columns;
      std::istringstream cells(line);
      for (std::string cell; std::getline(cells, cell, '\t');) columns.push_back(cell);
      result.push_back(std::move(columns));
    }
    return result;
  }
};

inline World generate(const History& history) {
  World world;
  RowWriter out([&](Table table, std::string_view rows) { world.text[table] += rows; }, 1000);
  write_history(history, out, [](std::int64_t, std::int64_t) {});
  world.messages = out.rows(Table::messages);
  return world;
}

// A month until Monday, 16:40 in Berlin.
inline History small() {
  History history;
  history.messages = 20'000;
  history.days = 30;
  history.agents = 8;
  history.now = parse_instant("2026-11-23T15:40:00Z").value();
  history.timezone = "Europe/Berlin";
  return history;
}

// Columns of messages and conversations, as rows.cpp orders them.
enum MessageColumn {
  id,
  conversation,
  campaign,
  direction,
  sender_type,
  sender,
  recipient,
  content,
  status,
  created,
  sent,
  delivered,
  read,
  failed,
  reason
};

}  // namespace crm::simulator
