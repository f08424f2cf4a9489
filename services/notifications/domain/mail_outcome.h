#pragma once

#include <string>

namespace holdfast::notifications {

// What one attempt to hand a message to a mail server came to.
struct MailOutcome {
  enum class Kind {
    sent,       // the server took responsibility
    try_again,  // busy, unreachable, misconfigured on our side: the same message may pass later
    refused     // this message to this person will never pass: 5xx to sender, recipient or content, or malformed
  };
  Kind kind = Kind::try_again;
  int status = 0;      // the server's last reply code, 0 when there was none
  std::string detail;  // the server's last line, or why there was none
};

}  // namespace holdfast::notifications
