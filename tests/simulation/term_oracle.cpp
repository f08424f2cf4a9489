#include "term_oracle.h"

#include <algorithm>

namespace holdfast::simulation::oracle {
namespace {

constexpr Second hour = 3600, day = 24 * hour;
constexpr Day shortest_reminded = 90;

struct Civil {
  std::int64_t year;
  int month, day;  // from 1
};

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in(std::int64_t year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

Day first_of_year(std::int64_t year) {
  const auto past = year - 1;
  return 365 * (year - 1970) + past / 4 - past / 100 + past / 400 - 477;  // leap days before 1970
}

Civil civil_of(Day date) {
  Civil civil{1970 + date / 366, 1, 1};
  while (first_of_year(civil.year + 1) <= date) ++civil.year;
  date -= first_of_year(civil.year);
  for (; date >= days_in(civil.year, civil.month); ++civil.month) date -= days_in(civil.year, civil.month);
  civil.day += static_cast<int>(date);
  return civil;
}

Day day_of(const Civil& civil) {
  Day date = first_of_year(civil.year);
  for (int month = 1; month < civil.month; ++month) date += days_in(civil.year, month);
  return date + civil.day - 1;
}

// The same day of the month, or the last that there is (R27).
Day months_later(Day from, int months) {
  auto civil = civil_of(from);
  const auto month = civil.year * 12 + civil.month - 1 + months;
  civil.year = month / 12;
  civil.month = static_cast<int>(month % 12) + 1;
  civil.day = std::min(civil.day, days_in(civil.year, civil.month));
  return day_of(civil);
}

Day nth_sunday(std::int64_t year, int month, int number) {
  const auto first = day_of({year, month, 1});
  return first + (10 - first % 7) % 7 + 7 * (number - 1);  // 1970-01-01 was a Thursday
}

// From the second Sunday of March, 2:00, to the first of November, 2:00. Nothing falls due in between those hours.
Second instant_of(const Zone& zone, Day date, Second time_of_day) {
  const auto year = civil_of(date).year;
  const auto local = date * day + time_of_day;
  const auto begin = nth_sunday(year, 3, 2) * day + 2 * hour, end = nth_sunday(year, 11, 1) * day + 2 * hour;
  const bool is_summer = zone.daylight_time && local >= begin && local < end;
  return local - (zone.hours + (is_summer ? 1 : 0)) * hour;
}

// Term by term, as if nobody had looked before the end.
class Life {
 public:
  Life(const Paper& paper, const std::vector<Decision>& decisions, Second until)
      : paper_(paper), decisions_(decisions), until_(until) {}

  std::vector<Duty> all() {
    add("contractActivated", end_of(0), 0, at(paper_.start), nullptr);
    for (int term = 0; !over_ && at(begin_of(term)) <= until_; ++term) live(term);
    return std::move(duties_);
  }

 private:
  Second at(Day date, Second time_of_day = 0) const { return instant_of(zones[paper_.zone], date, time_of_day); }
  Day end_of(int term) const { return months_later(paper_.start, paper_.months + term * paper_.step_months) - 1; }
  Day begin_of(int term) const { return term == 0 ? paper_.start : end_of(term - 1) + 1; }
  Day deadline_of(int term) const {
    return paper_.notice_in_months ? months_later(end_of(term), -paper_.notice) : end_of(term) - paper_.notice;
  }

  void add(const char* kind, Day term_end, int lead, Second when, const Decision* decided) {
    if (decided && decided->at_us < when * 1'000'000) {
      if (decided->known_at_us >= when * 1'000'000) duties_.push_back({{kind, term_end, lead, when}, true});
      return;
    }
    duties_.push_back({{kind, term_end, lead, when}, false});
  }

  void live(int term) {
    const auto begin = begin_of(term), end = end_of(term), deadline = deadline_of(term);
    const bool is_short = end - begin + 1 < shortest_reminded;
    const auto decided = std::ranges::find(decisions_, term, &Decision::term);
    const auto* decision = decided == decisions_.end() ? nullptr : &*decided;
    if (!is_short) missed_in_stretch_ = false;
    if (!leaves_with_) {
      if (!is_short) remind(begin, end, deadline, decision);
      if (!is_short || !missed_in_stretch_) miss(std::max(begin, deadline + 1), end, is_short, decision);
    }
    // A decision to stay may be followed by notice, within the same term.
    for (const auto& one : decisions_) {
      if (one.term == term && one.leaves) leaves_with_ = term_stopped(term, one);
    }
    end_term(term, end);
  }

  void remind(Day begin, Day end, Day deadline, const Decision* decision) {
    for (const int lead : {180, 120, 90, 60, 30, 14, 7, 3, 1, 0}) {
      if (deadline - lead < begin || (lead == 180 && !paper_.key_account)) continue;
      add("contractExpiring", end, lead, at(deadline - lead, 9 * hour), decision);
    }
  }

  void miss(Day date, Day end, bool is_short, const Decision* decision) {
    add("noticeDeadlineMissed", end, 0, at(date), decision);
    if (is_short && !(decision && decision->at_us < at(date) * 1'000'000)) missed_in_stretch_ = true;
  }

  // The first term, from this one on, for which the notice was in time.
  int term_stopped(int term, const Decision& notice) const {
    if (paper_.at_end == Paper::AtEnd::disconnect) return term;
    while (at(deadline_of(term) + 1) * 1'000'000 <= notice.at_us) ++term;
    return term;
  }

  void end_term(int term, Day end) {
    const auto when = at(end + 1);
    over_ = leaves_with_ == term || paper_.at_end == Paper::AtEnd::disconnect;
    const char* kind = leaves_with_ == term                        ? "contractTerminated"
                       : paper_.at_end == Paper::AtEnd::disconnect ? "contractExpired"
                       : paper_.at_end == Paper::AtEnd::roll       ? "contractRolled"
                                                                   : "contractAutoRenewed";
    add(kind, end, 0, when, nullptr);
  }

  const Paper& paper_;
  const std::vector<Decision>& decisions_;
  const Second until_;
  std::vector<Duty> duties_;
  std::optional<int> leaves_with_;
  bool missed_in_stretch_ = false, over_ = false;
};

}  // namespace

std::vector<Duty> duties_of(const Paper& paper, const std::vector<Decision>& decisions, Second from, Second until) {
  auto all = Life(paper, decisions, until).all();
  std::erase_if(all, [&](const Duty& duty) { return duty.saying.at <= from || duty.saying.at > until; });
  return all;
}

}  // namespace holdfast::simulation::oracle
