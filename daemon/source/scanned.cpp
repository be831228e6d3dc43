#include "source/scanned.h"

#include <algorithm>

namespace crm::source {

Scanned::Scanned(std::string_view sql) : pieces(split_parameters(sql)), reads(reads_of(sql)) {
  const auto words = words_of(sql);
  queries = !words.empty() && (words.front() == "select" || words.front() == "with");
  scoped = std::any_of(pieces.begin(), pieces.end(),
                       [](const Piece& piece) { return piece.parameter && piece.text == "agents"; });
}

std::shared_ptr<const Scanned> ScannedTexts::of(const std::string& sql) {
  const std::lock_guard lock(mutex_);
  const auto known = texts_.find(sql);
  if (known != texts_.end()) return known->second;
  if (texts_.size() >= most) texts_.clear();
  return texts_.emplace(sql, std::make_shared<const Scanned>(sql)).first->second;
}

}  // namespace crm::source
