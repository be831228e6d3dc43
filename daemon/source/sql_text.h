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

// Splits a statement at its parameters. Comments are dropped; ::casts and :: inside strings are no parameters. Within
// brackets, a colon directly behind an operand belongs to a slice (a[1:n]); a parameter there stands behind a blank or
// a bracket: a[1 : (:n)].
std::vector<Piece> split_parameters(std::string_view sql);

std::set<std::string> parameters_of(std::string_view sql);

// Names in lower case and punctuation, one word each, without comments. A parameter is ":", a string "'"; a quoted name
// is itself if it needs no quotes, else "\"".
std::vector<std::string> words_of(std::string_view sql);

// The statements of a script, without the comments and semicolons between them.
std::vector<std::string> statements_of(std::string_view script);

// Views of the contract that the statement reads, each with the columns that it takes (by alias or unaliased name).
// Not the contract's: a name with a schema before it (public.messages), a function, and a CTE of a view's name from
// where its definition ends. Where one alias stands for two views, a column is counted to each that has it.
using Reads = std::map<std::string, std::set<std::string>, std::less<>>;
Reads reads_of(std::string_view sql);

}  // namespace crm::source
