#pragma once
// The body of one scrape: blocks that were rendered when their reports were taken, put one after the other.

#include <cstddef>
#include <string>
#include <vector>

#include "store/block.h"

namespace crm::metrics {

// Used by one thread, for one answer.
class Exposition {
 public:
  // A null block is left out.
  void add(store::BlockPtr block);

  // Text of this moment (the daemon's own metrics). It is deflated only if gzip() is asked for.
  void add(std::string text);

  // The concatenated text.
  std::string plain() const;

  // The same as one gzip stream. (Not one member a block: concatenated members break curl and browsers.)
  std::string gzip() const;

  std::string body(bool gzipped) const { return gzipped ? gzip() : plain(); }

 private:
  struct Part {
    store::BlockPtr block;  // either a block
    std::string text;       // or text
  };
  std::vector<Part> parts_;
};

}  // namespace crm::metrics
