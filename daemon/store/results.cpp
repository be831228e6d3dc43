#include "store/results.h"

#include <iterator>
#include <stdexcept>
#include <utility>

namespace crm::store {
namespace {

// Roughly what the nodes, the control blocks and the key's two copies cost beside the bytes.
constexpr std::size_t overhead = 512;

std::size_t size_of(const Key& key, const Result& result) {
  std::size_t bytes = overhead + 2 * (key.collector.size() + key.scope.size() + key.window.size());
  if (result.document) bytes += result.document->size();
  if (result.block) bytes += result.block->text.size() + result.block->deflated.size();
  return bytes;
}

void require(const ResultPtr& result, const Key& key) {
  if (!result) throw std::invalid_argument("there is no result to store for collector '" + key.collector + "'");
}

}  // namespace

bool Results::keep(const Key& key, ResultPtr result) {
  require(result, key);
  const std::scoped_lock lock(mutex_);
  ResultPtr& place = kept_[key];
  if (place && place->taken > result->taken) return false;
  place.swap(result);  // the one before is freed after the lock, with the argument
  return true;
}

bool Results::put(const Key& key, ResultPtr result) {
  require(result, key);
  const std::size_t bytes = size_of(key, *result);
  if (bytes > limits_.bytes || limits_.entries == 0) return false;

  Entries dropped;  // freed after the lock
  const std::scoped_lock lock(mutex_);
  if (const auto found = index_.find(key); found != index_.end()) {
    if (found->second->result->taken > result->taken) return false;
    drop(found->second, dropped);
  }
  while (others_.size() >= limits_.entries || bytes_ + bytes > limits_.bytes) drop(std::prev(others_.end()), dropped);
  others_.push_front(Entry{key, std::move(result), bytes});
  index_[key] = others_.begin();
  bytes_ += bytes;
  return true;
}

ResultPtr Results::kept(const Key& key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(key);
  return found == kept_.end() ? nullptr : found->second;
}

ResultPtr Results::get(const Key& key) {
  const std::scoped_lock lock(mutex_);
  const auto kept = kept_.find(key);
  const auto other = index_.find(key);
  if (other == index_.end()) return kept == kept_.end() ? nullptr : kept->second;
  others_.splice(others_.begin(), others_, other->second);
  const ResultPtr& persons = other->second->result;
  return kept == kept_.end() || persons->taken > kept->second->taken ? persons : kept->second;
}

std::vector<ResultPtr> Results::kept() const {
  const std::scoped_lock lock(mutex_);
  std::vector<ResultPtr> results;
  results.reserve(kept_.size());
  for (const auto& [key, result] : kept_) results.push_back(result);
  return results;
}

std::size_t Results::forget(std::string_view collector) {
  Entries dropped;
  std::vector<ResultPtr> released;
  const std::scoped_lock lock(mutex_);
  for (auto entry = others_.begin(); entry != others_.end();) {
    const auto next = std::next(entry);
    if (entry->key.collector == collector) drop(entry, dropped);
    entry = next;
  }
  for (auto kept = kept_.begin(); kept != kept_.end();) {
    const bool gone = kept->first.collector == collector;
    if (gone) released.push_back(std::move(kept->second));
    kept = gone ? kept_.erase(kept) : std::next(kept);
  }
  return dropped.size() + released.size();
}

std::size_t Results::entries() const {
  const std::scoped_lock lock(mutex_);
  return others_.size();
}

std::size_t Results::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

void Results::drop(Entries::iterator entry, Entries& dropped) {
  index_.erase(entry->key);
  bytes_ -= entry->bytes;
  dropped.splice(dropped.begin(), others_, entry);
}

}  // namespace crm::store
