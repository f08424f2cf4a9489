#include "notifications/app/new_secret.h"

#include <openssl/rand.h>

#include <array>

#include "notifications/domain/webhook_signature.h"

namespace holdfast::notifications {
namespace {

constexpr size_t new_secret_bytes = 32;

}  // namespace

Result<NewSecret> new_secret(const events::UnitOfWork& work, const Webhooks& webhooks, const SubscriptionId& id) {
  std::array<unsigned char, new_secret_bytes> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return fail(Reason::internal, "no random numbers");
  const auto secret = TRY(WebhookSecret::from_bytes(bytes));
  auto text = secret.text();
  auto sealed = webhooks.keys.seal(text, {work.agency(), id.uuid, "webhook_secret"});
  return NewSecret{std::move(text), std::move(sealed)};
}

}  // namespace holdfast::notifications
