#pragma once
// One backfill of a schema at a time: two would count the same days. Only politeness: numbers are right without it.

#include <memory>
#include <string>

#include <pqxx/nontransaction>

#include "source/postgres.h"

namespace crm::rollup {

// Of one thread. What it holds, it holds in a transaction of a connection of its own, which has no snapshot (so VACUUM
// goes on) and works through any pooler; it is let go when this, or its process, ends.
class OnlyOne {
 public:
  OnlyOne(const source::Postgres& postgres, std::string own_schema);
  ~OnlyOne();
  OnlyOne(const OnlyOne&) = delete;
  OnlyOne& operator=(const OnlyOne&) = delete;

  // False: another process is the one. SourceUnavailable.
  bool try_to_be();

 private:
  const std::string own_schema_;
  std::unique_ptr<source::Connection> connection_;
  pqxx::nontransaction session_;
};

}  // namespace crm::rollup
