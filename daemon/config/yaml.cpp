#include "config/yaml.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "config/text.h"

namespace crm::config {
namespace {

// `<<: *defaults`: keys of the merged maps that the map does not have itself. False when what is merged is no map.
bool resolve_merge_key(Node& map) {
  const auto at =
      std::find_if(map.children.begin(), map.children.end(), [](const Node& node) { return node.key == "<<"; });
  if (at == map.children.end()) return true;
  const Node merged = std::move(*at);
  map.children.erase(at);
  const std::vector<Node> sources = merged.kind == Node::Kind::list ? merged.children : std::vector{merged};
  for (const Node& source : sources) {
    if (source.kind != Node::Kind::map) return false;
    for (const Node& child : source.children) {
      if (map.find(child.key) == nullptr) map.children.push_back(child);
    }
  }
  return true;
}

// Builds the tree from the parser's events rather than from YAML::Node, which forgets the lines of keys, keeps only one
// of two equal keys in sight and shares aliased nodes.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, std::vector<Problem>& problems) : file_(file), problems_(problems) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) fail(mark, "there is more after the end of the document; one YAML document a file");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) fail(mark, "a key is missing before ':'");
    add(leaf(mark, Node::Kind::null), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    if (wants_key()) {
      begin_key(mark, value);
      return;
    }
    Node node = leaf(mark, Node::Kind::scalar);
    node.text = value;
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) fail(mark, "a key must be plain text, not an alias");
    const auto at = anchors_.find(anchor);
    if (at == anchors_.end()) fail(mark, "an alias stands inside the value that it names");
    Node node = at->second;
    if (frames_.size() + depth_of(node) > max_depth) fail_depth(mark);
    count(mark.line + 1, size_of(node) - 1);
    node.place = {file_, mark.line + 1};
    add(std::move(node), YAML::NullAnchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(mark, tag, anchor, Node::Kind::list);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(mark, tag, anchor, Node::Kind::map);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapEnd() override { end(); }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::set<std::string, std::less<>> keys;
    std::optional<Node> pending;  // a map's key that waits for its value; key and place are set
    std::string path;
  };

  [[noreturn]] void fail(const YAML::Mark& mark, std::string message) const {
    throw Invalid({Problem{file_, mark.line + 1, path(), std::move(message)}});
  }
  [[noreturn]] void fail_depth(const YAML::Mark& mark) const {
    throw Invalid({Problem{file_, mark.line + 1, "", fmt::format("nested deeper than {} levels", max_depth)}});
  }

  std::string path() const {
    if (frames_.empty()) return "";
    const Frame& top = frames_.back();
    return top.pending ? join_key(top.path, printable(top.pending->key)) : top.path;
  }

  bool wants_key() const {
    return !frames_.empty() && frames_.back().node.kind == Node::Kind::map && !frames_.back().pending;
  }

  Node leaf(const YAML::Mark& mark, Node::Kind kind) const {
    Node node;
    node.kind = kind;
    node.place = {file_, mark.line + 1};
    return node;
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) const {
    static constexpr std::string_view core = "tag:yaml.org,2002:";
    if (tag.empty() || tag == "?" || tag == "!" || (tag.starts_with(core) && tag != "tag:yaml.org,2002:binary")) return;
    fail(mark, fmt::format("the tag {} means nothing here; remove it", shown(tag)));
  }

  void count(int line, std::size_t more) {
    nodes_ += more;
    if (nodes_ > max_nodes) {
      throw Invalid({Problem{file_, line, "", fmt::format("more than {} values, aliases included", max_nodes)}});
    }
  }

  void begin_key(const YAML::Mark& mark, const std::string& key) {
    Frame& top = frames_.back();
    Node pending = leaf(mark, Node::Kind::null);
    pending.key = key;
    if (!top.keys.insert(key).second) {
      const Node* first = top.node.find(key);
      const int line = first == nullptr ? mark.line + 1 : first->place.line;
      problems_.push_back({file_, mark.line + 1, join_key(top.path, printable(key)),
                           fmt::format("stands twice in one map; the first is in line {}", line)});
    }
    top.pending = std::move(pending);
  }

  void begin(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    check_tag(mark, tag);
    if (wants_key()) fail(mark, "a key must be plain text, not a list or a map");
    if (frames_.size() + 1 > max_depth) fail_depth(mark);
    Frame frame;
    frame.node = leaf(mark, kind);
    frame.anchor = anchor;
    frame.path = path();
    frames_.push_back(std::move(frame));
  }

  void end() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    if (frame.node.kind == Node::Kind::map && !resolve_merge_key(frame.node)) {
      problems_.push_back({file_, frame.node.place.line, join_key(frame.path, "<<"), "only maps can be merged"});
    }
    add(std::move(frame.node), frame.anchor);
  }

  void add(Node node, YAML::anchor_t anchor) {
    count(node.place.line, 1);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& top = frames_.back();
    if (top.pending) {
      node.key = std::move(top.pending->key);
      node.place = top.pending->place;
      top.pending.reset();
    }
    top.node.children.push_back(std::move(node));
  }

  std::string file_;
  std::vector<Problem>& problems_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Node> anchors_;
  Node root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

}  // namespace

Node parse_yaml(std::string_view text, const std::string& file, std::vector<Problem>& problems) {
  if (const auto bad = first_byte_that_is_no_text(text)) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*bad), '\n');
    problems.push_back(
        {file, static_cast<int>(line), "",
         fmt::format("byte 0x{:02x} does not belong into UTF-8 text", static_cast<unsigned char>(text[*bad]))});
    return {};
  }
  TreeBuilder tree(file, problems);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(tree)) {
    }
  } catch (const Invalid& invalid) {
    problems.insert(problems.end(), invalid.problems.begin(), invalid.problems.end());
  } catch (const YAML::Exception& error) {
    problems.push_back({file, error.mark.is_null() ? 0 : error.mark.line + 1, "", "not valid YAML: " + error.msg});
  }
  return tree.take();
}

std::string yaml_scalar(std::string_view text) {
  static constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-:@*";
  static const std::set<std::string_view> nulls{"null", "Null", "NULL"};
  const bool bare = !text.empty() && text.find_first_not_of(plain) == std::string_view::npos &&
                    text.find_first_of(":@*-+") != 0 && text.back() != ':' && !nulls.contains(text);
  return bare ? std::string(text) : '"' + escaped(text) + '"';
}

}  // namespace crm::config
