/** Tools for tests of programs that use smc4j, and of smc4j itself. They live in the packages below. */
@NullMarked
package io.smc4j.testkit;

import org.jspecify.annotations.NullMarked;
