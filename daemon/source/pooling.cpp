#include "source/pooling.h"

#include <set>

#include <pqxx/pqxx>

#include <crm/sdk/errors.h>

namespace crm::source {
namespace {

constexpr int rounds = 8;

// The process that serves this one transaction.
int backend_of(Connection& connection) {
  pqxx::nontransaction alone(connection);
  return alone.exec1("SELECT pg_backend_pid()")[0].as<int>();
}

// Never two transactions at once: a pooler that has one connection to share must not be waited for.
bool shares_backends(Connection& one, Connection& other) {
  std::set<int> of_one;
  std::set<int> of_other;
  for (int round = 0; round < rounds; ++round) {
    of_one.insert(backend_of(one));
    const int backend = backend_of(other);
    of_other.insert(backend);
    if (of_one.contains(backend) || of_one.size() > 1 || of_other.size() > 1) return true;
  }
  return false;
}

}  // namespace

Pooling find_pooling(Postgres& postgres, Deadline deadline) {
  const auto one = postgres.connect_apart();
  const auto other = postgres.connect_apart();
  const auto watch_one = postgres.watchdog().watch(*one, deadline);
  const auto watch_other = postgres.watchdog().watch(*other, deadline);
  try {
    const bool direct = backend_of(*one) == one->told_backend();
    if (direct) return Pooling::direct;
    return shares_backends(*one, *other) ? Pooling::by_transaction : Pooling::by_session;
  } catch (const pqxx::failure& failure) {
    if (watch_one.fired() || watch_other.fired()) return Pooling::unknown;
    throw SourceUnavailable(failure.what());
  }
}

}  // namespace crm::source
