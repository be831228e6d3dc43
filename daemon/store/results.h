#pragma once
// The last result of each question, in memory.

#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.h"

namespace crm::store {

// One question: which collector, whose rows (Scope::key()), which window (the caller's own spelling of it, parameters
// included).
struct Key {
  std::string collector;
  std::string scope;
  std::string window;
  friend auto operator<=>(const Key&,
                          const Key&) = default;  // NOLINT(modernize-use-nullptr): clang 14 means the 0 in <=>
};

// The scheduler's results stay until the next one or until their collector is forgotten; those of people share a
// bounded space, from which the least recently used go first. Thread-safe. Results may outlive their place here.
class Results {
 public:
  struct Limits {
    std::size_t entries = 1'000;
    std::size_t bytes = std::size_t{16} << 20;
  };

  explicit Results(Limits limits) : limits_(limits) {}

  // The scheduler's. A result that was taken before the one in place changes nothing (false): runs may end out of
  // order.
  bool keep(const Key& key, ResultPtr result);

  // A person's. Likewise; also false for a result that is larger than all the space there is.
  bool put(const Key& key, ResultPtr result);

  // The scheduler's own, whoever has asked the same since: only it has a block of samples. nullptr when there is none.
  ResultPtr kept(const Key& key) const;

  // The later taken of the scheduler's and people's results; nullptr when there is neither.
  ResultPtr get(const Key& key);

  // What the scheduler keeps, ordered by key.
  std::vector<ResultPtr> kept() const;

  // Everything of a collector that is no more. Returns how many results went.
  std::size_t forget(std::string_view collector);

  // People's results only.
  std::size_t entries() const;
  std::size_t bytes() const;

 private:
  struct Entry {
    Key key;
    ResultPtr result;
    std::size_t bytes;
  };
  using Entries = std::list<Entry>;  // most recently used first

  void drop(Entries::iterator entry, Entries& dropped);

  const Limits limits_;
  mutable std::mutex mutex_;
  std::map<Key, ResultPtr> kept_;
  Entries others_;
  std::map<Key, Entries::iterator> index_;
  std::size_t bytes_ = 0;
};

}  // namespace crm::store
