#pragma once
// What a statement's text says, scanned once: an answer asks forty statements whose texts are always the same.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "source/sql_text.h"

namespace crm::source {

struct Scanned {
  explicit Scanned(std::string_view sql);

  std::vector<Piece> pieces;
  Reads reads;
  bool queries = false;  // it begins with SELECT or WITH
  bool scoped = false;   // it uses :agents
};

// Thread-safe. Holds as many texts as a house has, and begins anew should somebody make them up.
class ScannedTexts {
 public:
  std::shared_ptr<const Scanned> of(const std::string& sql);

 private:
  static constexpr std::size_t most = 1'000;

  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Scanned>> texts_;
};

}  // namespace crm::source
