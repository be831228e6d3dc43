#pragma once
// The schema in which the daemon keeps its history: is it there, and what may this role do with it?

#include <string>

#include "source/snapshot.h"

namespace crm::rollup {

struct OwnSchema {
  bool there = false;
  bool readable = false;
  bool writable = false;
};

OwnSchema look_at_own_schema(source::Snapshot& snapshot, const std::string& schema);

}  // namespace crm::rollup
