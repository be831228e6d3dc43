#pragma once
// The answer to a statement: columns by name, cells as text or NULL, read as the type that the caller wants.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/instant.h>

namespace crm {

class Rows;

// One row; a view into Rows, valid as long as they are. Accessors throw BadValue on NULL or on text that is not of the
// type (NaN and infinities included: they are no numbers here), UsageError on a column that the statement lacks.
class Row {
 public:
  Row(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}

  bool is_null(std::string_view column) const;
  std::string_view text(std::string_view column) const;
  std::int64_t integer(std::string_view column) const;
  double real(std::string_view column) const;
  bool boolean(std::string_view column) const;
  Instant instant(std::string_view column) const;

  // NULL becomes nothing or the given text.
  std::optional<Instant> maybe_instant(std::string_view column) const;
  std::string_view text_or(std::string_view column, std::string_view otherwise) const;

 private:
  const std::optional<std::string>& cell(std::string_view column) const;
  std::string_view required(std::string_view column) const;

  const Rows* rows_;
  std::size_t index_;
};

class Rows {
 public:
  using Cells = std::vector<std::optional<std::string>>;

  Rows() = default;
  Rows(std::vector<std::string> columns, std::vector<Cells> cells);

  // What a statement over a view that this CRM does not have answers: no rows, and absent() is true.
  static Rows of_absent_view(std::string view);

  std::size_t size() const { return cells_.size(); }
  bool empty() const { return cells_.empty(); }
  Row operator[](std::size_t index) const { return Row(*this, index); }
  const std::vector<std::string>& columns() const { return columns_; }

  bool absent() const { return !absent_view_.empty(); }
  const std::string& absent_view() const { return absent_view_; }

  // Calls `use` for every row. A row in which it meets a BadValue is skipped and counted with the run.
  // Returns how many were skipped.
  std::size_t each(const std::function<void(const Row&)>& use) const;

  // Set by the host: told the reason for every skipped row.
  void on_skip(std::function<void(std::string_view reason)> report) { on_skip_ = std::move(report); }

 private:
  friend class Row;
  std::vector<std::string> columns_;
  std::vector<Cells> cells_;
  std::string absent_view_;
  std::function<void(std::string_view)> on_skip_;
};

}  // namespace crm
