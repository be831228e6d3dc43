#pragma once
// A whole CRM's past, streamed day by day.

#include <cstdint>
#include <functional>

#include "options.h"
#include "rows.h"

namespace crm::simulator {

// Messages so far, of how many.
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

// Writes all tables. Memory is bounded by contacts (some 100 bytes each) and the writer's batches, whatever the number
// of messages. Throws nothing of its own.
void write_history(const History& history, RowWriter& out, const Progress& progress);

}  // namespace crm::simulator
