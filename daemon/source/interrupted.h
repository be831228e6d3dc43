#pragma once
// A statement_timeout that is not ours ended the beginning of a transaction: behind a pooler, one that another client
// left behind. It is begun anew.

#include <crm/sdk/errors.h>

namespace crm::source {

class Interrupted final : public SourceUnavailable {
 public:
  using SourceUnavailable::SourceUnavailable;
};
constexpr int most_interruptions = 10;

}  // namespace crm::source
