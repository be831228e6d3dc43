#pragma once
// What a CRM's folder (config/source/<crm>) has for the CRM's own tables: columns, triggers, indexes.

#include <string>
#include <vector>

#include "rollup/migrations.h"

namespace crm::rollup {

// The whole text or nothing, in one transaction that waits 2 s for a table's lock: the CRM's writes would queue behind
// it. Throws std::runtime_error with one line; also for a text that ends transactions itself.
void apply_in_transaction(source::Connection& connection, const Schemas& schemas, const std::string& sql);

// Each statement by itself, as CONCURRENTLY wants it. One that fails does not keep the others from running; what went
// wrong is returned, a line each.
std::vector<std::string> apply_one_by_one(source::Connection& connection, const std::string& sql);

// Indexes whose building was interrupted: they cost every write and serve no read. "public.idx_messages_date".
std::vector<std::string> invalid_indexes(source::Connection& connection);

}  // namespace crm::rollup
