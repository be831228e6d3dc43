// Do the views let the indexes of their tables serve?

#include <algorithm>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "app/check/subjects.h"
#include "source/contract.h"
#include "source/view_shape.h"

namespace crm::app {
namespace {

constexpr std::size_t longest_expression = 120;

std::string shortened(const std::string& expression) {
  return expression.size() <= longest_expression ? expression : expression.substr(0, longest_expression) + " …";
}

bool has_instants(const source::View& view) {
  return std::any_of(view.columns.begin(), view.columns.end(),
                     [](const source::Column& column) { return column.kind == source::ColumnKind::instant; });
}

// Returns whether nothing was found.
bool check_shape(Checkup& checkup, const source::View& view) {
  const source::ViewShape shape = source::shape_of(*open_snapshot(checkup.house), view);
  // Views without instants are small: nobody filters them by time.
  const bool barrier = !shape.not_inlined.empty() && has_instants(view);
  if (barrier) {
    checkup.findings.warning(view.name, fmt::format("cannot be inlined: {}", shape.not_inlined),
                             {say("Every question reads it whole. Write it as a plain SELECT of columns; joins that do "
                                  "not multiply rows are fine.")});
  }
  for (const auto& wrapped : shape.wrapped) {
    Advice advice{
        say("No index of the table serves this. Pass the column through as it is: timestamp and timestamptz "
            "both do, and ids of any type.")};
    if (wrapped.column == "resolved_at") {
      advice.push_back(
          say("One expression is worth it: CASE WHEN status IN (…) THEN resolved_at END, where the CRM "
              "keeps the instant after a reopening."));
    }
    checkup.findings.warning(
        view.name, fmt::format("{} is an expression: {}", wrapped.column, shortened(wrapped.expression)), advice);
  }
  return !barrier && shape.wrapped.empty();
}

}  // namespace

void check_view_shapes(Checkup& checkup) {
  checkup.findings.heading("Shape of the views");
  std::size_t looked_at = 0;
  std::size_t well = 0;
  const auto catalog = open_snapshot(checkup.house)->shared_catalog();
  for (const source::View& view : source::contract()) {
    if (!catalog->has_view(view.name)) continue;
    ++looked_at;
    try {
      well += check_shape(checkup, view) ? 1 : 0;
    } catch (const ContractError& error) {
      if (checkup.broken.insert(std::string(view.name)).second) checkup.findings.error(view.name, error.what());
    }
  }
  if (well > 0) {
    checkup.findings.ok(well == looked_at ? "all views" : "the other views",
                        "pass times and ids through, and can be inlined");
  }
}

}  // namespace crm::app
