#include <algorithm>
#include <initializer_list>
#include <utility>

#include "source/contract.h"
#include "source/sql_text.h"

namespace crm::source {
namespace {

bool one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_name(const std::string& word) {
  return (word[0] >= 'a' && word[0] <= 'z') || (word[0] >= 'A' && word[0] <= 'Z') || word[0] == '_';
}

// Ends a FROM clause.
bool ends_from(const std::string& word) {
  return one_of(word, {"select", "where", "group", "having", "order", "limit", "offset", "fetch", "for", "window",
                       "union", "except", "intersect", "returning", "values", "set", ";"});
}

// Cannot be the alias of what stands before it.
bool is_no_alias(const std::string& word) {
  return ends_from(word) || one_of(word, {"on", "using", "join", "left", "right", "inner", "full", "cross", "natural",
                                          "tablesample", "lateral"});
}

// Walks a statement's words, and at each level of parentheses knows whether a comma separates relations, and which
// names are CTEs.
class Walk {
 public:
  explicit Walk(const std::vector<std::string>& words) : words_(words) {}

  Reads reads() {
    for (at_ = 0; at_ < words_.size(); ++at_) step(words_[at_]);
    for (std::size_t i = 2; i < words_.size(); ++i) {
      if (words_[i - 1] == ".") take_column(words_[i - 2], words_[i]);
    }
    return std::move(reads_);
  }

 private:
  struct Level {
    bool in_from = false;
    bool in_with = false;
    std::string defines;  // the CTE whose body this level is
    std::set<std::string> ctes;
  };

  const std::string& word(std::size_t i) const {
    static const std::string none = ";";
    return i < words_.size() ? words_[i] : none;
  }

  void step(const std::string& here) {
    Level& level = levels_.back();
    const std::string& before = word(at_ == 0 ? words_.size() : at_ - 1);
    if (here == "(") {
      levels_.push_back({expect_, false, std::exchange(cte_body_, {}), {}});
    } else if (here == ")") {
      close();
    } else if (before == "." && is_name(here)) {
      expect_ = false;  // a column may be called as a keyword is
    } else if (here == "with" && one_of(before, {"(", ";"})) {
      // Elsewhere it is WITH ORDINALITY or a timestamp WITH TIME ZONE.
      level.in_with = expect_cte_ = true;
    } else if (expect_cte_ && here != "recursive") {
      begin_cte(here);
    } else if (here == "," || here == "join") {
      expect_ = level.in_from;
      expect_cte_ = level.in_with;
    } else if (here == "from" && before != "distinct") {
      level.in_from = expect_ = true;
    } else if (ends_from(here)) {
      level.in_from = level.in_with = expect_ = false;
    } else if (expect_ && !one_of(here, {"lateral", "only"})) {
      expect_ = false;
      if (is_name(here)) relation(here);
    }
  }

  void close() {
    expect_ = false;
    const std::string defined = levels_.back().defines;
    if (levels_.size() > 1) levels_.pop_back();
    if (!defined.empty()) levels_.back().ctes.insert(defined);
  }

  // name [(columns)] AS [[NOT] MATERIALIZED] (
  void begin_cte(const std::string& name) {
    expect_cte_ = false;
    if (word(at_ + 1) == "(") {
      while (at_ + 1 < words_.size() && words_[at_] != ")") ++at_;
    }
    while (at_ + 1 < words_.size() && words_[at_ + 1] != "(") ++at_;
    cte_body_ = name;
  }

  void relation(const std::string& name) {
    const std::string& next = word(at_ + 1);
    if (next == ".") {
      at_ += 2;
      return;
    }
    const bool is_cte =
        std::any_of(levels_.begin(), levels_.end(), [&](const Level& level) { return level.ctes.contains(name); });
    if (is_cte || next == "(" || contract_view(name) == nullptr) return;
    reads_[name];
    const std::string& alias = word(next == "as" ? at_ + 2 : at_ + 1);
    views_by_alias_[is_name(alias) && !is_no_alias(alias) ? alias : name].insert(name);
  }

  void take_column(const std::string& alias, const std::string& name) {
    const auto views = views_by_alias_.find(alias);
    if (views == views_by_alias_.end()) return;
    for (const std::string& view : views->second) {
      for (const Column& column : contract_view(view)->columns) {
        if (column.name == name) reads_[view].insert(name);
      }
    }
  }

  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  std::vector<Level> levels_{1};
  bool expect_ = false;      // the next name is a relation
  bool expect_cte_ = false;  // the next name is a CTE's
  std::string cte_body_;     // the next parenthesis opens this CTE's body
  Reads reads_;
  std::map<std::string, std::set<std::string>> views_by_alias_;
};

}  // namespace

Reads reads_of(std::string_view sql) {
  const std::vector<std::string> words = words_of(sql);
  return Walk(words).reads();
}

}  // namespace crm::source
