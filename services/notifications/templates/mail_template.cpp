#include "notifications/templates/mail_template.h"

#include <ctemplate/template.h>
#include <ctemplate/template_dictionary_interface.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "notifications/templates/mail_files.h"
#include "runtime/core/utf8.h"

namespace holdfast::notifications {
namespace {

using ctemplate::Template;
using ctemplate::TemplateString;

constexpr std::string_view content_mark = "<!-- content -->\n";
constexpr std::string_view subject_mark = "Subject: ";

std::string_view view(const TemplateString& text) { return {text.data(), text.size()}; }

// Answers ctemplate's questions from a model. ctemplate's own dictionary answers with nothing for what it does not
// know; this one remembers the question.
class ModelDictionary final : public ctemplate::TemplateDictionaryInterface {
 public:
  explicit ModelDictionary(const MailModel& model) : model_(model) {}

  const std::string& first_missing() const { return first_missing_; }

 private:
  TemplateString GetValue(const TemplateString& variable) const override {
    const auto* text = model_.text(view(variable));
    if (text == nullptr) remember(variable);
    return text != nullptr ? TemplateString(text->data(), text->size()) : TemplateString("", 0);
  }
  bool IsHiddenSection(const TemplateString& section) const override {
    const auto shown = model_.shown(view(section));
    if (!shown) remember(section);
    return !shown.value_or(false);
  }
  bool IsUnhiddenSection(const TemplateString& section) const override { return !IsHiddenSection(section); }

  // A section of ours is shown once or not at all; templates do not include each other.
  struct Nothing final : Iterator {
    bool HasNext() const override { return false; }
    const TemplateDictionaryInterface& Next() override { std::abort(); }
  };
  Iterator* CreateSectionIterator(const TemplateString&) const override { return new Nothing; }
  Iterator* CreateTemplateIterator(const TemplateString&) const override { return new Nothing; }
  bool IsHiddenTemplate(const TemplateString&) const override { return true; }
  const char* GetIncludeTemplateName(const TemplateString&, int) const override { return ""; }
  void DumpToString(std::string*, int) const override {}

  void remember(const TemplateString& name) const {
    if (first_missing_.empty()) first_missing_ = view(name);
  }

  const MailModel& model_;
  mutable std::string first_missing_;
};

struct Parsed {
  std::unique_ptr<Template> subject;
  std::unique_ptr<Template> text;
  std::unique_ptr<Template> html;
};

std::string_view file(std::string_view name) {
  const auto found = std::ranges::find(mail_files::files, name, [](const auto& pair) { return pair.first; });
  if (found == mail_files::files.end()) std::abort();  // a template without its file: the build is wrong
  return found->second;
}

std::unique_ptr<Template> parse(const std::string& content) {
  std::unique_ptr<Template> parsed(Template::StringToTemplate(content, ctemplate::DO_NOT_STRIP));
  if (!parsed) std::abort();  // the text was built in; the tests parse every one
  return parsed;
}

std::string in_layout(std::string_view layout_name, std::string_view content) {
  std::string layout(file(layout_name));
  const auto mark = layout.find(content_mark);
  if (mark == layout.npos) std::abort();
  return layout.replace(mark, content_mark.size(), content);
}

// The first line of the text is the subject; a blank line parts them.
Parsed parse_files(std::string_view name) {
  const auto text = file(fmt::format("{}.txt", name));
  const auto line_end = text.find("\n\n");
  if (!text.starts_with(subject_mark) || line_end == text.npos) std::abort();
  return {parse(std::string(text.substr(subject_mark.size(), line_end - subject_mark.size()))),
          parse(in_layout("layout.txt", text.substr(line_end + 2))),
          parse(in_layout("layout.html", file(fmt::format("{}.html", name))))};
}

const Parsed& parsed(MailTemplate which) {
  static const auto all = [] {
    std::vector<Parsed> templates;
    for (const auto name : enum_names<MailTemplate>) templates.push_back(parse_files(name));
    return templates;
  }();
  return all.at(static_cast<size_t>(which));
}

Result<std::string> expand(Template& from, MailTemplate which, const MailModel& model) {
  const ModelDictionary dictionary(model);
  std::string text;
  const bool expanded = from.ExpandWithData(&text, &dictionary, nullptr);
  if (!dictionary.first_missing().empty()) {
    return fail(Reason::field_required, dictionary.first_missing(),
                fmt::format("the mail {} needs it", to_string(which)));
  }
  if (!expanded) return fail(Reason::internal, fmt::format("the mail {} cannot be rendered", to_string(which)));
  return text;
}

// A value may hold line breaks, which a header may not.
std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  if (text.size() <= max_rendered_subject_bytes) return text;
  constexpr std::string_view ellipsis = "…";
  return std::string(whole_characters(text, max_rendered_subject_bytes - ellipsis.size())).append(ellipsis);
}

}  // namespace

Result<RenderedMail> render(MailTemplate which, const MailModel& model) {
  const Parsed& templates = parsed(which);
  RenderedMail mail;
  mail.subject = one_line(TRY(expand(*templates.subject, which, model)));
  mail.text = TRY(expand(*templates.text, which, model));
  mail.html = TRY(expand(*templates.html, which, model));
  return mail;
}

}  // namespace holdfast::notifications
