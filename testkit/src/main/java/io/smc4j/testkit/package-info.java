/** Tools for tests of programs that use smc4j, and of smc4j itself: a ledger of native resources, and JVMs to start and kill. */
@NullMarked
package io.smc4j.testkit;

import org.jspecify.annotations.NullMarked;
