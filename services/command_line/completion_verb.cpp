#include <map>
#include <ostream>
#include <set>
#include <sstream>

#include "command_line/names.h"
#include "command_line/session.h"
#include "command_line/special_verbs.h"

namespace holdfast::command_line {
namespace {

constexpr auto script_head = R"(_holdfast() {
  local path=holdfast word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      -*) ;;
      *) [[ -n "${_holdfast_words[$path $word]+known}" ]] && path="$path $word" ;;
    esac
  done
  mapfile -t COMPREPLY < <(compgen -W "${_holdfast_words[$path]}" -- "${COMP_WORDS[COMP_CWORD]}")
}
declare -gA _holdfast_words=(
)";
constexpr auto script_end = ")\ncomplete -o default -F _holdfast holdfast\n";

// zsh runs scripts for bash's completion, but has its own words for some of what they use.
constexpr auto zsh_script = R"(_holdfast() {
  local path_of_verb=holdfast word
  for word in "${(@)words[2,CURRENT-1]}"; do
    [[ "$word" != -* && -n "${_holdfast_words[$path_of_verb $word]+known}" ]] && path_of_verb="$path_of_verb $word"
  done
  compadd -- ${=_holdfast_words[$path_of_verb]}
}
typeset -gA _holdfast_words
_holdfast_words=(
)";
constexpr auto zsh_end = ")\ncompdef _holdfast holdfast\n";

// What may follow each path of verbs: the next words, or the verb's flags. A path begins with the
// program itself: bash knows no empty key.
std::map<std::string, std::set<std::string>> words_by_path() {
  std::map<std::string, std::set<std::string>> words;
  for (const auto& verb : verbs()) {
    std::string path = "holdfast";
    for (const auto& word : split(verb.path)) {
      words[path].insert(word);
      path += " " + word;
    }
    for (const auto& flag : verb.flags) {
      if (!flag.by_place) words[path].insert("--" + flag.name);
    }
    for (const auto* flag : general_flags) words[path].insert("--" + std::string(flag));
  }
  return words;
}

std::string script(bool zsh) {
  std::ostringstream text;
  text << (zsh ? zsh_script : script_head);
  for (const auto& [path, words] : words_by_path()) {
    text << (zsh ? "  \"" : "  [\"") << path << (zsh ? "\" \"" : "\"]=\"");
    for (const auto& word : words) text << (word == *words.begin() ? "" : " ") << word;
    text << "\"\n";
  }
  text << (zsh ? zsh_end : script_end);
  return text.str();
}

}  // namespace

Verb completion_verb() {
  return {
      .path = "completion",
      .summary = "Prints a completion script: source <(tools/holdfast completion bash)",
      .flags = {{.name = "shell", .help = "bash or zsh", .by_place = true, .required = true, .words = {"bash", "zsh"}}},
      .run = [](Session& session, const Values& values) {
        session.out() << script(values.at("shell").front() == "zsh");
        return Exit::done;
      }};
}

}  // namespace holdfast::command_line
