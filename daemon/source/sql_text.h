#pragma once
// Reading SQL as text: its parameters, the views it names and the columns it takes from them. No parser: a scanner that
// knows what is not SQL (comments, strings, quoted names, casts), which is enough for statements written in the house's
// style.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crm::source {

// A piece of a statement: text to copy, or the name of a parameter written :name.
struct Piece {
  std::string text;
  bool parameter = false;
};

// Splits a statement at its parameters. Comments are dropped; ::casts and :: inside strings are no parameters.
std::vector<Piece> split_parameters(std::string_view sql);

std::set<std::string> parameters_of(std::string_view sql);

// Views of the contract that the statement reads, each with the columns that it takes (by alias or unaliased name).
using Reads = std::map<std::string, std::set<std::string>, std::less<>>;
Reads reads_of(std::string_view sql);

}  // namespace crm::source
