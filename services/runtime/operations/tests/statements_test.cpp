#include "runtime/testing/statements.h"

#include <gmock/gmock.h>

#include "runtime/events/all_statements.h"
#include "runtime/operations/all_statements.h"
#include "runtime/operations/tests/operations_fixture.h"
#include "runtime/timers/all_statements.h"

namespace holdfast::operations {
namespace {

using ::testing::IsEmpty;
using testing::not_understood;

// What only a background thread asks fails in a log line, where no test looks.
TEST(Statements, EveryOneOfTheRuntimeIsUnderstood) {
  EXPECT_THAT(not_understood(OperationsTest::components, events::statements::all), IsEmpty());
  EXPECT_THAT(not_understood(OperationsTest::components, timers::statements::all), IsEmpty());
  EXPECT_THAT(not_understood(OperationsTest::components, statements::all), IsEmpty());
}

}  // namespace
}  // namespace holdfast::operations
